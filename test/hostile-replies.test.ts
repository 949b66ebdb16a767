import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FaultName } from '../src/emulator/fault-names.ts'
import { frontOf } from './support/front.ts'
import { LAMP_AND_MUG, moneyRig, standingAfter } from './support/money-rig.ts'
import type { MoneyRig, Standing } from './support/money-rig.ts'
import { expectVerifiedStore, originalsOf } from './support/originals.ts'
import { manifestOf } from './support/project.ts'

const lamp = { prompt: 'lamp' }
const DAY_MS = 24 * 3_600_000
const BUILT: Standing = { said: [], exit: 0, paid: [1, 0], journal: ['stored'], files: ['a', 'b'] }

/** The lamp is paid for and not there yet; the mug is. */
function waiting(code: string, journal = 'accepted'): Standing {
  return { said: [`${code} a`], exit: 4, paid: [1, 0], journal: [journal], files: ['b'] }
}

/** Nobody but a person can go on with the lamp. */
function doubtful(journal: string): Standing {
  return { said: ['purchase/in-doubt a'], exit: 7, paid: [1, 0], journal: [journal], files: ['b'] }
}

function strike({ project }: MoneyRig, fault: FaultName): void {
  project.emulator.control.addFault({ fault, when: lamp })
}

function mend({ project }: MoneyRig): void {
  project.emulator.control.faults.replace([])
}

function downloadsOf({ project }: MoneyRig): number | undefined {
  return project.emulator.ledger().jobs.find(({ prompt }) => prompt.includes('lamp'))?.downloads
}

describe('a file that is no picture, or cannot be had', () => {
  it.each([
    ['picture-truncated', 'download/not-a-picture'],
    ['picture-cut', 'download/failed'],
    ['picture-html', 'download/not-a-picture'],
    ['picture-empty', 'download/not-a-picture'],
    ['picture-svg', 'download/not-a-picture'],
    ['picture-bomb', 'download/not-a-picture'],
    ['picture-endless', 'download/failed'],
    ['file-missing', 'download/failed'],
    ['redirect-private', 'download/hostile'],
    ['redirect-file', 'download/hostile'],
    ['redirect-loop', 'download/hostile'],
  ] as const)(
    '%s: is kept out of the store, and fetched by the next run without paying',
    async (fault, code) => {
      const rig = await moneyRig()
      strike(rig, fault)
      expect(standingAfter(await rig.build(), rig)).toEqual(waiting(code))
      expect(originalsOf(rig.project)).toHaveLength(1)
      await expectVerifiedStore(rig.project)
      mend(rig)
      expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
      expect(originalsOf(rig.project)).toHaveLength(2)
      await expectVerifiedStore(rig.project)
    },
  )

  it.each(['picture-truncated', 'picture-bomb', 'picture-svg', 'picture-html'] as const)(
    '%s: lies in the store as it came, for the service has it for a day only',
    async (fault) => {
      const rig = await moneyRig()
      strike(rig, fault)
      const [problem] = (await rig.build()).result.problems
      const [name = ''] = rig.project.files('.pixelkiln/originals/unusable')
      expect(problem?.message).toContain(`as unusable/${name}.`)
      const bytes = readFileSync(rig.project.path(`.pixelkiln/originals/unusable/${name}`))
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(name)
      await rig.build()
      expect(rig.project.files('.pixelkiln/originals/unusable')).toEqual([name])
    },
  )

  it.each([
    'picture-cut',
    'picture-html',
    'picture-empty',
    'picture-svg',
    'picture-truncated',
    'file-missing',
  ] as const)('%s: is tried four times, and the fourth may do', async (fault) => {
    const rig = await moneyRig()
    rig.project.emulator.control.addFault({ fault, when: { ...lamp, times: 7 } })
    expect((await rig.build()).exitCode).toBe(4)
    expect(downloadsOf(rig)).toBe(4)
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
    expect(downloadsOf(rig)).toBe(8)
  })

  it.each(['private-url', 'file-url'] as const)(
    '%s: an address that leads astray is never asked, however often the service names it',
    async (fault) => {
      const rig = await moneyRig()
      strike(rig, fault)
      expect(standingAfter(await rig.build(), rig)).toEqual(waiting('download/hostile'))
      const again = await rig.build()
      expect([again.codes.includes('download/hostile'), again.exitCode]).toEqual([true, 4])
      expect(new Set(again.result.problems.map(({ image }) => image))).toEqual(new Set(['a']))
      expect(downloadsOf(rig)).toBe(0)
      await expectVerifiedStore(rig.project)
    },
  )

  it('a picture that drips holds up no other, and is left to the next run when this one is stopped', async () => {
    // On a clock of its own the service drips in real time.
    const rig = await moneyRig(manifestOf(LAMP_AND_MUG), { clock: undefined })
    strike(rig, 'picture-slow')
    const stop = new AbortController()
    const dripping = rig.build(undefined, { signal: stop.signal, graceMs: 0 })
    await expect.poll(() => downloadsOf(rig)).toBe(1)
    await expect.poll(() => rig.project.exists('images/b-96.jpeg')).toBe(true)
    stop.abort()
    expect((await dripping).exitCode).toBe(130)
    await expectVerifiedStore(rig.project)
    mend(rig)
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
  })

  it('a picture that drips for an hour is given up after a while, and fetched by the next run', async () => {
    // The drip is real, and so is the cap on a download; the wait for another try is not, and uses up its time.
    const rig = await moneyRig(manifestOf(LAMP_AND_MUG), { clock: undefined })
    strike(rig, 'picture-slow')
    const dripped = await rig.build(undefined, { downloadMs: 1_500 })
    expect(standingAfter(dripped, rig)).toEqual(waiting('download/failed'))
    mend(rig)
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
    await expectVerifiedStore(rig.project)
  })
})

describe('files past the retention of the service', () => {
  it.each([
    ['by its own word', DAY_MS],
    ['by the age of the purchase alone', 30 * DAY_MS],
  ])('are lost %s, and not bought again', async (_, retentionMs) => {
    const rig = await moneyRig(manifestOf(LAMP_AND_MUG), { retentionMs })
    strike(rig, 'file-missing')
    expect(standingAfter(await rig.build(), rig)).toEqual(waiting('download/failed'))
    rig.clock.leap(25 * 3_600_000)
    const late = await rig.build()
    expect([late.codes.includes('purchase/lost'), late.exitCode]).toEqual([true, 7])
    mend(rig)
    expect(standingAfter(await rig.build(), rig)).toEqual(doubtful('expired'))
    await expectVerifiedStore(rig.project)
  })
})

describe('a result with other pictures than were asked for', () => {
  it.each(['empty-images', 'fewer-images'] as const)(
    '%s: is said once, then a person decides',
    async (fault) => {
      const rig = await moneyRig()
      strike(rig, fault)
      expect(standingAfter(await rig.build(), rig)).toEqual(waiting('purchase/incomplete', 'incomplete'))
      mend(rig)
      expect(standingAfter(await rig.build(), rig)).toEqual(doubtful('incomplete'))
      expect(originalsOf(rig.project)).toHaveLength(1)
    },
  )

  it('is understood as a bare URL', async () => {
    const rig = await moneyRig()
    strike(rig, 'string-result')
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
    await expectVerifiedStore(rig.project)
  })

  it.each(['null', '7', '[]', '{}', '{"images":"x"}', '{"images":{"0":"x"}}', '{"images":[null,5,""]}'])(
    '%s: counts as no pictures',
    async (result) => {
      const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
      const front = await frontOf(rig.project.emulator)
      const body = `{"status":"COMPLETED","creditCost":21,"result":${result}}`
      front.answer({ call: 'GET /v2/jobs/', status: 200, body })
      const run = await rig.build(front.url)
      expect(standingAfter(run, rig)).toEqual({ ...waiting('purchase/incomplete', 'incomplete'), files: [] })
      expect(originalsOf(rig.project)).toEqual([])
    },
  )
})

describe('an answer that makes no sense', () => {
  it.each([
    ['to the submit', 'submit', 'intended'],
    ['about the job', 'job', 'accepted'],
  ] as const)('invalid JSON %s: the next run finds the job by its key', async (_, route, journal) => {
    const rig = await moneyRig()
    rig.project.emulator.control.addFault({ fault: 'invalid-json', when: { ...lamp, route } })
    expect(standingAfter(await rig.build(), rig)).toEqual(waiting('purchase/not-finished', journal))
    mend(rig)
    expect(standingAfter(await rig.build(), rig)).toEqual(BUILT)
    await expectVerifiedStore(rig.project)
  })

  it.each(['stuck', 'unknown-status'] as const)(
    '%s for ever: every run ends, and none buys again',
    async (fault) => {
      const rig = await moneyRig()
      strike(rig, fault)
      const open = waiting('purchase/not-finished')
      expect(standingAfter(await rig.build(), rig)).toEqual(open)
      mend(rig)
      expect(standingAfter(await rig.build(), rig)).toEqual(open)
    },
  )

  it.each(['[]', '{"status":5}', '{"status":"COMPLETED","id":"another"}', '<html>'])(
    '%j about a job: is waited out, and the next run goes on',
    async (body) => {
      const rig = await moneyRig(manifestOf({ a: LAMP_AND_MUG.a }))
      const front = await frontOf(rig.project.emulator)
      front.answer({ call: 'GET /v2/jobs/', status: 200, body })
      expect(standingAfter(await rig.build(front.url), rig)).toEqual({
        ...waiting('purchase/not-finished'),
        files: [],
      })
      front.clear()
      expect(standingAfter(await rig.build(front.url), rig)).toEqual({ ...BUILT, files: ['a'] })
    },
  )

  it.each(['[]', '{}', '{"jobId":7}', '{"jobId":""}', '{"jobId":"../../v2/me"}', '<html>'])(
    '%j to the submit: may have been accepted, and the next run gets that job',
    async (body) => {
      const rig = await moneyRig()
      const front = await frontOf(rig.project.emulator)
      front.answer({ call: 'POST /v2/images', holding: 'lamp', status: 202, body, afterwards: true })
      expect(standingAfter(await rig.build(front.url), rig)).toEqual(
        waiting('purchase/not-finished', 'intended'),
      )
      front.clear()
      expect(standingAfter(await rig.build(front.url), rig)).toEqual(BUILT)
    },
  )
})
