import { describe, expect, it, vi } from 'vitest'
import { printLine, replay, standing } from '../../src/core/journal.ts'
import type { JournalLine } from '../../src/core/journal.ts'

const AT = '2026-01-02T03:04:05.000Z'

function intended(number: number): JournalLine {
  const purchase = number.toString(16).padStart(64, '0')
  return {
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
    images: [`image-${number}`],
    body: JSON.stringify({ prompt: 'Ein Leuchtturm bei Nacht – 灯台' }),
    reserved: 21,
    origin: 'https://api.apiframe.ai',
    account: '00000000',
  }
}

function steps(number: number): readonly JournalLine[] {
  const purchase = number.toString(16).padStart(64, '0')
  return [
    intended(number),
    { step: 'accepted', purchase, at: AT, job: `job-${number}` },
    { step: 'finished', purchase, at: AT, credits: 21, pictures: 1 },
    { step: 'stored', purchase, at: AT, takes: [{ take: 1, sha256: 'f'.repeat(64) }] },
  ]
}

function stepsOf(text: string): number | string {
  const replayed = replay(text, 'journal.jsonl')
  if ('problem' in replayed) return replayed.problem.code
  return [...replayed.purchases.values()].reduce(
    (sum, { job, finished, stored }) =>
      sum + 1 + (job === null ? 0 : 1) + (finished === null ? 0 : 1) + (stored === null ? 0 : 1),
    0,
  )
}

describe('the end of a journal', () => {
  const text = [...steps(1), intended(2)].map(printLine).join('')

  it('cut at any byte tells every step before the cut', () => {
    const bytes = Buffer.from(text)
    for (let length = 0; length <= bytes.length; length += 1) {
      const cut = bytes.subarray(0, length).toString('utf8')
      const lines = cut.split('\n')
      const last = lines.at(-1) ?? ''
      const whole = lines.length - 1 + (text.includes(`${last}\n`) && last.endsWith('"}') ? 1 : 0)
      expect(stepsOf(cut), `cut at ${length}`).toBe(whole)
    }
  })

  it('whole but for its newline counts: it was on disk, and may have been acted upon', () => {
    const replayed = replay(text.slice(0, -1), 'journal.jsonl')
    expect(replayed).toMatchObject({ end: 'unended' })
    expect(stepsOf(text.slice(0, -1))).toBe(5)
  })

  it('with zeros where a power cut lost bytes is torn', () => {
    const half = text.length - 100
    expect(stepsOf(`${text.slice(0, half)}${'\0'.repeat(99)}\n`)).toBe(4)
    expect(stepsOf(`${text}${'\0'.repeat(4096)}`)).toBe(5)
  })
})

describe('a flipped bit in a journal', () => {
  it('is refused wherever it is, the last line included: no step that was written may go unseen', () => {
    const text = [...steps(1), intended(2)].map(printLine).join('')
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      expect(stepsOf(flipped.toString('utf8')), `byte ${at}`).toBe('journal/damaged')
    }
  })

  it('names the line', () => {
    const lines = steps(1).map(printLine)
    const damaged = replay(lines.join('').replace('job-1', 'job-2'), 'journal.jsonl')
    expect('problem' in damaged && damaged.problem.message).toContain('line 2')
  })
})

it('a journal of a newer version is refused', () => {
  const line = { ...intended(1), version: 2 } as JournalLine
  expect(stepsOf(printLine(line))).toBe('journal/newer')
})

it('a long journal tells every purchase of its lines', () => {
  const text = Array.from({ length: 3_000 }, (_, number) => steps(number + 1))
    .flat()
    .map(printLine)
    .join('')
  const replayed = replay(text, 'journal.jsonl')
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  expect(replayed.purchases.size).toBe(3_000)
  expect([...replayed.purchases.values()].every((purchase) => standing(purchase) === 'settled')).toBe(true)
})

/** Calls and characters that replaying so many purchases takes. */
function workOf(purchases: number): { readonly parsed: number; readonly read: number } {
  const text = Array.from({ length: purchases }, (_, number) => steps(number + 1))
    .flat()
    .map(printLine)
    .join('')
  const parse = vi.spyOn(JSON, 'parse')
  const slice = vi.spyOn(String.prototype, 'slice')
  replay(text, 'journal.jsonl')
  const read = slice.mock.results.reduce((sum, { value }) => sum + String(value).length, 0)
  const parsed = parse.mock.calls.length
  for (const spy of [parse, slice]) spy.mockRestore()
  return { parsed, read }
}

it('a journal twice as long is twice the work to replay, and no more', () => {
  const [once, twice] = [workOf(500), workOf(1_000)]
  expect(twice.parsed).toBe(2 * once.parsed)
  expect(twice.read / once.read).toBeLessThan(2.1)
})
