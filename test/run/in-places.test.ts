import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inPlaces } from '../../src/run/in-places.ts'
import type { PlaceCounts } from '../../src/run/in-places.ts'
import type { BuyJob } from '../../src/core/plan-purchases.ts'
import { purchaseOf } from '../support/purchases.ts'

/** Purchases that go on when they are told to, named by their numbers. */
function stage(
  count: number,
  counts: PlaceCounts,
  modelOf: (index: number) => string = () => 'm',
): {
  readonly begun: number[]
  readonly ended: (index: number) => Promise<void>
  readonly done: (index: number, stored?: boolean) => Promise<void>
  readonly taken: () => number
  readonly all: Promise<void>
} {
  const begun: number[] = []
  const ends = new Map<number, () => void>()
  const results = new Map<number, (stored: boolean) => void>()
  let taken = 0
  const jobs = function* (): Generator<BuyJob> {
    for (; taken < count; taken += 1) yield purchaseOf(taken, modelOf(taken))
  }
  const all = inPlaces(jobs(), counts, (job, ended) => {
    begun.push(job.firstTake)
    ends.set(job.firstTake, ended)
    return new Promise((resolve) => results.set(job.firstTake, resolve))
  })
  return {
    begun,
    ended: async (index) => {
      ends.get(index)?.()
      await setImmediate()
    },
    done: async (index, stored = true) => {
      results.get(index)?.(stored)
      await setImmediate()
    },
    taken: () => taken,
    all,
  }
}

const THREE: PlaceCounts = { purchases: 3, models: {} }

it('of ten thousand purchases no more are taken in hand than there are places', async () => {
  const { begun, taken, done } = stage(10_000, THREE)
  await setImmediate()
  expect(begun).toEqual([0, 1, 2])
  expect(taken()).toBe(3)
  await done(1)
  expect(begun).toEqual([0, 1, 2, 3])
})

it('whoever ended before a picture was stored leaves when the first one is, and not before', async () => {
  const { begun, ended, done } = stage(9, THREE)
  for (const index of [0, 1, 2]) await ended(index)
  await done(2, false)
  expect(begun).toEqual([0, 1, 2, 3])
  await done(0)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
})

it('as many as there are places may be gone and wait for their pictures, and then places are kept', async () => {
  const { begun, ended, done } = stage(20, THREE)
  await setImmediate()
  await done(0)
  for (const index of [1, 2, 3]) await ended(index)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6])
  await ended(4)
  expect(begun.length).toBe(7)
  await done(1)
  expect(begun.length).toBe(8)
})

it('a model has no more places than it is given, and the run ends when all have', async () => {
  const counts = { purchases: 4, models: { 'p/slow': 1 } }
  const { begun, done, all } = stage(4, counts, (index) => (index < 2 ? 'slow' : 'm'))
  await setImmediate()
  expect(begun).toEqual([0, 2, 3])
  for (const index of [0, 2, 3]) await done(index)
  expect(begun).toEqual([0, 2, 3, 1])
  await done(1)
  await expect(all).resolves.toBeUndefined()
})
