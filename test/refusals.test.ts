import { describe, expect, it } from 'vitest'
import { resume } from '../src/resume.ts'
import { frontOf } from './support/front.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import type { MoneyRig } from './support/money-rig.ts'
import { accountOf } from './support/ledger.ts'
import { hurriedClock, KEY, manifestOf, testProject } from './support/project.ts'

const lamp = { prompt: 'lamp' }
const REFUSED = { said: ['purchase/refused a'], exit: 4, paid: [1, 1], journal: ['refused'], files: ['b'] }

function refuse({ project }: MoneyRig): void {
  project.emulator.control.addFault({ fault: 'failed-policy', when: lamp })
}

function withPolicy(refused: string, prompt = 'A lamp.'): string {
  return manifestOf({ a: { prompt, policy: { refused } }, b: LAMP_AND_MUG.b })
}

describe('words that the service refuses', () => {
  it('are refused also when the answer to the submit was lost and the job is found by its key', async () => {
    const rig = await moneyRig()
    refuse(rig)
    rig.project.emulator.control.addFault({ fault: 'reset-after', when: { ...lamp, times: 1 } })
    expect(standingAfter(await rig.build(), rig)).toEqual(REFUSED)
    expect(rig.project.emulator.ledger().submissions).toMatchObject({ accepted: 2, replayed: 1 })
  })

  it('are remembered when only a later run learns of it', async () => {
    const rig = await moneyRig()
    refuse(rig)
    const front = await frontOf(rig.project.emulator)
    front.answer({ call: 'POST /v2/images', holding: 'lamp', status: 504, afterwards: true })
    const cutOff = { ...REFUSED, said: ['purchase/not-finished a'], journal: ['intended'] }
    expect(standingAfter(await rig.build(front.url), rig)).toEqual(cutOff)
    front.clear()
    rig.project.emulator.control.faults.replace([])
    expect(standingAfter(await rig.build(front.url), rig)).toMatchObject({
      paid: [1, 1],
      journal: ['refused'],
    })
    expect(standingAfter(await rig.build(front.url), rig)).toEqual(REFUSED)
    expect(rig.project.read('images/pixelkiln.lock.json')).toContain('"refused"')
  })

  it('are not asked again on a machine that has only the lock', async () => {
    const rig = await moneyRig()
    refuse(rig)
    await rig.build()
    const clone = await moneyRig()
    clone.project.write('images/pixelkiln.lock.json', rig.project.read('images/pixelkiln.lock.json'))
    const run = await clone.build()
    expect(run.codes).toContain('purchase/refused')
    expect(standingAfter(run, clone)).toMatchObject({ paid: [0, 0], journal: [] })
  })

  it('are not asked again for the candidates that are still missing, until somebody says so', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A lamp.', candidates: 3 } }))
    const { control, url } = project.emulator
    control.addFault({ fault: 'failed-policy', when: { nth: 2, times: 9 } })
    for (const builds of [1, 2, 3]) {
      const run = await project.build({ concurrency: 1 })
      expect([builds, ...run.codes, run.exitCode]).toEqual([builds, 'purchase/refused', 4])
      expect(accountOf(project.emulator, 'lamp')).toEqual({ charges: 3, refunds: 2 })
    }
    expect(project.exists('images/a-64.webp')).toBe(true)
    control.faults.replace([])
    const environment = { APIFRAME_BASE_URL: url, APIFRAME_API_KEY: KEY }
    await resume({ cwd: project.folder, clock: hurriedClock, environment, retry: ['a'] })
    expect((await project.build()).exitCode).toBe(0)
    expect(accountOf(project.emulator, 'lamp')).toEqual({ charges: 5, refunds: 2 })
  })

  it.each([
    ['they change', { prompt: 'A brass lamp.' }],
    ['"reroll" is raised', { prompt: 'A lamp.', reroll: 1 }],
  ])('are asked anew once %s', async (_, a) => {
    const rig = await moneyRig()
    refuse(rig)
    await rig.build()
    rig.project.emulator.control.faults.replace([])
    rig.project.write('pixelkiln.yaml', manifestOf({ ...LAMP_AND_MUG, a }))
    const run = await rig.build()
    expect([run.exitCode, run.finished.bought]).toEqual([0, 1])
    expect(rig.project.read('images/pixelkiln.lock.json')).not.toContain('"refused"')
  })
})

describe('policy.refused', () => {
  it('keep-previous leaves the picture of the earlier words in place', async () => {
    const rig = await moneyRig(withPolicy('keep-previous', 'A candle.'))
    expect((await rig.build()).exitCode).toBe(0)
    const before = rig.project.read('images/a-64.webp')
    rig.project.write('pixelkiln.yaml', withPolicy('keep-previous'))
    refuse(rig)
    const kept = { ...REFUSED, journal: ['stored', 'refused'], files: ['a', 'b'] }
    expect(standingAfter(await rig.build(), rig)).toEqual(kept)
    expect(standingAfter(await rig.build(), rig)).toEqual(kept)
    expect(rig.project.read('images/a-64.webp')).toBe(before)
  })

  it('fail stops the buying of this run', async () => {
    const rig = await moneyRig(withPolicy('fail'))
    refuse(rig)
    const run = await rig.build(undefined, { concurrency: 1 })
    expect(standingAfter(run, rig)).toEqual({ ...REFUSED, files: [] })
    expect(rig.project.bought()).toBe(1)
    expect(standingAfter(await rig.build(), rig)).toEqual(REFUSED)
  })

  it('placeholder puts a sketch in its place, and never over a bought picture', async () => {
    const rig = await moneyRig(withPolicy('placeholder'))
    refuse(rig)
    const run = await rig.build()
    expect(run.finished.drafts).toBe(1)
    expect(standingAfter(run, rig)).toMatchObject({ paid: [1, 1], files: ['a', 'b'] })
    const next = await rig.build()
    expect(standingAfter(next, rig)).toMatchObject({ said: [], exit: 0, paid: [1, 1], files: ['a', 'b'] })
    expect(next.result.notes.map(({ code }) => code)).toContain('purchase/refused')
  })

  it('placeholder keeps a bought picture of earlier words', async () => {
    const rig = await moneyRig(withPolicy('placeholder', 'A candle.'))
    await rig.build()
    const before = rig.project.read('images/a-64.webp')
    rig.project.write('pixelkiln.yaml', withPolicy('placeholder'))
    refuse(rig)
    await rig.build()
    await rig.build()
    expect(rig.project.read('images/a-64.webp')).toBe(before)
    expect(rig.project.bought()).toBe(3)
  })

  it('skip goes on without it, and says so in a note from the next run on', async () => {
    const rig = await moneyRig(withPolicy('skip'))
    refuse(rig)
    expect(standingAfter(await rig.build(), rig)).toMatchObject({ paid: [1, 1], files: ['b'] })
    const next = await rig.build()
    expect(standingAfter(next, rig)).toEqual({ ...REFUSED, said: [], exit: 0 })
    expect(next.result.notes.map(({ code }) => code)).toContain('purchase/refused')
  })

  it('an invalid request is sent again once it changes', async () => {
    const rig = await moneyRig()
    const front = await frontOf(rig.project.emulator)
    front.answer({ call: 'POST /v2/images', holding: 'lamp', status: 400, times: 1 })
    expect((await rig.build(front.url)).codes).toEqual(['purchase/rejected'])
    expect((await rig.build(front.url)).codes).toEqual(['purchase/rejected'])
    rig.project.write('pixelkiln.yaml', manifestOf({ ...LAMP_AND_MUG, a: { prompt: 'A brass lamp.' } }))
    const run = await rig.build(front.url)
    expect([run.exitCode, run.finished.bought]).toEqual([0, 1])
  })

  it.each(['placeholder', 'skip'])('%s is no answer to a request that is invalid', async (refused) => {
    const rig = await moneyRig(withPolicy(refused))
    const front = await frontOf(rig.project.emulator)
    front.answer({ call: 'POST /v2/images', holding: 'lamp', status: 400 })
    const rejected = { said: ['purchase/rejected a'], exit: 4, paid: [0, 0], journal: ['invalid'] }
    expect(standingAfter(await rig.build(front.url), rig)).toMatchObject(rejected)
    expect(standingAfter(await rig.build(front.url), rig)).toMatchObject(rejected)
  })
})
