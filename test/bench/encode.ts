/**
 * How near encoding comes to the machine's limit: the wall time of 1, 5 and 24 originals × 3 widths × 3 formats
 * against its bound, the CPU time used ÷ cores. Prints a table; `--rounds N` (3) and `--sets 1,5,24`.
 *
 * Other programs on the machine make any wall time longer, so what they used of the cores meanwhile is read from
 * `/proc/stat` (Linux) and the second ratio takes it out of what was ours to use.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pLimit from 'p-limit'
import type { Recipe } from '../../src/core/image.ts'
import { outputsOf } from '../../src/core/recipes.ts'
import { usableCores } from '../../src/effects/cores.ts'
import { encodeOutputs } from '../../src/effects/encode.ts'
import { createSchedule, encodeSlots } from '../../src/effects/schedule.ts'
import { sharp } from '../../src/effects/sharp.ts'

const SIZE = { width: 1536, height: 1024 }

const RECIPE: Recipe = {
  aspect: { width: 3, height: 2 },
  fit: 'cover',
  focus: 'attention',
  content: 'photo',
  formats: ['avif', 'webp', 'jpeg'],
  widths: [480, 960, 1536],
  quality: { avif: 58, webp: 80, jpeg: 78, png: 100 },
  effort: { avif: 3, webp: 4, jpeg: 0, png: 7 },
  filename: '{id}-{width}.{format}',
}

interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
  readonly othersMs: number
  readonly stallMs: number
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, sets: { type: 'string', default: '1,5,24' } },
})
const sets = values.sets.split(',').map(Number)
const cores = usableCores()
const slots = encodeSlots()
const pictures: Uint8Array[] = []
for (let seed = 1; seed <= Math.max(...sets); seed += 1) pictures.push(await photograph(seed))
await encodeAll(pictures.slice(0, 1))

const rows = []
for (const count of sets) {
  const samples: Sample[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    samples.push(await measure(async () => encodeAll(pictures.slice(0, count))))
  }
  const quiet = samples.toSorted((a, b) => a.othersMs / a.wallMs - b.othersMs / b.wallMs)[0]
  if (!quiet) continue
  const { wallMs, cpuMs, othersMs, stallMs } = quiet
  rows.push({
    originals: count,
    'wall ms': Math.round(wallMs),
    'cpu ms': Math.round(cpuMs),
    'others ms': Math.round(othersMs),
    'wall ÷ bound': ((wallMs * cores) / cpuMs).toFixed(3),
    'others taken out': ((wallMs * cores - othersMs) / cpuMs).toFixed(3),
    'all rounds': samples
      .map((one) => ((one.wallMs * cores - one.othersMs) / one.cpuMs).toFixed(3))
      .join(' '),
    'longest stall ms': Math.round(stallMs),
  })
}
process.stdout.write(`${cores} cores, ${slots} slots, the quietest of ${values.rounds} rounds\n`)
for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)

/** As a run does it: one schedule, and as many images in work as there are slots and one more. */
async function encodeAll(originals: readonly Uint8Array[]): Promise<void> {
  const schedule = createSchedule(slots)
  const images = pLimit(slots + 1)
  await Promise.all(
    originals.map(async (original) =>
      images(async () =>
        encodeOutputs({
          original,
          recipe: RECIPE,
          outputs: outputsOf(RECIPE, SIZE),
          schedule,
          onOutput: async () => undefined,
        }),
      ),
    ),
  )
}

async function measure(work: () => Promise<void>): Promise<Sample> {
  const busyBefore = machineBusyMs()
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  let tick = began
  let stallMs = 0
  const ticking = setInterval(() => {
    const now = performance.now()
    stallMs = Math.max(stallMs, now - tick - 5)
    tick = now
  }, 5)
  await work()
  clearInterval(ticking)
  const wallMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuMs = (user + system) / 1000
  return { wallMs, cpuMs, othersMs: Math.max(0, machineBusyMs() - busyBefore - cpuMs), stallMs }
}

/** CPU time that all programs have used since the machine started; 0 where it cannot be known. */
function machineBusyMs(): number {
  try {
    const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync(
      '/proc/stat',
      'utf8',
    )
      .split('\n', 1)
      .flatMap((line) => line.split(/\s+/).map(Number))
    return (user + nice + system + irq + softirq + steal) * 10
  } catch {
    return 0
  }
}

/** Something that costs an encoder what a photograph does: light and shade in five sizes, and grain. */
async function photograph(seed: number): Promise<Uint8Array> {
  const { width, height } = SIZE
  const sum = new Float32Array(width * height * 3)
  const random = numbers(seed)
  for (const [cells, strength] of [
    [4, 90],
    [16, 45],
    [64, 22],
    [256, 12],
    [768, 6],
  ] as const) {
    const rows = Math.ceil((cells * 2) / 3)
    const noise = Buffer.from(Array.from({ length: cells * rows * 3 }, () => random() & 255))
    const layer = await sharp(noise, { raw: { width: cells, height: rows, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    for (const [at, value] of layer.entries()) sum[at] = (sum[at] ?? 0) + ((value - 128) / 128) * strength
  }
  const pixels = Buffer.from(Uint8ClampedArray.from(sum, (value) => 128 + value).buffer)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer()
}

function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 20
  }
}
