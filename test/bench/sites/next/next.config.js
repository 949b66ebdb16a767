// A static export has no optimizer, so this one is served by "next start", at the widths of the others.
export default {
  images: { formats: ['image/avif', 'image/webp'], deviceSizes: [480, 1200, 1536], imageSizes: [] },
}
