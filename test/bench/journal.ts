import { printLine, replay } from '../../src/core/journal.ts'
import type { JournalLine } from '../../src/core/journal.ts'
import { rowOf } from './support/bench.ts'
import type { Bench } from './support/bench.ts'

/** Replaying a journal of 120,000 lines, beside parsing the same lines as JSON and nothing else. */
export const journal: Bench = {
  name: 'Journal',
  run: async ({ quick }) => {
    const text = Array.from({ length: PURCHASES }, (_, number) => linesOf(number))
      .flat()
      .map(printLine)
      .join('')
    const parse = (): unknown =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    const rounds = Array.from({ length: quick ? 3 : 9 }, () => {
      const parsing = msOf(parse)
      return { ms: msOf(() => replay(text, 'journal.jsonl')), parsing }
    })
    return [
      rowOf(
        'replay of 120,000 lines',
        rounds.map(({ ms, parsing }) => ms / parsing),
        { unit: '× JSON.parse', bound: 2.5, note: `${Math.round(text.length / 1e6)} MB` },
      ),
      rowOf(
        'the same',
        rounds.map(({ ms }) => ms),
        { unit: 'ms', bound: null },
      ),
    ]
  },
}

const PURCHASES = 30_000

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
