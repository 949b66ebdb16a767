import { pixelkiln } from 'pixelkiln/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // Sketches, so that this site builds without a key. Leave `draft` out of a site that buys its pictures.
  plugins: [pixelkiln({ draft: true })],
})
