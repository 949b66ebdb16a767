import { pixelkiln } from 'pixelkiln/eleventy'

/** @param {import('@11ty/eleventy/UserConfig').default} config */
export default function (config) {
  // Sketches, so that this site builds without a key. Leave `draft` out of a site that buys its pictures.
  config.addPlugin(pixelkiln, { draft: true })
  config.addPassthroughCopy('style.css')
}
