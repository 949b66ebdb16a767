import { describe, expect, it } from 'vitest'
import { frontOf } from './support/front.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import type { Standing } from './support/money-rig.ts'
import { manifestOf } from './support/project.ts'

const lamp = { prompt: 'lamp' }
const BUILT: Standing = { said: [], exit: 0, paid: [1, 0], journal: ['stored'], files: ['a', 'b'] }

it('without any network nothing is charged, and the next run buys everything', async () => {
  const rig = await moneyRig()
  // Port 9 is nobody's.
  const first = await rig.build('http://127.0.0.1:9')
  expect([first.codes, first.exitCode]).toEqual([['service/unreachable', 'service/unreachable'], 4])
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

describe('patience', () => {
  it.each([
    ['seconds', 'rate-limited'],
    ['a date', 'rate-limited-date'],
  ] as const)('waits for as long as Retry-After asks with %s, and then buys', async (_, fault) => {
    const rig = await moneyRig()
    rig.project.emulator.control.addFault({ fault, when: { ...lamp, times: 2 }, seconds: 30 })
    const beganMs = rig.clock.now()
    const run = await rig.build()
    expect(standingAfter(run, rig)).toEqual(BUILT)
    const brakes = run.events.filter((event) => event.type === 'braked').map(({ seconds }) => seconds)
    expect(brakes.length).toBe(2)
    // An HTTP date has whole seconds.
    for (const seconds of brakes) expect([30, 31]).toContain(seconds)
    expect(rig.clock.now() - beganMs).toBeGreaterThanOrEqual(60_000)
  })

  it.each(['unavailable', 'server-error', 'gateway-timeout', 'reset', 'reset-after'] as const)(
    'sends the same key again after "%s", in the same run',
    async (fault) => {
      const rig = await moneyRig()
      rig.project.emulator.control.addFault({ fault, when: { ...lamp, times: 3 } })
      expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
      const job = rig.project.emulator.ledger().jobs.find(({ prompt }) => prompt.includes('lamp'))
      expect(job?.replays).toBe(fault === 'reset-after' ? 3 : 0)
    },
  )
})

describe('what concerns the whole account', () => {
  it.each([
    ['an unknown key', 'key-unknown', 'service/key-wrong', 2],
    ['an inactive key', 'key-inactive', 'service/key-wrong', 2],
    ['a limit that does not go away', 'rate-limited', 'service/unreachable', 4],
  ] as const)('%s ends the buying after the first request', async (_, fault, code, exitCode) => {
    const rig = await moneyRig()
    rig.project.emulator.control.addFault({ fault })
    const run = await rig.build(undefined, { concurrency: 1 })
    expect([run.codes, run.exitCode]).toEqual([[code], exitCode])
    expect(rig.project.emulator.ledger().prompts).toEqual({})
    rig.project.emulator.control.faults.replace([])
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  })

  it.each([
    ['credits that run out', 402, 'service/credits b', 5],
    ['a key that is turned away', 401, 'service/key-wrong b', 2],
  ] as const)('%s: what waits to be tried anew is not sent either', async (_, status, said, exit) => {
    const rig = await moneyRig()
    const front = await frontOf(rig.project.emulator)
    rig.project.emulator.control.addFault({ fault: 'failed-capacity', when: { ...lamp, times: 1 } })
    front.answer({ call: 'POST /v2/images', holding: 'mug', status })
    const run = await rig.build(front.url)
    const refunded = { paid: [1, 1], journal: ['capacity'], files: [] }
    expect(standingAfter(run, rig)).toEqual({ said: [said, 'purchase/failed a'], exit, ...refunded })
    front.clear()
    const journal = ['capacity', 'stored']
    expect(standingAfter(await rig.build(front.url), rig)).toEqual({ ...BUILT, paid: [2, 1], journal })
  })

  it('credits that run out end also the sending of requests of an earlier run', async () => {
    const rig = await moneyRig()
    const front = await frontOf(rig.project.emulator)
    front.answer({ call: 'POST /v2/images', status: 500 })
    await rig.build(front.url)
    front.clear()
    front.answer({ call: 'POST /v2/images', status: 402, times: 1 })
    expect((await rig.build(front.url, { concurrency: 1 })).exitCode).toBe(5)
    expect(rig.project.bought()).toBe(0)
    expect(standingAfter(await rig.build(front.url), rig)).toEqual(BUILT)
  })

  it('credits that run out end the buying; what was bought before is built', async () => {
    const rig = await moneyRig(manifestOf({ ...LAMP_AND_MUG, c: { prompt: 'A jug.' } }), { credits: 21 })
    const { control, ledger } = rig.project.emulator
    const run = await rig.build(undefined, { concurrency: 1 })
    const said = ['service/credits b']
    expect(standingAfter(run, rig)).toEqual({ ...BUILT, said, exit: 5, files: ['a'] })
    expect(ledger().submissions.refusals).toEqual({ 402: 1 })
    control.addCredits(42)
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
    expect(ledger().credits.balance).toBe(0)
  })
})
