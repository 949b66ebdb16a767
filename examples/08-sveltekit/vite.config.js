import adapter from '@sveltejs/adapter-static'
import { enhancedImages } from '@sveltejs/enhanced-img'
import { sveltekit } from '@sveltejs/kit/vite'
import { pixelkiln } from 'pixelkiln/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // Sketches, so that this site builds without a key. Leave `draft` out of a site that buys its pictures.
  plugins: [enhancedImages(), pixelkiln({ draft: true }), sveltekit({ adapter: adapter() })],
})
