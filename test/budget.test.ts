import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreeOn } from '../src/build/money.ts'
import type { BuildOptions } from '../src/build/options.ts'
import { createPurse } from '../src/core/budget.ts'
import { printLine, replay } from '../src/core/journal.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import { KEY, manifestOf } from './support/project.ts'

const TWENTY = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`p${index}`, { prompt: `Picture ${index}`, alt: 'p' }]),
)

describe('the purse of a run', () => {
  it('never lets out more than the limit, whatever is reserved and settled in whatever order', () => {
    const step = fc.record({
      price: fc.integer({ min: 1, max: 50 }),
      settles: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 300 }), (steps, limit) => {
        const purse = createPurse(limit)
        const flying: number[] = []
        for (const { price, settles } of steps) {
          if (purse.reserve(price)) flying.push(price)
          expect(purse.spent() + flying.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(limit)
          for (const each of flying.splice(0, settles)) purse.settle(each, each % 3 === 0 ? 0 : each)
        }
      }),
    )
  })

  it('keeps what may have been charged, and counts what cost more than was set aside', () => {
    const purse = createPurse(50)
    expect(purse.reserve(20)).toBe(true)
    purse.settle(20, null)
    expect(purse.reserve(20)).toBe(true)
    purse.settle(20, 31)
    expect(purse.spent()).toBe(51)
    expect(purse.reserve(1)).toBe(false)
  })
})

describe('a budget for seven of twenty pictures', () => {
  it('buys none of them, and says so', async () => {
    const rig = await moneyRig(manifestOf(TWENTY))
    const run = await rig.build(undefined, { budget: 150, concurrency: 20 })
    expect([run.codes, run.exitCode, rig.project.bought()]).toEqual([['budget/exceeded'], 5, 0])
  })

  it('buys seven with --partial, with all twenty at once too', async () => {
    const rig = await moneyRig(manifestOf(TWENTY))
    const run = await rig.build(undefined, { budget: 150, concurrency: 20, partial: true })
    expect([run.codes, run.exitCode, rig.project.bought()]).toEqual([['budget/exceeded'], 5, 7])
    expect(rig.project.emulator.ledger().credits.charged).toBe(147)
  })

  it('counts what is in doubt as spent', async () => {
    const rig = await moneyRig(manifestOf(TWENTY))
    rig.project.emulator.control.addFault({ fault: 'cancelled' })
    await rig.build(undefined, { budget: 150, concurrency: 1, partial: true })
    expect(rig.project.bought()).toBe(7)
  })
})

it('a budget holds where pictures cost more than was known: the next one sets aside what the last one came to', async () => {
  const rig = await moneyRig(manifestOf(TWENTY), { prices: { 'dall-e-3': 30 } })
  const run = await rig.build(undefined, { budget: 84, concurrency: 1, partial: true })
  expect([run.exitCode, rig.project.bought()]).toEqual([5, 2])
  expect(run.result.problems.at(-1)?.message).toContain('30 credits more would pass the budget')
})

const YES = async (): Promise<boolean> => Promise.resolve(true)
const NO = async (): Promise<boolean> => Promise.resolve(false)

describe('the question whether to buy', () => {
  // A service that runs here is bought from without a question; this name leads nowhere, and nothing is sent to it.
  const environment = { APIFRAME_BASE_URL: 'https://api.invalid', APIFRAME_API_KEY: KEY }

  it.each(['pixelkiln.yaml', 'images/pixelkiln.lock.json', 'pixelkiln.config.json'])(
    'is about what was shown: when %s changes before the answer, nothing is bought',
    async (name) => {
      const rig = await moneyRig()
      const agree = async (): Promise<boolean> => {
        await Promise.resolve(rig.project.write(name, '{}'))
        return true
      }
      const run = await rig.build(undefined, { environment, agree })
      expect(run.codes[0]).toBe('budget/not-agreed')
      expect(rig.project.exists('.pixelkiln/journal.jsonl')).toBe(false)
    },
  )

  it('and its answer set the limit of the run', async () => {
    const rig = await moneyRig()
    const { jobs } = (await rig.build(undefined, { buy: false })).result.plan ?? { jobs: [] }
    const buys = jobs.flatMap((job) => (job.kind === 'buy' ? [job] : []))
    const limitOf = async (options: BuildOptions, day?: number): Promise<number | null> => {
      const budget = day === undefined ? {} : { day }
      const terms = { hasKey: true, loopback: false, budget, today: 0, stillStands: () => true }
      const agreed = await agreeOn(buys, { ...terms, options: { buy: true, ...options } })
      return agreed.jobs.length === 2 ? agreed.limit : 0
    }
    expect(await limitOf({ agree: YES })).toBe(42)
    expect(await limitOf({ agree: YES }, 50)).toBe(42)
    expect(await limitOf({ agree: YES }, 41)).toBe(0)
    expect(await limitOf({ agree: NO })).toBe(0)
    // Where nobody can be asked.
    expect(await limitOf({})).toBe(300)
    expect(await limitOf({ budget: 50 })).toBe(50)
  })
})

it('a price that nobody knows is over every budget, unless that is allowed', async () => {
  const rig = await moneyRig(manifestOf({ a: { prompt: 'A lamp.', model: 'reve-create' } }))
  const run = await rig.build(undefined, { budget: 1000 })
  expect([run.codes, run.exitCode, rig.project.bought()]).toEqual([['budget/unknown-price'], 5, 0])
  const allowed = await rig.build(undefined, { budget: 1000, allowUnknownPrices: true })
  expect([allowed.exitCode, rig.project.bought()]).toEqual([0, 1])
})

it("a day's budget holds over runs, counts what is in doubt, and is whole again the next day", async () => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  rig.project.write('pixelkiln.config.json', '{ "budget": { "day": 42 } }')
  rig.project.emulator.control.addFault({ fault: 'cancelled', when: { prompt: 'lamp' } })
  expect((await rig.build()).exitCode).toBe(4)
  rig.project.write('pixelkiln.yaml', manifestOf({ b: LAMP_AND_MUG.b, c: { prompt: 'A jug.' } }))
  const full = await rig.build()
  expect([full.codes, full.exitCode, rig.project.bought()]).toEqual([['budget/exceeded'], 5, 1])
  expect((await rig.build(undefined, { only: ['b'] })).exitCode).toBe(0)
  expect((await rig.build()).codes).toEqual(['budget/exceeded'])
  rig.clock.leap(24 * 3_600_000)
  expect((await rig.build()).exitCode).toBe(0)
  expect(rig.project.bought()).toBe(3)
})

it("a day's budget counts what was bought by a clock that was a day ahead", async () => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  rig.project.write('pixelkiln.config.json', '{ "budget": { "day": 21 } }')
  rig.clock.leap(24 * 3_600_000)
  expect((await rig.build()).exitCode).toBe(0)
  rig.clock.leap(-24 * 3_600_000)
  rig.project.write('pixelkiln.yaml', manifestOf(LAMP_AND_MUG))
  expect([(await rig.build()).codes, rig.project.bought()]).toEqual([['budget/exceeded'], 1])
})

it('a purchase in doubt holds its words back also when a newer model table asks for them in another way', async () => {
  const rig = await moneyRig()
  rig.project.emulator.control.addFault({ fault: 'cancelled', when: { prompt: 'lamp' } })
  await rig.build()
  const path = '.pixelkiln/journal.jsonl'
  const replayed = replay(rig.project.read(path), path)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  const asked = [...replayed.purchases.values()].find(({ intended }) => intended.images.includes('a'))
  if (!asked?.failed || asked.job === null) throw new Error('the lamp is not in doubt')
  const { intended, failed } = asked
  const accepted = { step: 'accepted', purchase: intended.purchase, at: intended.at, job: asked.job } as const
  const older = { ...intended, request: 'f'.repeat(intended.request.length) }
  rig.project.write(path, [older, accepted, failed].map(printLine).join(''))
  expect(standingAfter(await rig.build(), rig)).toMatchObject({ said: ['purchase/in-doubt a'], paid: [1, 0] })
})
