import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { median } from './support/bench.ts'
import type { Bench } from './support/bench.ts'

/** Peak memory is bounded by what runs at once, never by the number of originals. */
export const memory: Bench = {
  name: 'Memory while encoding',
  run: async ({ quick }) => {
    const many = quick ? 60 : 1_000
    const few = peaksOf(10, 3)
    const more = peaksOf(many, quick ? 3 : 1)
    const ratio = median(more) / median(few)
    const note = `${median(few).toFixed(0)} MB for 10, ${median(more).toFixed(0)} MB for ${many.toLocaleString('en')}`
    return [
      {
        what: `${many.toLocaleString('en')} originals`,
        value: ratio,
        unit: '× the peak for 10',
        bound: 1.1,
        note,
      },
    ]
  },
}

/** Peaks in MB, each of a process of its own. */
function peaksOf(originals: number, rounds: number): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const script = join(import.meta.dirname, 'support/encode-run.js')
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, String(originals)], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`the encodes went wrong: ${stderr}`)
    return Number(stdout)
  })
}
