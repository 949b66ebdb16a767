import { expect, it } from 'vitest'
import { FIRST_MANIFEST } from '../../../src/core/manifest/first-manifest.ts'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { catalog } from '../../../src/providers/catalog.ts'

it('the manifest that init writes has nothing to complain of', () => {
  const reading = readManifest({ file: 'pixelkiln.yaml', text: FIRST_MANIFEST }, catalog)
  expect(reading).toMatchObject({ problems: [], unsupported: [], notes: [] })
  expect(reading.manifest?.images.map(({ id }) => id)).toEqual([
    'home/hero',
    'shop/mug-teal',
    'shop/mug-white',
  ])
})
