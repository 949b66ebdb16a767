/** Encodes one original so many times, as a run would, and prints the peak of this process's memory in MB. */
import pLimit from 'p-limit'
import { readManifest } from '../../../src/core/manifest/read-manifest.ts'
import { outputsOf } from '../../../src/core/recipes.ts'
import { encodeOutputs } from '../../../src/effects/encode.ts'
import { createSchedule, encodeSlots } from '../../../src/effects/schedule.ts'
import { catalog } from '../../../src/providers/catalog.ts'
import { SIZE, photograph } from './photograph.ts'

// Widths as they ship; the cheapest formats and effort, for a thousand originals should not take an hour.
const MANIFEST = `version: 1
images: { one: { prompt: x, aspect: "3:2", outputs: { formats: [avif, jpeg], effort: { avif: 0 } } } }
`

const recipe = readManifest({ file: 'pixelkiln.yaml', text: MANIFEST }, catalog).manifest?.images[0]?.recipe
if (!recipe) throw new Error('the manifest of the bench is wrong')
const original = await photograph(1)
const schedule = createSchedule(encodeSlots())
const images = pLimit(encodeSlots() + 1)
await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, async () =>
    images(async () =>
      encodeOutputs({
        // Each has bytes of its own, as read from the store.
        original: Uint8Array.from(original),
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
