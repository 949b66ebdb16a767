import { defineConfig } from 'astro/config'
import { pixelkiln } from 'pixelkiln/astro'

export default defineConfig({
  // Sketches, so that this site builds without a key. Leave `draft` out of a site that buys its pictures.
  integrations: [pixelkiln({ draft: true })],
})
