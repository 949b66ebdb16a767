import { expect, it } from 'vitest'
import { frontOf } from './support/front.ts'
import { moneyRig, standingAfter } from './support/money-rig.ts'
import { manifestOf } from './support/project.ts'

const MINUTE_MS = 60_000
const ONE = manifestOf({ a: { prompt: 'A lamp.' } })
const SUBMIT = { call: 'POST /v2/images/generate' } as const
const NO_JOBS = {
  call: 'GET /v2/jobs?',
  status: 200,
  body: '{"jobs":[],"nextCursor":null,"hasMore":false}',
}

it('a list that is behind makes no young purchase absent', async () => {
  const rig = await moneyRig(ONE)
  const front = await frontOf(rig.project.emulator)
  const lost = { ...SUBMIT, status: 504, afterwards: true, times: 1 }
  front.answer(lost, { ...SUBMIT, status: 400, times: 2 }, NO_JOBS)
  for (let run = 0; run < 3; run += 1) await rig.build(front.url)
  rig.clock.leap(15 * MINUTE_MS)
  front.clear()
  expect(standingAfter(await rig.build(front.url), rig)).toMatchObject({ exit: 0, paid: [1, 0] })
})
