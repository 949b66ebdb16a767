import { largeProject, removeProject } from './support/large-project.ts'
import { median, rowOf } from './support/bench.ts'
import type { Bench, BenchOptions, Row } from './support/bench.ts'
import { spy } from './support/spy.ts'
import { TOOL, againstBareNode } from './support/timing.ts'

/** A run that has nothing to do, against a bare `node -e 0` side by side: every output's stat is compared. */
export const noOp: Bench = {
  name: 'Nothing to do',
  run: async (options) => {
    const rows: Row[] = []
    const msBySize = new Map<number, number>()
    for (const images of options.quick ? [100, 10_000] : [100, 10_000, 100_000]) {
      const folder = await largeProject(images)
      const measured = measure(images, folder, options)
      msBySize.set(images, measured.buildMs)
      rows.push(...measured.rows)
      removeProject(folder)
    }
    const [large, larger] = [msBySize.get(10_000), msBySize.get(100_000)]
    if (large !== undefined && larger !== undefined)
      rows.push({ what: 'ten times the images', value: larger / large, unit: '× the time', bound: 12 })
    return rows
  },
}

function measure(
  images: number,
  folder: string,
  { quick }: BenchOptions,
): { readonly rows: readonly Row[]; readonly buildMs: number } {
  const rounds = quick ? 7 : images > 10_000 ? 5 : 15
  const bounds: Readonly<Record<number, number>> = { 100: 1.5, 10_000: 5 }
  const bound = bounds[images] ?? null
  const of = `${images.toLocaleString('en')} images × 6`
  const rows: Row[] = []
  let buildMs = Number.NaN
  for (const command of ['build', 'check']) {
    const ratios = againstBareNode([TOOL, command], folder, { rounds })
    if (command === 'build') buildMs = median(ratios.ownMs)
    const note = `${Math.round(median(ratios.ownMs))} ms; CPU ${ratios.cpu.toFixed(2)} ×`
    rows.push(rowOf(`${command}, ${of}`, ratios.wall, { unit: '× bare node', bound, note }))
  }
  const { modules, maxRssMb } = spy([TOOL, 'build'], folder)
  rows.push({ what: `modules, ${of}`, value: modules.length, unit: 'files', bound: 15 })
  rows.push({ what: `memory, ${of}`, value: maxRssMb, unit: 'MB', bound: images > 10_000 ? null : 120 })
  return { rows, buildMs }
}
