/** Where a project's config may stand, first match wins. No `.ts`: Node 20 cannot load it. */
export const CONFIG_PLACES: readonly string[] = [
  'package.json',
  '.pixelkilnrc',
  '.pixelkilnrc.json',
  '.pixelkilnrc.yaml',
  '.pixelkilnrc.yml',
  '.pixelkilnrc.js',
  '.pixelkilnrc.mjs',
  'pixelkiln.config.js',
  'pixelkiln.config.mjs',
  'pixelkiln.config.json',
]
