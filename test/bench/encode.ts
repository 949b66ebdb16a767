import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Recipe } from '../../src/core/image.ts'
import { outputsOf } from '../../src/core/recipes.ts'
import { usableCores } from '../../src/effects/cores.ts'
import type { StoredOriginal } from '../../src/effects/encode.ts'
import { sha256Of } from '../../src/effects/files.ts'
import { openEncoder } from '../../src/effects/open-encoder.ts'
import type { Encoder } from '../../src/effects/open-encoder.ts'
import type { Bench, Row } from './support/bench.ts'
import { childProcesses } from './support/child-processes.ts'
import { SIZE, photograph } from './support/photograph.ts'
import { endedChildrenCpuMs } from './support/timing.ts'

const RECIPE: Recipe = {
  aspect: { width: 3, height: 2 },
  fit: 'cover',
  focus: 'attention',
  content: 'photo',
  formats: ['avif', 'webp', 'jpeg'],
  widths: [480, 960, 1536],
  quality: { avif: 57, webp: 80, jpeg: 78, png: 100 },
  effort: { avif: 3, webp: 4, jpeg: 0, png: 7 },
  maxBytes: { all: null, formats: {}, widths: {} },
  placeholder: 'auto',
  provenance: { level: 'iptc', credit: null, prompt: false },
  filename: '{id}-{width}.{format}',
}

/**
 * How near encoding comes to the machine's limit: the wall time of 1, 5 and 24 originals × 3 widths × 3 formats
 * against its bound, the CPU time used ÷ cores. Other programs make any wall time longer, so what they used of the cores
 * meanwhile is read from `/proc/stat` (Linux) and taken out of what was ours to use.
 */
export const encode: Bench = {
  name: 'Encoding, originals × 3 widths × avif, webp, jpeg',
  run: async ({ quick }) => {
    const sets = quick ? [1, 5] : [1, 5, 24]
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-bench-'))
    try {
      const pictures = await Promise.all(
        Array.from({ length: Math.max(...sets) }, (_, index) => stored(folder, index + 1)),
      )
      await measure(pictures.slice(0, 1))
      const rows: Row[] = []
      for (const count of sets) rows.push(...(await measureSet(pictures.slice(0, count), quick ? 1 : 3)))
      return rows
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

/** A run has them in its store, and whatever encodes reads them there. */
async function stored(folder: string, seed: number): Promise<StoredOriginal> {
  const bytes = await photograph(seed)
  const path = join(folder, `${seed}.png`)
  writeFileSync(path, bytes)
  return { path, sha256: sha256Of(bytes) }
}

async function measureSet(originals: readonly StoredOriginal[], rounds: number): Promise<readonly Row[]> {
  const cores = usableCores()
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round += 1) samples.push(await measure(originals))
  const ratioOf = ({ wallMs, othersMs, cpuMs }: Sample): number => (wallMs * cores - othersMs) / cpuMs
  const quiet = samples.toSorted((a, b) => a.othersMs / a.wallMs - b.othersMs / b.wallMs)[0]
  if (!quiet) return []
  const all = samples.map(ratioOf)
  const what = `${originals.length} ${originals.length === 1 ? 'original' : 'originals'}`
  const raw = ((quiet.wallMs * cores) / quiet.cpuMs).toFixed(2)
  const note = `${(quiet.wallMs / 1000).toFixed(1)} s wall, ${(quiet.cpuMs / 1000).toFixed(1)} s CPU; ${raw} × with other programs counted`
  return [
    {
      what,
      value: ratioOf(quiet),
      spread: [Math.min(...all), Math.max(...all)],
      unit: '× CPU ÷ cores',
      bound: originals.length === 1 ? 1.15 : 1.05,
      note,
    },
  ]
}

interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
  readonly othersMs: number
}

/** As a run does it: as many images in work as encodes at once and one more. */
async function encodeAll(originals: readonly StoredOriginal[], encoder: Encoder): Promise<void> {
  const images = pLimit(encoder.slots + 1)
  await Promise.all(
    originals.map(async (original) =>
      images(async () =>
        encoder.encode({
          original,
          recipe: RECIPE,
          outputs: outputsOf(RECIPE, { ...SIZE, alpha: false }),
          onOutput: async () => undefined,
          onTooLarge: () => undefined,
          xmp: null,
        }),
      ),
    ),
  )
}

/** A process of the encoder's own is counted from its start, and so is one that another took the place of. */
async function measure(originals: readonly StoredOriginal[]): Promise<Sample> {
  const busyBefore = machineBusyMs()
  const cpuBefore = process.cpuUsage()
  const endedBefore = endedChildrenCpuMs()
  const began = performance.now()
  const encoder = openEncoder(originals.length)
  await encodeAll(originals, encoder)
  const wallMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  const own = (user + system) / 1000 + endedChildrenCpuMs() - endedBefore
  const cpuMs = childProcesses().reduce((sum, child) => sum + child.cpuMs, own)
  const othersMs = Math.max(0, machineBusyMs() - busyBefore - cpuMs)
  encoder.close()
  // What it has used is counted once more when it ends, which is not to fall into the next sample.
  while (childProcesses().length > 0) await setTimeout(10)
  return { wallMs, cpuMs, othersMs }
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
