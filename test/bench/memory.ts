import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'
import { photograph } from './support/photograph.ts'

/** Peak memory is bounded by what runs at once, never by the number of originals. */
export const memory: Bench = {
  name: 'Memory while encoding',
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-bench-'))
    const file = join(folder, 'photograph.png')
    // Made here: drawing it takes more memory than encoding it.
    writeFileSync(file, await photograph(1))
    const many = quick ? 60 : 1_000
    const rounds = quick ? 3 : 1
    const row = growth({ file, many, rounds })
    rmSync(folder, { recursive: true })
    return [row]
  },
}

interface Encodes {
  readonly file: string
  readonly many: number
  readonly rounds: number
}

function growth(encodes: Encodes): Row {
  const few = median(peaksOf(10, { ...encodes, rounds: 5 }))
  const more = median(peaksOf(encodes.many, encodes))
  const many = encodes.many.toLocaleString('en')
  return {
    what: `${many} originals`,
    value: more / few,
    unit: '× the peak for 10',
    bound: 1.1,
    note: `${few.toFixed(0)} MB for 10, ${more.toFixed(0)} MB for ${many}`,
  }
}

/** Peaks in MB, each of a process of its own. */
function peaksOf(originals: number, { file, rounds }: Encodes): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const script = join(import.meta.dirname, 'support/encode-run.js')
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, String(originals), file], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`the encodes went wrong: ${stderr}`)
    return Number(stdout)
  })
}
