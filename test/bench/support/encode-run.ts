/** Encodes an original so many times, as a run would, and prints the peak of memory in MB, its own and that of the process it may encode in. Arguments: number, file. */
import { readFileSync } from 'node:fs'
import pLimit from 'p-limit'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { outputsOf } from '../../../src/core/recipes.ts'
import { sha256Of } from '../../../src/effects/files.ts'
import { openEncoder } from '../../../src/effects/open-encoder.ts'
import { catalog } from '../../../src/providers/catalog.ts'
import { childProcesses, ownPeakMb } from './child-processes.ts'
import { SIZE } from './photograph.ts'

// Widths as they ship; the cheapest formats and effort, for a thousand originals should not take an hour.
const MANIFEST = `version: 1
images: { one: { prompt: x, aspect: "3:2", outputs: { formats: [avif, jpeg], effort: { avif: 0 } } } }
`

const recipe = readManifest({ file: 'pixelkiln.yaml', text: MANIFEST }, catalog).manifest?.images[0]?.recipe
if (!recipe) throw new Error('the manifest of the bench is wrong')
const [count, path = ''] = process.argv.slice(2)
const original = { path, sha256: sha256Of(readFileSync(path)) }
const encoder = openEncoder(Number(count))
const images = pLimit(encoder.slots + 1)
let peakMb = 0
const watch = setInterval(() => {
  const own = ownPeakMb()
  peakMb = Math.max(peakMb, own, ...childProcesses().map((child) => own + child.peakMb))
}, 100)
await Promise.all(
  Array.from({ length: Number(count) }, async () =>
    images(async () =>
      encoder.encode({
        original,
        recipe,
        outputs: outputsOf(recipe, { ...SIZE, alpha: false }),
        xmp: null,
        onOutput: async () => undefined,
        onTooLarge: () => undefined,
      }),
    ),
  ),
)
clearInterval(watch)
encoder.close()
process.stdout.write(String(peakMb))
