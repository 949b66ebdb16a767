import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { printLine, replay, standing } from '../../src/core/journal.ts'
import type { JournalLine, JournalPurchase } from '../../src/core/journal.ts'
import { compactJournal } from '../../src/effects/journal.ts'

const AT = '2026-01-02T03:04:05.000Z'

function linesOf(number: number, end: 'stored' | 'open' | 'doubt'): readonly JournalLine[] {
  const purchase = number.toString(16).padStart(64, '0')
  const intended: JournalLine = {
    step: 'intended',
    purchase,
    at: AT,
    version: 1,
    run: 'run',
    request: purchase.slice(0, 32),
    declared: purchase.slice(0, 16),
    firstTake: 1,
    count: 1,
    epoch: 0,
    provider: 'apiframe',
    revision: 'r',
    model: 'dall-e-3',
    images: ['a'],
    body: JSON.stringify({ prompt: 'x'.repeat(3000) }),
    reserved: 21,
    origin: 'https://api.apiframe.ai',
    account: '00000000',
  }
  const turnedAway: JournalLine = {
    step: 'failed',
    purchase,
    at: AT,
    class: 'not-sent',
    text: 'no network',
    credits: 0,
  }
  const accepted: JournalLine = { step: 'accepted', purchase, at: AT, job: `job-${number}` }
  const started = [intended, turnedAway, intended, accepted]
  if (end === 'open') return started
  if (end === 'doubt') return [...started, { ...turnedAway, class: 'refund-unknown', credits: 21 }]
  const takes = [{ take: 1, sha256: 'f'.repeat(64) }]
  return [
    ...started,
    { step: 'finished', purchase, at: AT, credits: 21, pictures: 1 },
    { step: 'stored', purchase, at: AT, takes },
  ]
}

function purchasesOf(path: string): ReadonlyMap<string, JournalPurchase> {
  const replayed = replay(readFileSync(path, 'utf8'), path)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  return replayed.purchases
}

function journal(lines: readonly JournalLine[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-journal-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'journal.jsonl')
  writeFileSync(path, lines.map(printLine).join(''))
  return path
}

it('a compacted journal tells the same of every purchase, and keeps the bodies that may be sent again', async () => {
  const ends = ['stored', 'open', 'doubt'] as const
  const path = journal(Array.from({ length: 30 }, (_, n) => linesOf(n, ends[n % 3] ?? 'stored')).flat())
  const before = purchasesOf(path)
  const bytes = statSync(path).size
  await compactJournal(path, 0)
  expect(statSync(path).size).toBeLessThan(bytes / 2)
  const after = purchasesOf(path)
  expect([...after.keys()]).toEqual([...before.keys()])
  for (const [key, purchase] of before) {
    const settled = standing(purchase) === 'settled'
    const intended = settled ? { ...purchase.intended, body: '' } : purchase.intended
    expect(after.get(key)).toEqual({ ...purchase, intended })
  }
})

it('a small journal, or one that would not shrink, is left alone', async () => {
  const path = journal(linesOf(1, 'open').slice(2))
  const before = readFileSync(path, 'utf8')
  await compactJournal(path)
  await compactJournal(path, 0)
  expect(readFileSync(path, 'utf8')).toBe(before)
})

it('a damaged journal is never rewritten', async () => {
  const path = journal(Array.from({ length: 9 }, (_, n) => linesOf(n, 'stored')).flat())
  const damaged = readFileSync(path, 'utf8').replace('job-3', 'job-4')
  writeFileSync(path, damaged)
  await compactJournal(path, 0)
  expect(readFileSync(path, 'utf8')).toBe(damaged)
})
