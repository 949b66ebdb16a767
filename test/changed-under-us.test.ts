import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { BuildEvent } from '../src/core/events.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import type { Standing } from './support/money-rig.ts'
import { expectVerifiedStore } from './support/originals.ts'
import { manifestOf } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'
const JOURNAL = '.pixelkiln/journal.jsonl'
const BUILT: Standing = { said: [], exit: 0, paid: [1, 0], journal: ['stored'], files: ['a', 'b'] }

/** Does something at the first event of a type. */
function at(type: BuildEvent['type'], act: () => void): (event: BuildEvent) => void {
  let done = false
  return (event) => {
    if (done || event.type !== type) return
    done = true
    act()
  }
}

it('a manifest that is edited while a run buys is read by the next run', async () => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  const edit = (): void => rig.project.write('pixelkiln.yaml', manifestOf(LAMP_AND_MUG))
  expect((await rig.build(undefined, { onEvent: at('accepted', edit) })).exitCode).toBe(0)
  expect(rig.project.exists('images/b-64.webp')).toBe(false)
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

it.each([
  ['give way to a sketch', manifestOf({ b: { prompt: 'A mug.', model: 'sketch/scene' } })],
  ['are taken out with all others', manifestOf({})],
])('a purchase whose words %s meanwhile is stored all the same', async (_, manifest) => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  rig.project.emulator.control.addFault({ fault: 'file-missing' })
  expect((await rig.build()).codes).toEqual(['download/failed'])
  rig.project.emulator.control.faults.replace([])
  rig.project.write('pixelkiln.yaml', manifest)
  expect(standingAfter(await rig.build(), rig)).toMatchObject({ said: [], journal: ['stored'], paid: [1, 0] })
  rig.project.write('pixelkiln.yaml', manifestOf(LAMP_AND_MUG))
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

it('what somebody else writes into the lock meanwhile is kept beside what the run came to', async () => {
  const other = await moneyRig(manifestOf({ b: LAMP_AND_MUG.b }))
  await other.build()
  const pulled = other.project.read(LOCK)
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  await rig.build(undefined, { onEvent: at('accepted', () => rig.project.write(LOCK, pulled)) })
  expect([...rig.project.read(LOCK).matchAll(/^"([ab])": \{$/gm)].map(([, id]) => id)).toEqual(['a', 'b'])
})

it('a lock that cannot be read any more at the end of a run is left as it is, and nothing is lost', async () => {
  const rig = await moneyRig()
  const garble = (): void => rig.project.write(LOCK, '{ "lock": 1, "images"')
  const run = await rig.build(undefined, { onEvent: at('accepted', garble) })
  expect([run.codes, run.exitCode]).toEqual([['lock/unreadable'], 2])
  expect(rig.project.read(LOCK)).toBe('{ "lock": 1, "images"')
  expect((await rig.build()).codes).toEqual(['lock/unreadable'])
  rmSync(rig.project.path(LOCK))
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

it.each([
  ['removed', (path: string) => rmSync(path)],
  [
    'put back from a backup',
    (path: string) => {
      const bytes = readFileSync(path)
      renameSync(path, `${path}.old`)
      writeFileSync(path, bytes)
    },
  ],
  ['cut', (path: string) => writeFileSync(path, '')],
])('a journal that is %s meanwhile ends the buying, and nobody pays twice', async (_, act) => {
  const rig = await moneyRig()
  const onEvent = at('accepted', () => act(rig.project.path(JOURNAL)))
  const run = await rig.build(undefined, { concurrency: 1, onEvent })
  expect([run.codes, run.exitCode]).toEqual([['disk/failed'], 4])
  expect(rig.project.bought()).toBe(1)
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  await expectVerifiedStore(rig.project)
})

it.each(['images', '.pixelkiln/originals'])(
  'a folder that is deleted meanwhile (%s) is made anew',
  async (name) => {
    const rig = await moneyRig()
    await rig.build()
    rig.project.write('pixelkiln.yaml', manifestOf({ ...LAMP_AND_MUG, c: { prompt: 'A jug.' } }))
    const onEvent = at('bought', () => rmSync(rig.project.path(name), { recursive: true }))
    const run = await rig.build(undefined, { onEvent })
    expect([0, 4]).toContain(run.exitCode)
    await rig.build()
    expect(rig.project.bought()).toBe(3)
  },
)

it('an interrupted run sends nothing more, not even for a job that failed for want of capacity', async () => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  rig.project.emulator.control.addFault({ fault: 'failed-capacity', when: { times: 1 } })
  const stop = new AbortController()
  const onEvent = at('accepted', () => stop.abort())
  const run = await rig.build(undefined, { signal: stop.signal, graceMs: 3_600_000, onEvent })
  expect([run.exitCode, rig.project.bought()]).toEqual([130, 1])
  expect((await rig.build()).exitCode).toBe(0)
})

it('an interrupted run brings home what is in flight, and says how to go on', async () => {
  const rig = await moneyRig()
  const stop = new AbortController()
  const onEvent = at('accepted', () => stop.abort())
  const options = { signal: stop.signal, graceMs: 3_600_000, concurrency: 1, onEvent }
  const run = await rig.build(undefined, options)
  expect(standingAfter(run, rig)).toEqual({ ...BUILT, said: ['run/interrupted -'], exit: 130, files: ['a'] })
  expect(run.result.problems[0]?.message).toMatch(/1 of 2 purchases were made.*run the same command again/)
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

it.each([
  ['is to be sent', 'buying', null, 'not-sent'],
  ['was turned away with 429 and waits', 'braked', 'rate-limited', 'not-sent'],
  ['got a 503 and waits', 'braked', 'unavailable', 'intended'],
] as const)('an interrupted run lets go of a request that %s', async (_, moment, fault, step) => {
  const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
  if (fault !== null) rig.project.emulator.control.addFault({ fault, when: { times: 1 }, seconds: 5 })
  const stop = new AbortController()
  const onEvent = at(moment, () => stop.abort())
  const run = await rig.build(undefined, { signal: stop.signal, graceMs: 3_600_000, onEvent })
  const said = ['purchase/not-finished a', 'run/interrupted -']
  expect(standingAfter(run, rig)).toEqual({ said, exit: 130, paid: [0, 0], journal: [step], files: [] })
  expect(standingAfter(await rig.build(), rig)).toEqual({ ...BUILT, files: ['a'] })
})

it('an interrupted run sends no earlier request again either', async () => {
  const rig = await moneyRig()
  // Nothing reaches the service, so that both purchases stay open without a job.
  rig.project.emulator.control.addFault({ fault: 'server-error' })
  expect((await rig.build()).exitCode).toBe(4)
  rig.project.emulator.control.faults.replace([])
  const stop = new AbortController()
  const onEvent = at('buying', () => stop.abort())
  const run = await rig.build(undefined, { signal: stop.signal, concurrency: 1, onEvent })
  expect([run.exitCode, rig.project.bought()]).toEqual([130, 0])
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
})

it('when the end of a job cannot be written down, no request leaves for the one that takes its place', async () => {
  const rig = await moneyRig(manifestOf({ ...LAMP_AND_MUG, c: { prompt: 'A clock.' } }))
  const path = rig.project.path(JOURNAL)
  let journal = Buffer.alloc(0)
  let begun = 0
  const onEvent = ({ type }: BuildEvent): void => {
    begun += type === 'buying' ? 1 : 0
    if (type !== 'buying' || begun !== 3) return
    journal = readFileSync(path)
    rmSync(path)
  }
  const run = await rig.build(undefined, { concurrency: 1, onEvent })
  expect([run.codes, run.exitCode]).toEqual([['disk/failed', 'disk/failed'], 4])
  expect(rig.project.bought()).toBe(2)
  expect(journal.toString()).not.toContain('A clock.')
  writeFileSync(path, journal)
  expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  expect(rig.project.bought()).toBe(3)
})
