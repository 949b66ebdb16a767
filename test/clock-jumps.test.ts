import { expect, it } from 'vitest'
import type { BuildOptions } from '../src/build/options.ts'
import { printLine, replay } from '../src/core/journal.ts'
import { frontOf } from './support/front.ts'
import { moneyRig, standingAfter } from './support/money-rig.ts'
import type { MoneyRig } from './support/money-rig.ts'
import { leapingClock } from './support/leaping-clock.ts'
import { accountOf } from './support/ledger.ts'
import { KEY, manifestOf, testProject } from './support/project.ts'
import type { Run } from './support/project.ts'

const HOUR_MS = 3_600_000

/** The lamp was accepted and paid for, and the answer never came. */
async function cutOff(): Promise<{
  readonly rig: MoneyRig
  readonly build: (options?: BuildOptions) => Promise<Run>
}> {
  const rig = await moneyRig()
  const front = await frontOf(rig.project.emulator)
  front.answer({ call: 'POST /v2/images', holding: 'lamp', status: 504, afterwards: true })
  await rig.build(front.url)
  front.clear()
  return { rig, build: (options) => rig.build(front.url, options) }
}

it('a clock that goes two hours back after a request was sent does not buy it again', async () => {
  const { rig, build } = await cutOff()
  // Only ours: the service's clock is right.
  const clock = { ...rig.clock, now: () => rig.clock.now() - 2 * HOUR_MS }
  expect(standingAfter(await build({ clock }), rig)).toMatchObject({
    paid: [1, 0],
    exit: 0,
    files: ['a', 'b'],
  })
})

it('a request from a day ago is looked for and found, not sent again', async () => {
  const { rig, build } = await cutOff()
  rig.clock.leap(23 * HOUR_MS)
  expect(standingAfter(await build(), rig)).toMatchObject({ paid: [1, 0], exit: 0, files: ['a', 'b'] })
})

it('a job that answers to one purchase is never taken for that of an older one with the same words', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A lamp.', candidates: 2 } }))
  const front = await frontOf(project.emulator)
  front.answer({ call: 'POST /v2/images', status: 504 })
  const environment = { APIFRAME_BASE_URL: front.url, APIFRAME_API_KEY: KEY }
  await project.build({ clock: leapingClock(), environment })
  front.clear()
  const path = '.pixelkiln/journal.jsonl'
  const replayed = replay(project.read(path), path)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  const [first, second] = [...replayed.purchases.values()].map(({ intended }) => intended)
  if (!first || !second) throw new Error('two purchases are open')
  // Neither ever arrived; the first one was sent a day ago, the second a moment ago.
  const older = { ...first, at: new Date(Date.parse(first.at) - 21 * HOUR_MS).toISOString() }
  project.write(path, [older, second].map(printLine).join(''))
  expect((await project.build({ environment })).codes).toEqual(['purchase/failed'])
  expect((await project.build({ environment })).exitCode).toBe(0)
  const originals = project.files('.pixelkiln/originals').filter((name) => name.endsWith('.png'))
  expect([originals.length, accountOf(project.emulator, 'lamp').charges]).toEqual([2, 2])
})

it('an intent written down by a clock that was hours ahead is never called absent', async () => {
  const { rig, build } = await cutOff()
  const path = '.pixelkiln/journal.jsonl'
  // The same intent, as a clock five hours ahead would have dated it.
  const replayed = replay(rig.project.read(path), path)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  const open = [...replayed.purchases.values()].filter(({ stored }) => stored === null)
  const ahead = open.map(({ intended }) => {
    return { ...intended, at: new Date(Date.parse(intended.at) + 5 * HOUR_MS).toISOString() }
  })
  rig.project.write(path, ahead.map(printLine).join(''))
  rig.clock.leap(26 * HOUR_MS)
  const run = await build()
  expect([run.codes, run.exitCode]).toEqual([['purchase/in-doubt'], 7])
  expect(standingAfter(await build(), rig)).toMatchObject({ paid: [1, 0], said: ['purchase/in-doubt a'] })
})
