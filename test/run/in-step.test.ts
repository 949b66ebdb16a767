import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createFilesQueue, inStep } from '../../src/run/in-step.ts'
import { purchaseOf } from '../support/purchases.ts'

/** Takes purchases in step with pictures whose files are done when they are told to. */
function stage(purchases: number): {
  readonly taken: number[]
  readonly done: () => Promise<void>
  readonly stop: () => void
  readonly all: Promise<void>
} {
  const jobs = Array.from({ length: 100 }, (_, index) => purchaseOf(index))
  const queue = createFilesQueue({ purchases })
  const stopping = new AbortController()
  const taken: number[] = []
  const ends: (() => void)[] = []
  const takeAll = async (): Promise<void> => {
    for await (const { firstTake } of inStep(jobs, queue, stopping.signal)) {
      taken.push(firstTake)
      queue.add([new Promise<void>((resolve) => ends.push(resolve))])
    }
  }
  return {
    taken,
    done: async () => {
      ends.shift()?.()
      await setImmediate()
    },
    stop: () => stopping.abort(),
    all: takeAll(),
  }
}

it('no purchase is begun while two pictures for each place wait for their files', async () => {
  const { taken, done } = stage(3)
  await setImmediate()
  expect(taken).toEqual([0, 1, 2, 3, 4, 5])
  await done()
  expect(taken.at(-1)).toBe(6)
  await done()
  await done()
  expect(taken.at(-1)).toBe(8)
})

it('none is begun after the buying is over, not even when there is room again', async () => {
  const { taken, done, stop, all } = stage(1)
  await setImmediate()
  stop()
  await done()
  await all
  expect(taken).toEqual([0, 1])
})
