import { describe, expect, it } from 'vitest'
import type { BuildEvent } from '../src/core/events.ts'
import type { FaultRule } from '../src/emulator/faults.ts'
import { frontOf } from './support/front.ts'
import type { FrontRule } from './support/front.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import type { MoneyRig, Standing } from './support/money-rig.ts'
import { manifestOf } from './support/project.ts'

/** One answer of the service about the lamp, and what this run and the next one, without it, make of it. */
interface Row {
  readonly what: string
  readonly trouble: FaultRule | readonly FrontRule[]
  readonly now: Expected
  readonly next: Expected
}

/** What is said, exit code, charges, refunds, journal. */
type Expected = readonly [
  said: string | null,
  exit: number,
  charges: number,
  refunds: number,
  journal: readonly string[],
]

const lamp = { prompt: 'lamp' }
const submit = { call: 'POST /v2/images/generate', holding: 'lamp' } as const
/** The list of jobs cannot be had, which a single job can. */
const UNLISTED = { call: 'GET /v2/jobs?', status: 503 } as const
const STORED: Expected = [null, 0, 1, 0, ['stored']]
const OPEN: Expected = ['purchase/not-finished', 4, 0, 0, ['intended']]
const OPEN_AND_PAID: Expected = ['purchase/not-finished', 4, 1, 0, ['intended']]

const ENDED: readonly Row[] = [
  {
    what: 'FAILED with words of refusal',
    trouble: { fault: 'failed-policy', when: lamp },
    now: ['purchase/refused', 4, 1, 1, ['refused']],
    next: ['purchase/refused', 4, 1, 1, ['refused']],
  },
  {
    what: 'FAILED for want of capacity, again and again',
    trouble: { fault: 'failed-capacity', when: lamp },
    now: ['purchase/failed', 4, 4, 4, ['capacity', 'capacity', 'capacity', 'capacity']],
    next: [null, 0, 5, 4, ['capacity', 'capacity', 'capacity', 'capacity', 'stored']],
  },
  {
    what: 'FAILED for want of capacity, twice',
    trouble: { fault: 'failed-capacity', when: { ...lamp, times: 2 } },
    now: [null, 0, 3, 2, ['capacity', 'capacity', 'stored']],
    next: [null, 0, 3, 2, ['capacity', 'capacity', 'stored']],
  },
  {
    what: 'FAILED for another reason, refunded',
    trouble: { fault: 'failed-other', when: lamp },
    now: ['purchase/failed', 4, 1, 1, ['other']],
    next: [null, 0, 2, 1, ['other', 'stored']],
  },
  {
    what: 'FAILED without a word about the refund',
    trouble: { fault: 'failed-unrefunded', when: lamp },
    now: ['purchase/failed', 4, 1, 0, ['refund-unknown']],
    next: ['purchase/in-doubt', 7, 1, 0, ['refund-unknown']],
  },
  {
    what: 'CANCELLED',
    trouble: { fault: 'cancelled', when: lamp },
    now: ['purchase/failed', 4, 1, 0, ['refund-unknown']],
    next: ['purchase/in-doubt', 7, 1, 0, ['refund-unknown']],
  },
  {
    what: 'COMPLETED without pictures',
    trouble: { fault: 'empty-images', when: lamp },
    now: ['purchase/incomplete', 4, 1, 0, ['incomplete']],
    next: ['purchase/in-doubt', 7, 1, 0, ['incomplete']],
  },
  {
    what: 'COMPLETED, and expired',
    trouble: { fault: 'expired', when: lamp },
    now: ['purchase/lost', 7, 1, 0, ['expired']],
    next: ['purchase/in-doubt', 7, 1, 0, ['expired']],
  },
  {
    what: '404 for a job that was accepted',
    trouble: { fault: 'job-gone', when: lamp },
    now: ['purchase/lost', 7, 1, 0, ['gone']],
    next: ['purchase/in-doubt', 7, 1, 0, ['gone']],
  },
]

const REFUSED: readonly Row[] = [
  {
    what: '400',
    trouble: [{ ...submit, status: 400 }],
    now: ['purchase/rejected', 4, 0, 0, ['invalid']],
    next: ['purchase/rejected', 4, 0, 0, ['invalid']],
  },
  {
    what: '401',
    trouble: { fault: 'key-unknown', when: lamp },
    now: ['service/key-wrong', 2, 0, 0, ['not-sent']],
    next: STORED,
  },
  {
    what: '401 while the job runs',
    trouble: { fault: 'key-unknown', when: { ...lamp, route: 'job' } },
    now: ['service/key-wrong', 2, 1, 0, ['accepted']],
    next: STORED,
  },
  {
    what: '402',
    trouble: [{ ...submit, status: 402 }],
    now: ['service/credits', 5, 0, 0, ['not-sent']],
    next: STORED,
  },
  {
    what: '403',
    trouble: { fault: 'key-inactive', when: lamp },
    now: ['service/key-wrong', 2, 0, 0, ['not-sent']],
    next: STORED,
  },
  {
    what: '403 of a filter in front of the service',
    trouble: { fault: 'blocked', when: lamp },
    now: ['service/key-wrong', 2, 0, 0, ['not-sent']],
    next: STORED,
  },
  {
    what: '409 about a job of ours',
    trouble: [{ ...submit, status: 409, afterwards: true }],
    now: STORED,
    next: STORED,
  },
  {
    what: '409 about a job that cannot be found',
    trouble: [{ ...submit, status: 409 }],
    now: ['purchase/in-doubt', 7, 0, 0, ['unreconciled']],
    next: ['purchase/in-doubt', 7, 0, 0, ['unreconciled']],
  },
  {
    what: '409 while nobody can be asked about the job',
    trouble: [{ ...submit, status: 409 }, UNLISTED],
    now: OPEN,
    next: STORED,
  },
  {
    what: '409 about a job of ours while nobody can be asked about it',
    trouble: [{ ...submit, status: 409, afterwards: true }, UNLISTED],
    now: OPEN_AND_PAID,
    next: STORED,
  },
]

const NOT_SENT: Expected = ['service/unreachable', 4, 0, 0, ['not-sent']]

const UNREACHED: readonly Row[] = [
  { what: '408', trouble: [{ ...submit, status: 408 }], now: OPEN, next: STORED },
  {
    what: '408 after the job was made',
    trouble: [{ ...submit, status: 408, afterwards: true }],
    now: OPEN_AND_PAID,
    next: STORED,
  },
  {
    what: '429 with seconds',
    trouble: { fault: 'rate-limited', when: lamp, seconds: 20 },
    now: NOT_SENT,
    next: STORED,
  },
  {
    what: '429 with a date',
    trouble: { fault: 'rate-limited-date', when: lamp, seconds: 20 },
    now: NOT_SENT,
    next: STORED,
  },
  {
    what: '429 without either',
    trouble: { fault: 'rate-limited-bare', when: lamp },
    now: NOT_SENT,
    next: STORED,
  },
  { what: '500', trouble: { fault: 'server-error', when: lamp }, now: OPEN, next: STORED },
  { what: '502', trouble: [{ ...submit, status: 502 }], now: OPEN, next: STORED },
  {
    what: '502 after the job was made',
    trouble: [{ ...submit, status: 502, afterwards: true }],
    now: OPEN_AND_PAID,
    next: STORED,
  },
  { what: '503', trouble: { fault: 'unavailable', when: lamp }, now: OPEN, next: STORED },
  {
    what: '504 as a page of HTML',
    trouble: { fault: 'gateway-timeout', when: lamp },
    now: OPEN,
    next: STORED,
  },
  { what: 'a reset before arrival', trouble: { fault: 'reset', when: lamp }, now: OPEN, next: STORED },
  {
    what: 'a reset after arrival',
    trouble: { fault: 'reset-after', when: lamp },
    now: OPEN_AND_PAID,
    next: STORED,
  },
]

describe.each([
  ['a job that ended', ENDED],
  ['a submit that was turned away', REFUSED],
  ['a submit without a clear answer', UNREACHED],
])('%s', (_, rows) => {
  it.each(rows)('$what: this run, the next one, and from then on', async ({ trouble, now, next }) => {
    const rig = await moneyRig()
    const { url, mend } = await troubled(rig, trouble)
    expect(standingAfter(await rig.build(url), rig)).toEqual(standingOf(now))
    mend()
    expect(standingAfter(await rig.build(url), rig)).toEqual(standingOf(next))
    expect(standingAfter(await rig.build(url), rig)).toEqual(standingOf(next))
  })
})

/** Puts the trouble in place: a fault of the emulator, or an answer of something in front of it. */
async function troubled(
  { project }: MoneyRig,
  trouble: Row['trouble'],
): Promise<{ readonly url: string; readonly mend: () => void }> {
  const { control, url } = project.emulator
  if ('fault' in trouble) {
    control.addFault(trouble)
    return { url, mend: () => control.faults.replace([]) }
  }
  const front = await frontOf(project.emulator)
  front.answer(...trouble)
  return { url: front.url, mend: front.clear }
}

/** The mug has its files in any case; the lamp has them when nothing is said about it. */
function standingOf([said, exit, charges, refunds, journal]: Expected): Standing {
  return {
    said: said === null ? [] : [`${said} a`],
    exit,
    paid: [charges, refunds],
    journal,
    files: said === null ? ['a', 'b'] : ['b'],
  }
}

it('a job that completes with too few pictures leaves what came in use, and the rest to a person', async () => {
  const a = { prompt: 'A lamp.', model: 'gpt-image-2', candidates: 3 }
  const rig = await moneyRig(manifestOf({ ...LAMP_AND_MUG, a }))
  rig.project.emulator.control.addFault({ fault: 'fewer-images', when: lamp })
  const first = await rig.build(undefined, { allowUnknownPrices: true })
  const expected = { paid: [1, 0], journal: ['incomplete'], files: ['a', 'b'] }
  expect(standingAfter(first, rig)).toEqual({ said: ['purchase/incomplete a'], exit: 4, ...expected })
  expect(rig.project.files('.pixelkiln/originals').filter((name) => name.endsWith('.png'))).toHaveLength(3)
  rig.project.emulator.control.faults.replace([])
  const second = await rig.build(undefined, { allowUnknownPrices: true })
  expect(standingAfter(second, rig)).toEqual({ said: ['purchase/in-doubt a'], exit: 7, ...expected })
})

it('FAILED for want of capacity without a word about the refund is not bought anew, but a person decides', async () => {
  const rig = await moneyRig()
  const front = await frontOf(rig.project.emulator)
  const body = '{"status":"FAILED","error":"No available capacity","creditCost":null}'
  front.answer({ call: 'GET /v2/jobs/', status: 200, body })
  const run = await rig.build(front.url, { concurrency: 1 })
  expect([run.codes, run.exitCode, rig.project.bought()]).toEqual([
    ['purchase/failed', 'purchase/failed'],
    4,
    2,
  ])
  front.clear()
  const next = await rig.build(front.url)
  expect([next.exitCode, rig.project.bought()]).toEqual([7, 2])
})

it.each(['job-gone', 'expired'] as const)(
  'what is lost (%s) says its cost, and how to decide',
  async (fault) => {
    const rig = await moneyRig()
    rig.project.emulator.control.addFault({ fault, when: lamp })
    for (const said of ['purchase/lost', 'purchase/in-doubt']) {
      const { problems } = (await rig.build()).result
      expect(problems.map((problem) => problem.code)).toEqual([said])
      for (const words of ['21 credits', 'resume --resubmit a', 'resume --forget a'])
        expect(problems[0]?.message).toContain(words)
    }
  },
)

it('a job that failed for want of capacity is tried again after 5, 15 and 30 seconds', async () => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  rig.project.emulator.control.addFault({ fault: 'failed-capacity' })
  const times: number[] = []
  const onEvent = ({ type }: BuildEvent): void => void (type === 'buying' && times.push(rig.clock.now()))
  await rig.build(undefined, { onEvent })
  const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  expect(waits.map((ms) => Math.floor(ms / 5_000))).toEqual([1, 3, 6])
})

it('404 for a job that the service only hears of a moment later is waited out', async () => {
  const rig = await moneyRig()
  rig.project.emulator.control.addFault({ fault: 'job-gone', when: { ...lamp, times: 3 } })
  expect(standingAfter(await rig.build(), rig)).toEqual(standingOf(STORED))
})

it('400 to the second try of a request whose first was accepted is settled by looking for the job', async () => {
  const rig = await moneyRig()
  const front = await frontOf(rig.project.emulator)
  front.answer({ ...submit, status: 504, afterwards: true, times: 1 }, { ...submit, status: 400 })
  expect(standingAfter(await rig.build(front.url), rig)).toEqual(standingOf(OPEN_AND_PAID))
  expect(standingAfter(await rig.build(front.url), rig)).toEqual(standingOf(STORED))
})
