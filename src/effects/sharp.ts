import { createRequire } from 'node:module'
import type sharpModule from 'sharp'
import type { SharpOptions } from 'sharp'

// As CommonJS: as modules its files take twice the time and half again the CPU.
const sharp: typeof sharpModule = createRequire(import.meta.url)('sharp')

// One thread per picture and no operation cache: AVIF bytes depend on libvips' thread count, and the cache returns
// old pixels for a path whose file changed. Parallel pictures fill the cores instead.
sharp.concurrency(1)
sharp.cache(false)

/**
 * How bytes from outside are decoded: a 31 kB PNG can unfold to 256 megapixels under sharp's own limit, and a
 * damaged or truncated picture is an error. Mere warnings (an odd colour profile) do not lose a paid picture.
 */
export const DECODE_OPTIONS: SharpOptions = { limitInputPixels: 50e6, failOn: 'error' }

/** sharp, set up once for the whole process; the only file that imports it. */
export { sharp }
