import { expect, it } from 'vitest'
import { createPollSchedule } from '../../src/core/poll-schedule.ts'
import type { PollSchedule } from '../../src/core/poll-schedule.ts'

/** Asks after jobs of these lengths, one after the other; how often and how late each was found, on average. */
function follow(
  schedule: PollSchedule,
  lengthsMs: readonly number[],
  answers: { readonly lateMs?: number; readonly says?: true } = {},
): { polls: number; lateMs: number } {
  let polls = 0
  let lateMs = 0
  for (const lengthMs of lengthsMs) {
    let elapsedMs = 0
    for (let asked = 0; ; asked += 1) {
      const stepMs = schedule.delayMs('m', asked, elapsedMs)
      elapsedMs += stepMs
      polls += 1
      if (elapsedMs < lengthMs) continue
      lateMs += elapsedMs - lengthMs
      const tookMs = answers.says === true ? lengthMs : null
      schedule.learn('m', { foundMs: elapsedMs + (answers.lateMs ?? 0), stepMs, tookMs })
      break
    }
  }
  return { polls: polls / lengthsMs.length, lateMs: lateMs / lengthsMs.length }
}

/** Evenly spread between two lengths, in an order without a pattern. */
function spread(leastMs: number, mostMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => leastMs + (mostMs - leastMs) * ((index * 0.618034) % 1))
}

it('an unknown model is asked after at growing intervals of at most three seconds', () => {
  const schedule = createPollSchedule()
  const delays = Array.from({ length: 12 }, (_, asked) => schedule.delayMs('m', asked, 0))
  expect(delays[0]).toBe(250)
  expect(delays[1]).toBe(325)
  expect(delays.at(-1)).toBe(3_000)
})

it('jobs whose length is known are asked after at most five times, and found in a twentieth of their time', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(1_600, 2_400, 20))
  const { polls, lateMs } = follow(schedule, spread(1_600, 2_400, 1_000))
  expect(polls).toBeLessThan(5)
  expect(lateMs).toBeLessThan(2_000 / 20)
})

it('a service that grows faster is noticed', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(9_000, 11_000, 60))
  follow(schedule, spread(1_000, 1_200, 200))
  expect(schedule.delayMs('m', 0, 0)).toBeLessThan(1_400)
})

it('a job that takes longer than all before it is asked after ever more rarely', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(1_600, 2_400, 60))
  const late = [3_000, 6_000, 12_000, 60_000].map((elapsedMs) => schedule.delayMs('m', 9, elapsedMs))
  expect(late).toEqual([...late].sort((a, b) => a - b))
  expect(late.at(-1)).toBe(3_000)
})

it('what one model takes says nothing of another', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(9_000, 11_000, 60))
  expect(schedule.delayMs('other', 0, 0)).toBe(250)
})

it('answers that come late on a busy machine do not make the next questions later, where the service says what a job took', () => {
  const schedule = createPollSchedule()
  const { lateMs, polls } = follow(schedule, spread(2_000, 2_000, 500), { lateMs: 400, says: true })
  expect(lateMs).toBeLessThan(20)
  expect(polls).toBeLessThan(2)
})

it('a service that says nonsense of how long a job took is not believed beyond what was seen', () => {
  const schedule = createPollSchedule()
  for (let count = 0; count < 50; count += 1)
    schedule.learn('m', { foundMs: 2_000, stepMs: 100, tookMs: 999_999_999 })
  expect(schedule.delayMs('m', 0, 0)).toBeLessThanOrEqual(2_000)
  for (let count = 0; count < 50; count += 1)
    schedule.learn('m', { foundMs: 2_000, stepMs: 100, tookMs: Number.NaN })
  expect(schedule.delayMs('m', 0, 0)).toBeGreaterThanOrEqual(1_850)
})
