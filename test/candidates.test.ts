import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pick, reroll } from '../src/edit.ts'
import type { LockImage } from '../src/core/lock.ts'
import { frontOf } from './support/front.ts'
import { leapingClock } from './support/leaping-clock.ts'
import type { LeapingClock } from './support/leaping-clock.ts'
import { KEY, manifestOf, testProject } from './support/project.ts'
import type { Run, TestProject } from './support/project.ts'

function entry(run: Run, id = 'a'): LockImage['bought'] {
  return run.result.lock?.images.get(id)?.bought ?? null
}

function notes(run: Run): readonly string[] {
  return run.result.notes.map(({ code }) => code).filter((code) => code !== 'alt/missing')
}

/** Writes a manifest and builds it; what was bought by it, in jobs and pictures. */
async function built(
  project: TestProject,
  images: Readonly<Record<string, object>>,
): Promise<{ readonly jobs: number; readonly pictures: number; readonly run: Run }> {
  const before = project.bought()
  project.write('pixelkiln.yaml', manifestOf(images))
  const run = await project.build()
  expect(run.codes).toEqual([])
  return { run, jobs: project.bought() - before, pictures: run.finished.bought }
}

describe('raising candidates', () => {
  it.each([
    ['dall-e-3', 3, { jobs: 2, pictures: 2 }],
    ['gpt-image-1.5', 3, { jobs: 1, pictures: 2 }],
    ['midjourney', 4, { jobs: 0, pictures: 0 }],
    ['midjourney', 5, { jobs: 1, pictures: 4 }],
  ])('of %s to %i buys only what is missing', async (model, candidates, expected) => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', model } }))
    await project.build()
    const { jobs, pictures } = await built(project, { a: { prompt: 'A mug', model, candidates } })
    expect({ jobs, pictures }).toEqual(expected)
    expect((await built(project, { a: { prompt: 'A mug', model, candidates: 1 } })).jobs).toBe(0)
  })

  it('in a clone that has the originals and no journal buys only what is missing', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', candidates: 2 } }))
    await project.build()
    rmSync(project.path('.pixelkiln/journal.jsonl'))
    rmSync(project.path('images'), { recursive: true })
    expect((await built(project, { a: { prompt: 'A mug', candidates: 3, pick: 2 } })).pictures).toBe(1)
  })
})

describe('two takes that are the same picture to the byte', () => {
  it.each([
    ['dall-e-3', 1],
    ['gpt-image-1.5', 2],
  ])('of %s are two, also for a clone without the journal', async (model, perJob) => {
    const clock = leapingClock()
    const images = { a: { prompt: 'A mug', model, candidates: 2 } }
    const project = await testProject(manifestOf(images), { clock })
    const front = await frontOf(project.emulator)
    const picture = await deliveredBy(project.emulator.url, clock)
    const body = JSON.stringify({
      status: 'COMPLETED',
      result: { images: Array.from({ length: perJob }, () => picture) },
      creditCost: 1,
    })
    front.answer({ call: 'GET /v2/jobs/', status: 200, body })
    const environment = { APIFRAME_BASE_URL: front.url, APIFRAME_API_KEY: KEY }
    const build = async (): Promise<Run> => project.build({ clock, environment, allowUnknownPrices: true })
    const first = await build()
    const bought = project.bought()
    expect([first.codes, entry(first)?.candidates]).toEqual([[], 2])
    expect((await build()).finished).toMatchObject({ fresh: 1, bought: 0 })
    project.write('pixelkiln.yaml', manifestOf({ a: { ...images.a, pick: 2 } }))
    expect([(await build()).codes, project.bought()]).toEqual([[], bought])
    rmSync(project.path('.pixelkiln/journal.jsonl'))
    rmSync(project.path('.pixelkiln/state.bin'))
    // By then the service has forgotten the idempotency keys.
    clock.leap(25 * 3_600_000)
    expect([(await build()).codes, project.bought()]).toEqual([[], bought])
  })
})

/** The address of a picture that the emulator has made. */
async function deliveredBy(url: string, clock: LeapingClock): Promise<string> {
  const headers = { 'x-api-key': KEY, 'content-type': 'application/json' }
  const body = JSON.stringify({ prompt: 'A picture', model: 'dall-e-3' })
  const sent = await fetch(`${url}/v2/images/generate`, { method: 'POST', headers, body })
  const { jobId } = (await sent.json()) as { readonly jobId: string }
  for (;;) {
    clock.leap(1_000)
    const asked = await fetch(`${url}/v2/jobs/${jobId}`, { headers })
    const { result } = (await asked.json()) as { readonly result: { readonly images: [string] } | null }
    if (result) return result.images[0]
  }
}

describe('the candidate that is shown', () => {
  it('is the one with its number, also when another one arrives first', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', candidates: 3, pick: 2 } }))
    const run = await project.build()
    const index = project.files('.pixelkiln/originals/index').find((name) => name.endsWith('.json')) ?? ''
    const listed = project.read(`.pixelkiln/originals/index/${index}`)
    expect(listed).toContain(`{"take":2,"sha256":"${entry(run)?.original.sha256}"`)
    expect(entry(run)?.pick).toBe(2)
  })

  it('is another one while the picked one failed, and the next build buys that one alone', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', candidates: 2 } }), {
      faults: [{ fault: 'failed-other', when: { nth: 1 } }],
    })
    const first = await project.build({ concurrency: 1 })
    expect(first.exitCode).toBe(4)
    expect(entry(first)?.pick).toBe(2)
    const second = await project.build()
    expect(second.finished).toMatchObject({ ok: true, bought: 1 })
    expect(entry(second)?.pick).toBe(1)
    expect(entry(second)?.original.sha256).not.toBe(entry(first)?.original.sha256)
  })

  it('may be any of those that the model always returns together', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', model: 'midjourney' } }))
    await project.build()
    expect((await pick({ cwd: project.folder, id: 'a', take: 4 })).changes.map(({ after }) => after)).toEqual(
      ['4'],
    )
    const run = await project.build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0 })
    expect(entry(run)?.pick).toBe(4)
  })
})

describe('a pick', () => {
  it('lapses with a note when its words change, and counts again when they come back, for nothing', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', candidates: 3, pick: 3 } }))
    const first = await project.build()
    expect(notes(first)).toEqual([])
    const edited = { a: { prompt: 'A lamp', candidates: 3, pick: 3 } }
    const { run, jobs } = await built(project, edited)
    expect([jobs, notes(run), entry(run)?.pick]).toEqual([3, ['image/pick-lapsed'], 1])
    const again = await project.build()
    expect([again.finished.fresh, notes(again)]).toEqual([1, ['image/pick-lapsed']])
    const back = await built(project, { a: { prompt: 'A mug', candidates: 3, pick: 3 } })
    expect([back.jobs, notes(back.run)]).toEqual([0, []])
    expect(entry(back.run)).toEqual(entry(first))
  })

  it('that lapsed counts for the present words once it is made again, or another one is', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug', candidates: 3, pick: 3 } }))
    await project.build()
    const words = { a: { prompt: 'A lamp', candidates: 3, pick: 3 } }
    project.write('pixelkiln.yaml', manifestOf(words))
    const early = await pick({ cwd: project.folder, id: 'a', take: 3 })
    expect(early.notes.map(({ code }) => code)).toEqual(['image/pick-lapsed'])
    await project.build()
    const renewed = await pick({ cwd: project.folder, id: 'a', take: 3 })
    expect(renewed.changes).toMatchObject([{ file: 'images/pixelkiln.lock.json', line: 6 }])
    const run = await project.build()
    expect([entry(run)?.pick, notes(run), run.finished.bought]).toEqual([3, [], 0])
    const other = await built(project, { a: { prompt: 'A lamp', candidates: 3, pick: 2 } })
    expect([entry(other.run)?.pick, notes(other.run), other.jobs]).toEqual([2, [], 0])
  })

  it('is each image’s own where two share their words, and the purchase is one of the larger number', async () => {
    const project = await testProject('')
    const { run, jobs } = await built(project, {
      a: { prompt: 'A mug', candidates: 3, pick: 3 },
      b: { prompt: 'A  mug', candidates: 2, pick: 2 },
    })
    expect(jobs).toBe(3)
    expect([entry(run, 'a')?.pick, entry(run, 'b')?.pick]).toEqual([3, 2])
    expect(entry(run, 'a')?.original.sha256).not.toBe(entry(run, 'b')?.original.sha256)
  })

  it('and a reroll are one cell’s own in a matrix', async () => {
    const project = await testProject(
      manifestOf({ m: { prompt: 'A {{c}} mug', matrix: { c: ['red', 'blue'] }, candidates: 2 } }),
    )
    await project.build()
    expect(project.bought()).toBe(4)
    await pick({ cwd: project.folder, id: 'm-red', take: 2 })
    const picked = await project.build()
    expect([entry(picked, 'm-red')?.pick, entry(picked, 'm-blue')?.pick]).toEqual([2, 1])
    expect(project.bought()).toBe(4)
    await reroll({ cwd: project.folder, ids: ['m-red'] })
    const run = await project.build()
    expect([project.bought(), notes(run)]).toEqual([6, ['image/pick-lapsed']])
    const more = await pick({ cwd: project.folder, id: 'm-blue', take: 3 })
    expect(more.problems.map(({ code }) => code)).toEqual(['image/pick'])
  })
})
