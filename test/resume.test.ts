import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BuildError } from '../src/core/build-error.ts'
import { printLine, replay } from '../src/core/journal.ts'
import { systemClock } from '../src/effects/clock.ts'
import type { Clock } from '../src/effects/clock.ts'
import { resume } from '../src/resume.ts'
import type { ResumeOptions } from '../src/resume.ts'
import { leapingClock } from './support/leaping-clock.ts'
import { hurriedClock, KEY, manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const ONE = manifestOf({ lamp: { prompt: 'a lamp', alt: 'A lamp' } })

async function resumed(project: TestProject, options: ResumeOptions = {}): Promise<readonly string[]> {
  try {
    await resume({
      cwd: project.folder,
      clock: hurriedClock,
      environment: { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY },
      ...options,
    })
    return []
  } catch (error) {
    if (error instanceof BuildError) return error.problems.map(({ code }) => code)
    throw error
  }
}

function standings(project: TestProject): readonly string[] {
  const file = project.path('.pixelkiln/journal.jsonl')
  const replayed = replay(readFileSync(file, 'utf8'), file)
  if ('problem' in replayed) throw new Error(replayed.problem.message)
  return [...replayed.purchases.values()].map(
    ({ stored, failed, job }) =>
      failed?.class ?? (stored ? 'stored' : job === null ? 'intended' : 'accepted'),
  )
}

/** A run that was cut off after the service had accepted its request and before its answer came. */
async function cutOff(project: TestProject): Promise<void> {
  project.emulator.control.addFault({ fault: 'no-answer', when: { times: 1 } })
  const stop = new AbortController()
  const run = project.build({ signal: stop.signal, graceMs: 0 })
  await expect.poll(() => project.bought()).toBe(1)
  stop.abort()
  expect((await run).exitCode).toBe(130)
  expect(standings(project)).toEqual(['intended'])
}

describe('resume', () => {
  it('follows up what an earlier run submitted, and buys nothing new', async () => {
    const project = await testProject(ONE)
    await cutOff(project)
    project.write(
      'pixelkiln.yaml',
      manifestOf({ lamp: { prompt: 'a lamp', alt: 'A lamp' }, vase: { prompt: 'a vase' } }),
    )
    expect(await resumed(project)).toEqual([])
    expect(standings(project)).toEqual(['stored'])
    expect(project.exists('images/lamp-64.webp')).toBe(true)
    expect(project.exists('images/vase-64.webp')).toBe(false)
    expect(project.bought()).toBe(1)
  })

  it('says which key is needed when purchases are open and there is none', async () => {
    const project = await testProject(ONE)
    await cutOff(project)
    const codes = await resumed(project, { environment: { APIFRAME_BASE_URL: project.emulator.url } })
    expect(codes).toContain('service/key-missing')
  })

  it('lets go of a purchase in doubt when told, and only then the next build buys again', async () => {
    const project = await testProject(ONE)
    project.emulator.control.addFault({ fault: 'failed-unrefunded', when: { times: 1 } })
    expect((await project.build()).exitCode).toBe(4)
    expect((await project.build()).exitCode).toBe(7)
    expect(await resumed(project)).toEqual(['purchase/in-doubt'])
    expect(project.bought()).toBe(1)
    expect(await resumed(project, { forget: ['lamp'] })).toEqual([])
    expect(standings(project)).toEqual(['forgotten'])
    expect(project.bought()).toBe(1)
    expect((await project.build()).exitCode).toBe(0)
    expect(project.bought()).toBe(2)
  })

  it('buys anew what is named, and nothing else', async () => {
    const project = await testProject(ONE)
    project.emulator.control.addFault({ fault: 'failed-unrefunded', when: { times: 1 } })
    await project.build()
    project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt: 'a lamp' }, vase: { prompt: 'a vase' } }))
    expect(await resumed(project, { resubmit: ['lamp'] })).toEqual([])
    expect(standings(project)).toEqual(['resubmitted', 'stored'])
    expect(project.bought()).toBe(2)
    expect(project.exists('images/vase-64.webp')).toBe(false)
  })

  it('gives up what is in doubt, and follows up what is open beside it', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'a lamp', alt: 'L', candidates: 3 } }))
    const { control } = project.emulator
    control.addFault({ fault: 'cancelled', when: { times: 1 } })
    control.addFault({ fault: 'file-missing' })
    await project.build({ concurrency: 1 })
    expect(standings(project)).toEqual(['refund-unknown', 'accepted', 'accepted'])
    control.faults.replace([])
    expect(await resumed(project, { resubmit: ['lamp'] })).toEqual([])
    expect(standings(project)).toEqual(['resubmitted', 'stored', 'stored', 'stored'])
    expect(project.bought()).toBe(4)
  })

  it('gives up what is open and cannot be followed up here', async () => {
    const project = await testProject(ONE)
    await cutOff(project)
    const other = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: 'afk_of_somebody_else' }
    expect(await resumed(project, { environment: other })).toEqual(['purchase/not-finished'])
    expect(await resumed(project, { environment: other, forget: ['lamp'] })).toEqual([])
    expect(standings(project)).toEqual(['forgotten'])
    expect(project.bought()).toBe(1)
  })

  it('asks once more for refused words', async () => {
    const project = await testProject(ONE)
    project.emulator.control.addFault({ fault: 'failed-policy', when: { times: 1 } })
    expect((await project.build()).codes).toEqual(['purchase/refused'])
    expect((await project.build()).codes).toEqual(['purchase/refused'])
    expect(project.bought()).toBe(1)
    expect(await resumed(project, { retry: ['lamp'] })).toEqual([])
    expect(project.exists('images/lamp-64.webp')).toBe(true)
    expect(project.bought()).toBe(2)
    expect(project.read('images/pixelkiln.lock.json')).not.toContain('refused')
  })

  it('changes nothing when a name is wrong or there is nothing to decide', async () => {
    const project = await testProject(ONE)
    expect(await resumed(project, { forget: ['lmap'] })).toEqual(['usage/image-unknown'])
    await project.build()
    const before = project.read('.pixelkiln/journal.jsonl')
    expect(await resumed(project, { resubmit: ['lamp'] })).toEqual(['usage/wrong'])
    expect(await resumed(project, { retry: ['lamp'] })).toEqual(['usage/wrong'])
    expect(project.read('.pixelkiln/journal.jsonl')).toBe(before)
    expect(project.bought()).toBe(1)
  })
})

describe('a purchase that was sent and not answered', () => {
  it.each([
    ['the key is refused', 'key-unknown', 'service/key-wrong', 2],
    ['a filter stands in the way', 'blocked', 'service/key-wrong', 2],
  ] as const)('stays open while %s, and is not bought twice', async (_, fault, code, exitCode) => {
    const project = await testProject(ONE)
    await cutOff(project)
    project.emulator.control.addFault({ fault })
    const run = await project.build()
    expect([run.codes.includes(code), run.exitCode]).toEqual([true, exitCode])
    expect(standings(project)).toEqual(['intended'])
    project.emulator.control.faults.replace([])
    expect((await project.build()).exitCode).toBe(0)
    expect(project.emulator.ledger().jobs.length).toBe(1)
  })

  it('is sent again with the very body that was written down, whatever would be sent today', async () => {
    const project = await testProject(ONE)
    project.emulator.control.addFault({ fault: 'server-error' })
    expect((await project.build({ clock: leapingClock() })).exitCode).toBe(4)
    project.emulator.control.faults.replace([])
    const file = project.path('.pixelkiln/journal.jsonl')
    const replayed = replay(readFileSync(file, 'utf8'), file)
    if ('problem' in replayed) throw new Error(replayed.problem.message)
    // As an older version might have put it: the lamp is the same, the words sent for it are not.
    const older = [...replayed.purchases.values()].map(({ intended }) => {
      return { ...intended, body: intended.body.replace('a lamp', 'one lamp') }
    })
    project.write('.pixelkiln/journal.jsonl', older.map(printLine).join(''))
    expect((await project.build()).exitCode).toBe(0)
    expect(project.emulator.ledger().jobs.map(({ prompt }) => prompt)).toEqual(['one lamp'])
  })

  it('is looked for, not sent again, once its idempotency key may have lapsed', async () => {
    const project = await testProject(ONE)
    await cutOff(project)
    const later: Clock = { ...hurriedClock, now: () => systemClock.now() + 21 * 3_600_000 }
    const run = await project.build({ clock: later })
    expect(run.exitCode).toBe(0)
    expect(standings(project)).toEqual(['stored'])
    expect(project.bought()).toBe(1)
  })

  it('stays open while the service cannot be asked for it', async () => {
    const project = await testProject(ONE)
    await cutOff(project)
    const later: Clock = { ...hurriedClock, now: () => systemClock.now() + 21 * 3_600_000 }
    project.emulator.control.addFault({ fault: 'blocked', when: { route: 'list' } })
    expect((await project.build({ clock: later })).exitCode).toBe(4)
    expect(standings(project)).toEqual(['intended'])
    project.emulator.control.faults.replace([])
    expect((await project.build({ clock: later })).exitCode).toBe(0)
    expect(project.bought()).toBe(1)
  })
})
