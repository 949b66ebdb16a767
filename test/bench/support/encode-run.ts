/** Encodes an original so many times, as a run would, and prints the peak of this process's memory in MB. Arguments: number, file. */
import { readFileSync } from 'node:fs'
import pLimit from 'p-limit'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { outputsOf } from '../../../src/core/recipes.ts'
import { encodeOutputs } from '../../../src/effects/encode.ts'
import { createSchedule, encodeSlots } from '../../../src/effects/schedule.ts'
import { catalog } from '../../../src/providers/catalog.ts'
import { SIZE } from './photograph.ts'

// Widths as they ship; the cheapest formats and effort, for a thousand originals should not take an hour.
const MANIFEST = `version: 1
images: { one: { prompt: x, aspect: "3:2", outputs: { formats: [avif, jpeg], effort: { avif: 0 } } } }
`

const recipe = readManifest({ file: 'pixelkiln.yaml', text: MANIFEST }, catalog).manifest?.images[0]?.recipe
if (!recipe) throw new Error('the manifest of the bench is wrong')
const [originals, file = ''] = process.argv.slice(2)
const schedule = createSchedule(encodeSlots())
const images = pLimit(encodeSlots() + 1)
await Promise.all(
  Array.from({ length: Number(originals) }, async () =>
    images(async () =>
      encodeOutputs({
        original: readFileSync(file),
        recipe,
        outputs: outputsOf(recipe, { ...SIZE, alpha: false }),
        schedule,
        xmp: null,
        onOutput: async () => undefined,
        onTooLarge: () => undefined,
      }),
    ),
  ),
)
process.stdout.write(String(process.resourceUsage().maxRSS / 1024))
