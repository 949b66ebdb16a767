import { describe, expect, it } from 'vitest'
import { BuildError } from '../src/core/build-error.ts'
import { resume } from '../src/resume.ts'
import { frontOf } from './support/front.ts'
import type { Front, FrontRule } from './support/front.ts'
import { accountOf } from './support/ledger.ts'
import { moneyRig, standingAfter } from './support/money-rig.ts'
import type { MoneyRig } from './support/money-rig.ts'
import { KEY, manifestOf } from './support/project.ts'

const MINUTE_MS = 60_000
const ONE = manifestOf({ a: { prompt: 'A lamp.' } })
const SUBMIT = { call: 'POST /v2/images/generate' } as const
const NO_JOBS: FrontRule = {
  call: 'GET /v2/jobs?',
  status: 200,
  body: '{"jobs":[],"nextCursor":null,"hasMore":false}',
}

interface FrontedRig {
  readonly rig: MoneyRig
  readonly front: Front
  /** Follows up without buying, as `pixelkiln resume` does without a decision. */
  readonly resumed: () => Promise<readonly string[]>
}

async function frontedRig(): Promise<FrontedRig> {
  const rig = await moneyRig(ONE)
  const front = await frontOf(rig.project.emulator)
  const environment = { APIFRAME_BASE_URL: front.url, APIFRAME_API_KEY: KEY }
  const resumed = async (): Promise<readonly string[]> => {
    try {
      await resume({ cwd: rig.project.folder, clock: rig.clock, environment })
      return []
    } catch (error) {
      if (error instanceof BuildError) return error.problems.map(({ code }) => code)
      throw error
    }
  }
  return { rig, front, resumed }
}

/** What the service says of the job for a while. */
function saying(job: Readonly<Record<string, unknown>>): FrontRule {
  return { call: 'GET /v2/jobs/', status: 200, body: JSON.stringify(job) }
}

describe('a purchase in doubt is asked about once more by resume, and its picture comes home', () => {
  it.each<readonly [string, readonly FrontRule[]]>([
    ['a job that nobody knew', [{ call: 'GET /v2/jobs/', status: 404 }]],
    ['a result that came late', [saying({ status: 'COMPLETED', result: null, creditCost: 21 })]],
    ['a result in another shape', [saying({ status: 'COMPLETED', result: { images: [{}] } })]],
    ['a failure that was none', [saying({ status: 'FAILED', error: 'odd', creditCost: null })]],
    ['an end that was none', [saying({ status: 'CANCELLED', error: null, creditCost: null })]],
    ['a conflict about a job that no list had', [{ ...SUBMIT, status: 409, afterwards: true }, NO_JOBS]],
  ])('after %s', async (_, trouble) => {
    const { rig, front, resumed } = await frontedRig()
    front.answer(...trouble)
    expect((await rig.build(front.url)).exitCode).not.toBe(0)
    const written = rig.project.read('.pixelkiln/journal.jsonl')
    expect(await resumed()).toEqual(['purchase/in-doubt'])
    expect(rig.project.read('.pixelkiln/journal.jsonl'), 'without news nothing is written').toBe(written)
    front.clear()
    expect((await rig.build(front.url)).codes).toEqual(['purchase/in-doubt'])
    expect(await resumed()).toEqual([])
    const end = standingAfter(await rig.build(front.url), rig)
    expect(end).toEqual({ said: [], exit: 0, paid: [1, 0], journal: ['stored'], files: ['a'] })
  })
})

it('a purchase in doubt that turns out to be refunded is bought anew by the next build', async () => {
  const { rig, front, resumed } = await frontedRig()
  rig.project.emulator.control.addFault({ fault: 'failed-other', when: { times: 1 } })
  front.answer(saying({ status: 'FAILED', error: 'odd', creditCost: null }))
  await rig.build(front.url)
  front.clear()
  expect(await resumed()).toEqual(['purchase/failed'])
  expect(accountOf(rig.project.emulator, 'lamp')).toMatchObject({ charges: 1, refunds: 1 })
  expect(standingAfter(await rig.build(front.url), rig)).toMatchObject({ exit: 0, paid: [2, 1] })
})

it('a purchase in doubt of another key is left alone', async () => {
  const { rig, front } = await frontedRig()
  front.answer({ call: 'GET /v2/jobs/', status: 404 })
  await rig.build(front.url)
  front.clear()
  const written = rig.project.read('.pixelkiln/journal.jsonl')
  const environment = { APIFRAME_BASE_URL: front.url, APIFRAME_API_KEY: 'afk_of_somebody_else' }
  const run = await rig.build(front.url, { buy: 'settle', environment })
  expect([run.codes, rig.project.read('.pixelkiln/journal.jsonl')]).toEqual([['purchase/in-doubt'], written])
})

it('a list that is behind makes no young purchase absent', async () => {
  const { rig, front } = await frontedRig()
  const lost = { ...SUBMIT, status: 504, afterwards: true, times: 1 }
  front.answer(lost, { ...SUBMIT, status: 400, times: 2 }, NO_JOBS)
  for (let run = 0; run < 3; run += 1) await rig.build(front.url)
  rig.clock.leap(15 * MINUTE_MS)
  front.clear()
  expect(standingAfter(await rig.build(front.url), rig)).toMatchObject({ exit: 0, paid: [1, 0] })
})

it('a purchase whose answer was lost does not take the job of one of the same words that was stored in the same run', async () => {
  const rig = await moneyRig(manifestOf({ a: { prompt: 'A lamp.', model: 'dall-e-3', candidates: 2 } }))
  const front = await frontOf(rig.project.emulator)
  const run = await rig.build(front.url, {
    concurrency: 1,
    onEvent: ({ type }) => {
      if (type === 'bought') front.answer({ ...SUBMIT, status: 409 })
    },
  })
  expect(standingAfter(run, rig)).toMatchObject({ paid: [1, 0], journal: ['stored', 'unreconciled'] })
})
