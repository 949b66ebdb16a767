import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HELD, heldClock } from './support/held-clock.ts'
import { manifestOf, testProject } from './support/project.ts'
import { watchRig } from './support/watch-rig.ts'

const LAMP = { a: { prompt: 'A lamp.', alt: 'Lamp' } }
const BOTH = { ...LAMP, b: { prompt: 'A mug.', alt: 'Mug' } }
const OTHER = { a: { prompt: 'A blue lamp.', alt: 'Lamp' } }
const OUTPUTS = { formats: ['webp', 'jpeg'], widths: [64, 96], effort: { webp: 0 } }
const COARSE = { defaults: { outputs: { ...OUTPUTS, quality: 20 } } }

describe('a watch that nobody told to buy', () => {
  it('draws what is not bought, says what it would cost, and buys nothing', async () => {
    const project = await testProject(manifestOf(BOTH))
    const { next } = watchRig(project)
    const { pending, total, today } = await next('pending')
    expect(pending.map(({ id, reason, credits, shows }) => [id, reason, credits, shows])).toEqual([
      ['a', 'new image', 21, 'draft'],
      ['b', 'new image', 21, 'draft'],
    ])
    expect([total, today]).toEqual([42, 0])
    expect(project.exists('images/a-64.webp')).toBe(true)
    await next('watching')
    project.write('pixelkiln.yaml', manifestOf(OTHER))
    expect((await next('rebuilt')).images).toEqual(['a'])
    expect((await next('pending')).total).toBe(21)
    expect(project.bought()).toBe(0)
  })

  it('keeps a bought picture when its words change, and lists what they cost', async () => {
    const project = await testProject(manifestOf(LAMP))
    await project.build()
    const before = project.read('images/a-64.webp')
    const { next } = watchRig(project)
    await next('watching')
    project.write('pixelkiln.yaml', manifestOf(OTHER))
    const { pending, today } = await next('pending')
    expect(pending).toMatchObject([{ id: 'a', reason: 'prompt changed', shows: 'bought', failed: false }])
    expect(today).toBe(21)
    expect(project.read('images/a-64.webp')).toBe(before)
  })

  it('makes files again at once when a quality changes', async () => {
    const project = await testProject(manifestOf(BOTH))
    await project.build()
    const before = project.read('images/a-64.jpeg')
    const { next } = watchRig(project)
    await next('watching')
    project.write('pixelkiln.yaml', manifestOf(BOTH, COARSE))
    expect((await next('rebuilt')).images).toEqual(['a', 'b'])
    expect(project.read('images/a-64.jpeg')).not.toBe(before)
    expect(project.bought()).toBe(2)
  })

  it('does not wake itself with what it writes', async () => {
    const project = await testProject(manifestOf(BOTH))
    const { watcher, next, count } = watchRig(project)
    await next('watching')
    project.write('pixelkiln.yaml', manifestOf(BOTH, COARSE))
    await next('rebuilt')
    await next('pending')
    // Two idle passes give late file events their time to come.
    for (const _pass of [1, 2]) {
      watcher.rebuild()
      await next('finished')
    }
    expect(count('changed')).toBe(1)
    expect(count('pending')).toBe(2)
  })

  it('holds the project only while it builds, and sees what another run bought', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { next } = watchRig(project)
    await next('watching')
    expect((await project.build({ wait: false })).exitCode).toBe(0)
    const { pending, today } = await next('pending', (event) => event.pending.length === 0)
    expect([pending, today]).toEqual([[], 21])
  })
})

describe('a save', () => {
  it('that truncates the file first is read only when it is whole', async () => {
    const project = await testProject(manifestOf(LAMP))
    const clock = heldClock()
    const { next, count } = watchRig(project, { clock, ...HELD })
    await next('watching')
    project.write('pixelkiln.yaml', '')
    await clock.quiet()
    await clock.quiet()
    project.write('pixelkiln.yaml', manifestOf(OTHER))
    await clock.quiet()
    expect((await next('rebuilt')).images).toEqual(['a'])
    expect([count('broken'), count('changed')]).toEqual([0, 1])
  })

  it('of an empty manifest is told in the end', async () => {
    const project = await testProject(manifestOf(LAMP))
    const clock = heldClock()
    const { next } = watchRig(project, { clock, ...HELD })
    await next('watching')
    project.write('pixelkiln.yaml', '')
    await clock.quiet()
    clock.leap(1_000)
    await clock.quiet()
    expect((await next('broken')).problems.length).toBeGreaterThan(0)
  })

  it('by renaming another file over it is seen, again and again', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { next } = watchRig(project)
    await next('watching')
    for (const prompt of ['A blue lamp.', 'A green lamp.', 'A red lamp.']) {
      writeFileSync(project.path('pixelkiln.yaml~'), manifestOf({ a: { prompt } }))
      renameSync(project.path('pixelkiln.yaml~'), project.path('pixelkiln.yaml'))
      expect((await next('rebuilt')).images).toEqual(['a'])
    }
  })

  it('repeated fifty times in a row makes two passes at most', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { watcher, next, count } = watchRig(project)
    await next('watching')
    for (let at = 1; at <= 50; at += 1)
      project.write('pixelkiln.yaml', manifestOf({ a: { prompt: `Lamp ${at}.` } }))
    await next('rebuilt')
    watcher.rebuild()
    await next('finished')
    expect(count('changed')).toBeLessThanOrEqual(2)
    expect(project.read('images/pixelkiln.lock.json')).not.toBe('')
  })

  it('with a mistake keeps the last good state, says where, and goes on', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { next } = watchRig(project)
    await next('watching')
    const before = project.read('images/a-64.webp')
    project.write('pixelkiln.yaml', 'version: 1\nout: images\nimages:\n  a: { prompt: "A lamp." \n')
    const { problems } = await next('broken')
    expect(problems[0]?.place).toMatchObject({ file: expect.stringContaining('pixelkiln.yaml'), line: 5 })
    expect(problems[0]?.place?.excerpt).toContain('^')
    expect(project.read('images/a-64.webp')).toBe(before)
    project.write('pixelkiln.yaml', manifestOf(OTHER))
    expect((await next('pending')).pending).toHaveLength(1)
  })

  it('is seen also when the manifest was broken from the start', async () => {
    const project = await testProject('version: 1\nimages: [')
    const { next } = watchRig(project)
    await next('broken')
    await next('watching')
    project.write('pixelkiln.yaml', manifestOf(LAMP))
    await next('pending')
    expect(project.exists('images/a-64.webp')).toBe(true)
    rmSync(project.path('images/a-64.webp'))
    await next('rebuilt')
    expect(project.exists('images/a-64.webp')).toBe(true)
  })

  it('of the config counts, in JSON and in JavaScript', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { next } = watchRig(project)
    expect((await next('pending')).total).toBe(21)
    await next('watching')
    project.write('.pixelkilnrc.json', '{ "prices": { "dall-e-3": 30 } }')
    expect((await next('pending')).total).toBe(30)
    rmSync(project.path('.pixelkilnrc.json'))
    expect((await next('pending')).total).toBe(21)
    for (const price of [40, 50]) {
      project.write('pixelkiln.config.mjs', `export default { prices: { 'dall-e-3': ${price} } }`)
      expect((await next('pending')).total).toBe(price)
    }
  })
})

describe('files that somebody deletes', () => {
  it('come back: one of them, a folder, and the whole asset folder with its lock', async () => {
    const project = await testProject(manifestOf({ 'home/a': LAMP.a, b: BOTH.b }))
    await project.build()
    const { next } = watchRig(project)
    await next('watching')
    const whole = project.files('images')
    for (const gone of ['images/b-64.webp', 'images/home', 'images']) {
      rmSync(project.path(gone), { recursive: true })
      await next('rebuilt')
      await next('pending')
      expect(project.files('images')).toEqual(whole)
    }
    expect(project.bought()).toBe(2)
  })

  it('of somebody else in the asset folder are nobody’s business', async () => {
    const project = await testProject(manifestOf(LAMP))
    const { watcher, next, count } = watchRig(project)
    await next('watching')
    mkdirSync(project.path('images/mine'))
    project.write('images/mine/photo.jpg', 'mine')
    project.write('README.md', 'mine')
    watcher.rebuild()
    await next('finished')
    rmSync(project.path('images/mine'), { recursive: true })
    watcher.rebuild()
    await next('finished')
    expect(count('changed')).toBe(0)
  })

  it('and stood in the way of an output let it be made', async () => {
    const project = await testProject(manifestOf(LAMP))
    project.write('images/a-64.webp', 'mine')
    const { next } = watchRig(project)
    await next('finished', ({ problems }) => problems.some(({ code }) => code === 'output/not-ours'))
    await next('watching')
    rmSync(project.path('images/a-64.webp'))
    await next('rebuilt')
    expect(statSync(project.path('images/a-64.webp')).size).toBeGreaterThan(10)
  })
})
