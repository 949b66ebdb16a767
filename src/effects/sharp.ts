import sharp from 'sharp'

// One thread per picture and no operation cache: AVIF bytes depend on libvips' thread count, and the cache returns
// old pixels for a path whose file changed. Parallel pictures fill the cores instead.
sharp.concurrency(1)
sharp.cache(false)

/** sharp, set up once for the whole process; the only file that imports it. */
export { sharp }
