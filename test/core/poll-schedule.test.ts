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
    const job = schedule.follow('m')
    for (let asked = 0; ; asked += 1) {
      const stepMs = job.delayMs(asked, elapsedMs)
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
  const job = createPollSchedule().follow('m')
  const delays = Array.from({ length: 12 }, (_, asked) => job.delayMs(asked, 0))
  expect(delays[0]).toBe(250)
  expect(delays[1]).toBe(325)
  expect(delays.at(-1)).toBe(3_000)
})

/** Asks after jobs of a model that nobody knows, all accepted at once; how often each was, and how late the last was found. */
function followAtOnce(lengthsMs: readonly number[]): { polls: number; lateMs: number } {
  const schedule = createPollSchedule()
  const jobs = lengthsMs.map((lengthMs) => ({ lengthMs, plan: schedule.follow('m'), asked: 0, lastMs: 0 }))
  const running = new Set(jobs)
  let lateMs = 0
  let nowMs = 0
  while (running.size > 0) {
    // As `pause` does it: what has been learned meanwhile may have a question be due already.
    const due = [...running].map((job) => ({
      job,
      dueMs: Math.max(nowMs, job.lastMs + job.plan.delayMs(job.asked, job.lastMs)),
    }))
    const [next] = due.sort((a, b) => a.dueMs - b.dueMs)
    if (!next) break
    const { job, dueMs } = next
    nowMs = dueMs
    const stepMs = nowMs - job.lastMs
    job.asked += 1
    job.lastMs = nowMs
    if (nowMs < job.lengthMs) continue
    running.delete(job)
    lateMs = Math.max(lateMs, nowMs - job.lengthMs)
    schedule.learn('m', { foundMs: nowMs, stepMs, tookMs: job.lengthMs })
  }
  return { polls: jobs.reduce((sum, { asked }) => sum + asked, 0) / jobs.length, lateMs }
}

it('the first end tells of jobs of a model that nobody knows: fifty are found within 100 ms, with hardly a question more than a lone one', () => {
  for (const lengthMs of [700, 2_000, 2_400, 9_000, 40_000]) {
    const alone = follow(createPollSchedule(), [lengthMs])
    const { polls, lateMs } = followAtOnce(Array<number>(50).fill(lengthMs))
    expect(lateMs).toBeLessThan(100)
    expect(polls).toBeLessThanOrEqual(alone.polls + 1)
  }
})

it('those who wait hear of the first ends of their model, and of no others', async () => {
  const schedule = createPollSchedule()
  const job = schedule.follow('m')
  let heard = 0
  const listen = () => job.news()?.then(() => (heard += 1))
  const other = schedule.follow('other').news()
  for (let ends = 0; ends < 5; ends += 1) {
    const news = listen()
    schedule.learn('m', { foundMs: 2_000, stepMs: 100, tookMs: 2_000 })
    await news
  }
  expect(heard).toBe(5)
  expect(job.news()).toBeNull()
  expect(await Promise.race([other, Promise.resolve('nothing')])).toBe('nothing')
})

it('a first end brings the next question of a job forward, never behind what it was', () => {
  const schedule = createPollSchedule()
  const job = schedule.follow('m')
  const before = job.delayMs(4, 1_546)
  schedule.learn('m', { foundMs: 2_000, stepMs: 100, tookMs: 2_000 })
  expect(before).toBeGreaterThan(700)
  expect(job.delayMs(4, 1_546)).toBe(2_000 - 1_546)
  expect(job.delayMs(0, 0)).toBe(250)
})

it('a job that was still at work when a first one had ended is asked for again soon, and ever more rarely', () => {
  const schedule = createPollSchedule()
  const job = schedule.follow('m')
  // Its acceptance was heard of 25 ms late.
  schedule.learn('m', { foundMs: 1_975, stepMs: 100, tookMs: 2_000 })
  expect(job.delayMs(4, 1_977)).toBe(50)
  expect(job.delayMs(4, 1_960)).toBe(50)
  const later = [2_100, 2_500, 3_000, 5_000].map((elapsedMs) => job.delayMs(6, elapsedMs))
  expect(later).toEqual([...later].sort((a, b) => a - b))
  expect(later.at(-1)).toBeGreaterThan(800)
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
  expect(schedule.follow('m').delayMs(0, 0)).toBeLessThan(1_400)
})

it('a job that takes longer than all before it is asked after ever more rarely', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(1_600, 2_400, 60))
  const late = [3_000, 6_000, 12_000, 60_000].map((elapsedMs) => schedule.follow('m').delayMs(9, elapsedMs))
  expect(late).toEqual([...late].sort((a, b) => a - b))
  expect(late.at(-1)).toBe(3_000)
})

it('what one model takes says nothing of another', () => {
  const schedule = createPollSchedule()
  follow(schedule, spread(9_000, 11_000, 60))
  expect(schedule.follow('other').delayMs(0, 0)).toBe(250)
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
  expect(schedule.follow('m').delayMs(0, 0)).toBeLessThanOrEqual(2_000)
  for (let count = 0; count < 50; count += 1)
    schedule.learn('m', { foundMs: 2_000, stepMs: 100, tookMs: Number.NaN })
  expect(schedule.follow('m').delayMs(0, 0)).toBeGreaterThanOrEqual(1_850)
})
