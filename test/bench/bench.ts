/**
 * All figures of speed in one table: `npm run bench -- [--quick] [--only no-op,encode] [--json FILE]`. Ratios are
 * measured side by side in one run; nothing else should run on the machine meanwhile.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { avif } from './avif.ts'
import { encode } from './encode.ts'
import { journal } from './journal.ts'
import { memory } from './memory.ts'
import { noOp } from './no-op.ts'
import { oneChange } from './one-change.ts'
import { purchase } from './purchase.ts'
import { rivals } from './rivals.ts'
import { sites } from './sites.ts'
import { sketch } from './sketch.ts'
import { startUp } from './start-up.ts'
import { tableOf } from './support/bench.ts'
import type { Bench, Row } from './support/bench.ts'

const BENCHES: Readonly<Record<string, Bench>> = {
  'start-up': startUp,
  'no-op': noOp,
  'one-change': oneChange,
  purchase,
  sketch,
  encode,
  journal,
  memory,
  rivals,
  sites,
  avif,
}
/** These need programs that are not everywhere; they run when they are named. */
const ONLY_WHEN_NAMED = new Set(['avif', 'rivals', 'sites'])

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, json: { type: 'string' } },
})
const names = values.only?.split(',') ?? Object.keys(BENCHES).filter((name) => !ONLY_WHEN_NAMED.has(name))
const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? '?'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}, ${process.platform}`
process.stdout.write(`${machine}\n`)
const results: Record<string, readonly Row[]> = {}
for (const name of names) {
  const bench = BENCHES[name]
  if (!bench) throw new Error(`There is no bench "${name}": ${Object.keys(BENCHES).join(', ')}.`)
  const rows = await bench.run({ quick: values.quick })
  results[name] = rows
  process.stdout.write(tableOf(bench.name, rows))
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
