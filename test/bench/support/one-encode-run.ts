/** Makes the files of one image and nothing else, and prints what that took in ms. Arguments: its original, a manifest of it alone. */
import { readFileSync } from 'node:fs'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { outputsOf } from '../../../src/core/recipes.ts'
import { catalog } from '../../../src/providers/catalog.ts'

const [path = '', text = ''] = process.argv.slice(2)
const { manifest } = readManifest({ file: 'pixelkiln.yaml', text }, catalog)
const recipe = manifest?.images[0]?.recipe
if (!recipe) throw new Error('the manifest of the bench is wrong')
const original = readFileSync(path)
const size = { width: original.readUInt32BE(16), height: original.readUInt32BE(20), alpha: false }
const began = performance.now()
// With what has to be loaded for it.
const { encodeOutputs } = await import('../../../src/effects/encode.ts')
const { createSchedule, encodeSlots } = await import('../../../src/effects/schedule.ts')
const { usableCores } = await import('../../../src/effects/cores.ts')
await encodeOutputs({
  original,
  recipe,
  outputs: outputsOf(recipe, size),
  schedule: createSchedule(encodeSlots(), usableCores()),
  xmp: null,
  onOutput: async () => undefined,
  onTooLarge: () => undefined,
})
process.stdout.write(String(performance.now() - began))
