import { withPixelkiln } from 'pixelkiln/next'

// Sketches, so that this site builds without a key. Leave `draft` out of a site that buys its pictures.
export default withPixelkiln({ output: 'export' }, { draft: true })
