import { printLine, replay } from '../../src/core/journal.ts'
import type { JournalLine } from '../../src/core/journal.ts'

/** What replaying a journal of 120,000 lines takes, beside parsing the same lines as JSON and nothing else. */
const PURCHASES = 30_000
const ROUNDS = 5

const at = '2026-01-02T03:04:05.000Z'

function linesOf(number: number): readonly JournalLine[] {
  const purchase = number.toString(16).padStart(64, '0')
  const words = { run: 'run', request: purchase.slice(0, 32), declared: purchase.slice(0, 16) }
  const made = { provider: 'apiframe', revision: '1', model: 'dall-e-3', images: [`image-${number}`] }
  const numbers = { version: 1, firstTake: 1, count: 1, epoch: 0, reserved: 21 }
  const sent = { body: JSON.stringify({ prompt: 'a lamp '.repeat(30) }), origin: 'o', account: 'a' }
  return [
    { step: 'intended', purchase, at, ...words, ...made, ...numbers, ...sent },
    { step: 'accepted', purchase, at, job: `job-${number}` },
    { step: 'finished', purchase, at, credits: 21, pictures: 1 },
    { step: 'stored', purchase, at, takes: [{ take: 1, sha256: 'f'.repeat(64) }] },
  ]
}

function msOf(work: () => unknown): number {
  const began = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - began) / 1e6
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const text = Array.from({ length: PURCHASES }, (_, number) => linesOf(number))
  .flat()
  .map(printLine)
  .join('')
const parsing: number[] = []
const replaying: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  parsing.push(
    msOf(() =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ),
  )
  replaying.push(msOf(() => replay(text, 'journal.jsonl')))
}
const result = {
  lines: PURCHASES * 4,
  megabytes: Math.round(text.length / 1e6),
  'replay ms': Math.round(median(replaying)),
  'bare JSON.parse ms': Math.round(median(parsing)),
  '÷ bare JSON.parse': (median(replaying) / median(parsing)).toFixed(2),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
