import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FailureClass, IntendedLine, JournalLine, JournalPurchase } from '../../src/core/journal.ts'
import { printLine, replay, standing } from '../../src/core/journal.ts'
import { ledgerOf } from '../../src/core/spend.ts'
import type { Spent } from '../../src/core/spend.ts'

const CLASSES: readonly FailureClass[] = [
  'refused',
  'capacity',
  'other',
  'invalid',
  'not-sent',
  'absent',
  'refund-unknown',
  'incomplete',
  'expired',
  'gone',
  'unreconciled',
  'forgotten',
  'resubmitted',
]

function intended(purchase: string, more: Partial<IntendedLine> = {}): IntendedLine {
  return {
    step: 'intended',
    purchase,
    at: '2026-11-24T10:00:00.000Z',
    version: 1,
    run: 'run-1',
    request: `request-${purchase}`,
    declared: `declared-${purchase}`,
    firstTake: 1,
    count: 1,
    epoch: 0,
    provider: 'apiframe',
    revision: 'v2',
    model: 'dall-e-3',
    images: ['home/hero'],
    body: '{}',
    reserved: 21,
    origin: 'https://api.apiframe.ai',
    account: '00000000',
    ...more,
  }
}

const at = '2026-11-24T10:00:05.000Z'

function accepted(purchase: string): JournalLine {
  return { step: 'accepted', purchase, at, job: `job-${purchase}` }
}

function finished(purchase: string, credits: number | null): JournalLine {
  return { step: 'finished', purchase, at, credits, pictures: 1 }
}

function stored(purchase: string, pictures = 1): JournalLine {
  const takes = Array.from({ length: pictures }, (_, index) => ({ take: index + 1, sha256: 'ab'.repeat(32) }))
  return { step: 'stored', purchase, at, takes }
}

function failed(purchase: string, failure: FailureClass, credits: number | null = null): JournalLine {
  return { step: 'failed', purchase, at, class: failure, text: 'It failed.', credits }
}

/** What a journal of these lines replays to: the ledger only ever sees that. */
function purchasesOf(...lines: readonly JournalLine[]): readonly JournalPurchase[] {
  const replayed = replay(lines.map(printLine).join(''), 'journal.jsonl')
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  return [...replayed.purchases.values()]
}

function ledger(...lines: readonly JournalLine[]): ReturnType<typeof ledgerOf> {
  return ledgerOf(purchasesOf(...lines))
}

describe('what a purchase counts for', () => {
  it('counts what the service charged, not what was reserved', () => {
    const { total } = ledger(intended('a'), accepted('a'), finished('a', 12), stored('a', 4))
    expect(total).toEqual({ credits: 12, purchases: 1, pictures: 4, unpriced: 0 })
  })

  it('counts the reservation when the service did not say', () => {
    expect(ledger(intended('a'), accepted('a'), finished('a', null), stored('a')).total.credits).toBe(21)
  })

  it('tells a cost that nobody knows from nothing', () => {
    const { total } = ledger(intended('a', { reserved: null }), finished('a', null), stored('a'))
    expect(total).toEqual({ credits: 0, purchases: 1, pictures: 1, unpriced: 1 })
  })

  it('keeps what is under way apart', () => {
    const { total, underWay } = ledger(intended('a'), accepted('a'))
    expect(total.purchases).toBe(0)
    expect(underWay.map(({ purchase, credits }) => [purchase, credits])).toEqual([['a', 21]])
  })

  it.each(['refused', 'capacity', 'other'] as const)('%s gives back what was set aside', (failure) => {
    const { total, refunded } = ledger(intended('a'), accepted('a'), failed('a', failure, 0))
    expect(total.credits).toBe(0)
    expect(refunded.map(({ credits }) => credits)).toEqual([21])
  })

  it.each(['invalid', 'not-sent', 'absent'] as const)(
    '%s never cost anything, so nothing came back',
    (failure) => {
      const { total, refunded, inDoubt, underWay } = ledger(intended('a'), failed('a', failure))
      expect([total.purchases, refunded.length, inDoubt.length, underWay.length]).toEqual([0, 0, 0, 0])
    },
  )

  it.each(['refund-unknown', 'incomplete', 'expired', 'gone', 'unreconciled'] as const)(
    '%s is in doubt',
    (failure) => {
      const { total, inDoubt } = ledger(intended('a'), accepted('a'), failed('a', failure))
      expect(total.purchases).toBe(0)
      expect(inDoubt.map(({ credits }) => credits)).toEqual([21])
    },
  )

  it.each(['forgotten', 'resubmitted'] as const)(
    '%s stays in doubt, unless its charge is known',
    (decided) => {
      expect(ledger(intended('a'), accepted('a'), failed('a', decided)).inDoubt).toHaveLength(1)
      const known = ledger(intended('a'), accepted('a'), finished('a', 12), failed('a', decided))
      expect(known.inDoubt).toEqual([])
      expect(known.total).toEqual({ credits: 12, purchases: 1, pictures: 0, unpriced: 0 })
    },
  )

  it('counts a purchase that was turned away and sent again once', () => {
    const { total } = ledger(
      intended('a'),
      failed('a', 'not-sent'),
      intended('a', { run: 'run-2' }),
      accepted('a'),
      finished('a', 21),
      stored('a'),
    )
    expect(total).toMatchObject({ credits: 21, purchases: 1 })
  })
})

describe('views', () => {
  it('a day is one of UTC, and runs and days come oldest first', () => {
    const late = { at: '2026-11-24T23:59:59.999Z', run: 'run-9' }
    const early = { at: '2026-11-25T00:00:00.000Z', run: 'run-1' }
    const { days, runs } = ledger(
      intended('b', early),
      stored('b'),
      intended('a', late),
      stored('a'),
      intended('c', { at: '2026-11-24T23:59:58.000Z', run: 'run-9' }),
      stored('c'),
    )
    expect(days.map(({ day, purchases }) => [day, purchases])).toEqual([
      ['2026-11-24', 2],
      ['2026-11-25', 1],
    ])
    expect(runs.map(({ run, at: begun }) => [run, begun])).toEqual([
      ['run-9', '2026-11-24T23:59:58.000Z'],
      ['run-1', early.at],
    ])
  })

  it('a purchase that several images share stands under all of their names, once', () => {
    const { images } = ledger(
      intended('a', { images: ['shop/wide', 'shop/mug'] }),
      stored('a'),
      intended('b', { images: ['shop/mug', 'shop/wide'] }),
      stored('b'),
      intended('c', { images: ['shop/mug'] }),
      stored('c'),
    )
    expect(images.map(({ images: ids, credits }) => [ids, credits])).toEqual([
      [['shop/mug'], 21],
      [['shop/mug', 'shop/wide'], 42],
    ])
  })

  it('an empty journal is an empty ledger', () => {
    expect(ledger()).toEqual({
      total: { credits: 0, purchases: 0, pictures: 0, unpriced: 0 },
      days: [],
      runs: [],
      images: [],
      underWay: [],
      inDoubt: [],
      refunded: [],
    })
  })
})

/** Prices as configs give them: up to three decimals. */
const price = fc.option(fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1000))

const journal = fc
  .array(
    fc.record({
      day: fc.integer({ min: 1, max: 28 }),
      hour: fc.integer({ min: 0, max: 23 }),
      run: fc.constantFrom('run-1', 'run-2', 'run-3'),
      images: fc.uniqueArray(fc.constantFrom('a', 'b/c', 'd'), { minLength: 1 }),
      reserved: price,
      charged: price,
      pictures: fc.integer({ min: 1, max: 4 }),
      end: fc.constantFrom('stored', 'open', 'accepted', ...CLASSES),
      hadJob: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((plans) =>
    plans.flatMap((plan, index): readonly JournalLine[] => {
      const purchase = `p${index}`
      const when = `2026-11-${String(plan.day).padStart(2, '0')}T${String(plan.hour).padStart(2, '0')}:00:00.000Z`
      const begun = intended(purchase, {
        at: when,
        run: plan.run,
        images: plan.images,
        reserved: plan.reserved,
      })
      if (plan.end === 'open') return [begun]
      if (plan.end === 'accepted') return [begun, accepted(purchase)]
      const job = plan.hadJob ? [accepted(purchase)] : []
      if (plan.end === 'stored') {
        return [begun, ...job, finished(purchase, plan.charged), stored(purchase, plan.pictures)]
      }
      return [begun, ...job, failed(purchase, plan.end, plan.charged)]
    }),
  )

function added(groups: readonly Spent[]): Spent {
  return {
    credits: groups.reduce((sum, { credits }) => sum + Math.round(credits * 1000), 0) / 1000,
    purchases: groups.reduce((sum, { purchases }) => sum + purchases, 0),
    pictures: groups.reduce((sum, { pictures }) => sum + pictures, 0),
    unpriced: groups.reduce((sum, { unpriced }) => sum + unpriced, 0),
  }
}

it('all three views add up to the total, whatever happened', () => {
  fc.assert(
    fc.property(journal, (lines) => {
      const { total, days, runs, images } = ledger(...lines)
      expect(added(days)).toEqual(total)
      expect(added(runs)).toEqual(total)
      expect(added(images)).toEqual(total)
    }),
  )
})

it('no open or doubtful purchase is lost, and none stands in two places', () => {
  fc.assert(
    fc.property(journal, (lines) => {
      const purchases = purchasesOf(...lines)
      const { total, underWay, inDoubt, refunded } = ledgerOf(purchases)
      const apart = [...underWay, ...inDoubt, ...refunded].map(({ purchase }) => purchase)
      expect(new Set(apart).size).toBe(apart.length)
      expect(total.purchases + apart.length).toBeLessThanOrEqual(purchases.length)
      const unsettled = purchases.filter((purchase) => standing(purchase) !== 'settled')
      expect(apart).toEqual(expect.arrayContaining(unsettled.map(({ intended: { purchase } }) => purchase)))
    }),
  )
})

it('says the same whatever the order of the lines of different purchases', () => {
  const one = [intended('a'), accepted('a'), finished('a', 12), stored('a')]
  const other = [intended('b', { at: '2026-11-23T08:00:00.000Z' }), accepted('b'), failed('b', 'gone')]
  expect(ledger(...one, ...other)).toEqual(ledger(...other, ...one))
})
