import { renameSync, rmSync, truncateSync } from 'node:fs'
import { expect, it } from 'vitest'
import { manifestOf, testProject } from './support/project.ts'

const ONE = { 'home/hero': { prompt: 'A lighthouse at night', alt: 'Lighthouse' } }

it('a first build buys every picture once and writes files and a lock', async () => {
  const project = await testProject(manifestOf({ ...ONE, mug: { prompt: 'A mug', alt: 'Mug' } }))
  const run = await project.build()
  expect(run.exitCode).toBe(0)
  expect(run.finished).toMatchObject({ bought: 2, credits: 42, encoded: 8 })
  expect(project.bought()).toBe(2)
  expect(project.files('images')).toEqual([
    'home/hero-64.jpeg',
    'home/hero-64.webp',
    'home/hero-96.jpeg',
    'home/hero-96.webp',
    'mug-64.jpeg',
    'mug-64.webp',
    'mug-96.jpeg',
    'mug-96.webp',
    'pixelkiln.lock.json',
  ])
})

it('a second build finds nothing to do and writes nothing', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const lock = project.read('images/pixelkiln.lock.json')
  const run = await project.build()
  expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 0, fresh: 1 })
  expect(run.events).toHaveLength(1)
  expect(project.read('images/pixelkiln.lock.json')).toBe(lock)
})

it('a second manifest in the same folder is not taken for the first, which has nothing to do', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  project.write('other.yaml', manifestOf({ mug: { prompt: 'A mug', alt: 'Mug' } }, { out: 'others' }))
  const run = await project.build({ manifest: 'other.yaml' })
  expect(run.finished).toMatchObject({ ok: true, bought: 1, encoded: 4 })
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 0, fresh: 1 })
})

it('another quality or width buys nothing', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const outputs = { formats: ['webp', 'jpeg'], widths: [64, 80], quality: 40, effort: { webp: 0 } }
  project.write('pixelkiln.yaml', manifestOf(ONE, { defaults: { outputs } }))
  const run = await project.build()
  expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 4 })
  expect(project.bought()).toBe(1)
  expect(project.exists('images/home/hero-96.jpeg')).toBe(false)
})

it('an edited prompt buys that picture only, and going back to the old prompt buys nothing', async () => {
  const project = await testProject(manifestOf({ ...ONE, mug: { prompt: 'A mug' } }))
  await project.build()
  const before = project.read('images/pixelkiln.lock.json')
  project.write('pixelkiln.yaml', manifestOf({ ...ONE, mug: { prompt: 'A blue mug' } }))
  expect((await project.build()).finished).toMatchObject({ bought: 1, encoded: 4 })
  expect(project.bought()).toBe(3)
  project.write('pixelkiln.yaml', manifestOf({ ...ONE, mug: { prompt: 'A mug' } }))
  expect((await project.build()).finished).toMatchObject({ bought: 0, encoded: 4 })
  expect(project.bought()).toBe(3)
  expect(project.read('images/pixelkiln.lock.json')).toBe(before)
})

it('a renamed image is copied, also without the store', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  rmSync(project.path('.pixelkiln'), { recursive: true })
  project.write('pixelkiln.yaml', manifestOf({ 'home/opening': ONE['home/hero'] }))
  const run = await project.build()
  expect(run.exitCode).toBe(0)
  expect(project.bought()).toBe(1)
  expect(project.exists('images/home/opening-64.webp')).toBe(true)
  expect(run.result.notes.map(({ code }) => code)).toContain('lock/orphan')
})

it('a deleted output is restored, a truncated one repaired, to the same bytes', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const lock = project.read('images/pixelkiln.lock.json')
  rmSync(project.path('images/home/hero-64.webp'))
  truncateSync(project.path('images/home/hero-96.jpeg'), 5)
  const run = await project.build()
  expect(run.finished).toMatchObject({ bought: 0, encoded: 2 })
  expect(project.read('images/pixelkiln.lock.json')).toBe(lock)
  expect(project.bought()).toBe(1)
})

it('a clean clone with lock and outputs but without the store is fresh', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  rmSync(project.path('.pixelkiln'), { recursive: true })
  const run = await project.build()
  expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 0, fresh: 1 })
})

it('a missing file of a locked picture without the store is an error with a remedy, never a purchase', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  rmSync(project.path('.pixelkiln'), { recursive: true })
  rmSync(project.path('images/home/hero-64.webp'))
  const run = await project.build()
  expect(run.codes).toEqual(['store/original-missing'])
  expect(run.exitCode).toBe(4)
  expect(project.bought()).toBe(1)
})

it('a file where a folder of pictures was is a problem of those pictures, and nothing is lost', async () => {
  const project = await testProject(manifestOf({ ...ONE, b: { prompt: 'B', alt: 'B' } }))
  await project.build()
  rmSync(project.path('images/home'), { recursive: true })
  project.write('images/home', 'in the way')
  const run = await project.build()
  expect([run.codes, run.exitCode, project.bought()]).toEqual([['disk/failed'], 4, 2])
  rmSync(project.path('images/home'))
  expect((await project.build()).exitCode).toBe(0)
  expect([project.exists('images/home/hero-64.webp'), project.bought()]).toEqual([true, 2])
})

it('a store that lost an original it bought does not buy it again', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  rmSync(project.path('.pixelkiln/originals'), { recursive: true })
  rmSync(project.path('images'), { recursive: true })
  const run = await project.build()
  expect(run.codes).toEqual(['store/original-missing'])
  expect(project.bought()).toBe(1)
})

it('two images with the same words share one purchase', async () => {
  const project = await testProject(
    manifestOf({ a: { prompt: 'A  mug ', alt: 'x' }, b: { prompt: 'A mug', alt: 'y', aspect: '1:1' } }),
  )
  const run = await project.build()
  expect(run.finished).toMatchObject({ bought: 1, encoded: 8 })
  expect(project.bought()).toBe(1)
})

it('a crop of another image buys nothing of its own', async () => {
  const project = await testProject(
    manifestOf({ a: { prompt: 'A mug', aspect: '3:2' }, b: { from: 'a', aspect: '1:2', focus: [0.2, 0.5] } }),
  )
  const run = await project.build()
  expect(run.exitCode).toBe(0)
  expect(project.bought()).toBe(1)
  expect(project.exists('images/b-32.webp')).toBe(true)
})

it('several candidates are one job where the model returns several, and one each where it does not', async () => {
  const project = await testProject(
    manifestOf({
      a: { prompt: 'A', model: 'gpt-image-1.5', candidates: 3 },
      b: { prompt: 'B', model: 'midjourney', candidates: 3, pick: 3 },
      c: { prompt: 'C', model: 'dall-e-3', candidates: 2 },
    }),
  )
  const run = await project.build()
  expect(run.exitCode).toBe(0)
  expect(project.bought()).toBe(4)
  expect(run.finished.bought).toBe(3 + 4 + 2)
})

it('raising candidates buys only the difference, and picking another one buys nothing', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A' } }))
  await project.build()
  project.write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A', candidates: 3 } }))
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 2 })
  project.write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A', candidates: 3, pick: 3 } }))
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 4 })
  expect(project.bought()).toBe(3)
  expect(project.read('images/pixelkiln.lock.json')).toContain('"pick": 3')
})

it('a file in the way that the lock does not own is never overwritten', async () => {
  const project = await testProject(manifestOf(ONE))
  project.write('images/home/hero-64.webp', 'mine')
  const run = await project.build()
  expect(run.codes).toEqual(['output/not-ours'])
  expect(project.read('images/home/hero-64.webp')).toBe('mine')
  rmSync(project.path('images/home/hero-64.webp'))
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 1 })
})

it('a moved asset folder is noticed, and nothing is bought', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  project.write('pixelkiln.yaml', manifestOf(ONE, { out: 'static/pictures' }))
  expect((await project.build()).codes).toEqual(['lock/moved'])
  project.write('static/x', '')
  renameSync(project.path('images'), project.path('static/pictures'))
  const run = await project.build()
  expect(run.exitCode).toBe(0)
  expect(project.bought()).toBe(1)
})

it('an image that left the manifest keeps its files until it is pruned', async () => {
  const project = await testProject(manifestOf({ ...ONE, mug: { prompt: 'A mug' } }))
  await project.build()
  project.write('pixelkiln.yaml', manifestOf(ONE))
  expect((await project.build()).exitCode).toBe(0)
  expect(project.exists('images/mug-64.webp')).toBe(true)
  const run = await project.build({ prune: true })
  expect(run.exitCode).toBe(0)
  expect(project.files('images').filter((name) => name.startsWith('mug'))).toEqual([])
})

it('without a key the free work is done, and the purchase waits with words', async () => {
  const project = await testProject(manifestOf(ONE))
  const run = await project.build({ environment: { APIFRAME_BASE_URL: project.emulator.url } })
  expect(run.codes).toEqual(['service/key-missing'])
  expect(run.exitCode).toBe(2)
  expect(project.bought()).toBe(0)
})

it('a library call that was not told to buy does not', async () => {
  const project = await testProject(manifestOf(ONE))
  const run = await project.build({ buy: false })
  expect(run.codes).toEqual(['stale/pending'])
  expect(project.bought()).toBe(0)
})

it('sketches stand in for what is not bought, and give way to the picture', async () => {
  const project = await testProject(manifestOf(ONE))
  expect((await project.build({ draft: true })).finished).toMatchObject({ ok: true, drafts: 1, bought: 0 })
  expect(project.exists('images/home/hero-64.webp')).toBe(true)
  expect((await project.build({ draft: true })).finished).toMatchObject({ drafts: 0, encoded: 0, fresh: 1 })
  expect(project.bought()).toBe(0)
  expect((await project.build()).finished).toMatchObject({ ok: true, bought: 1 })
  expect(project.read('images/pixelkiln.lock.json')).not.toContain('sketch')
})

it('a bought picture is never replaced by a sketch', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const before = project.read('images/home/hero-64.webp')
  project.write('pixelkiln.yaml', manifestOf({ 'home/hero': { prompt: 'Quite another', alt: 'x' } }))
  const run = await project.build({ draft: true })
  expect(run.exitCode).toBe(0)
  expect(run.result.notes.map(({ code }) => code)).toEqual(['image/out-of-step'])
  expect(project.read('images/home/hero-64.webp')).toBe(before)
})

it('a bought picture that is out of step still follows its output settings, and its files come back', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const before = project.read('images/home/hero-64.webp')
  const outputs = { formats: ['webp', 'jpeg'], widths: [64, 80], effort: { webp: 0 } }
  const edited = { 'home/hero': { prompt: 'Quite another', alt: 'x' } }
  project.write('pixelkiln.yaml', manifestOf(edited, { defaults: { outputs } }))
  rmSync(project.path('images/home/hero-64.webp'))
  const run = await project.build({ draft: true })
  expect(run.finished).toMatchObject({ ok: true, drafts: 0, encoded: 3 })
  expect(run.result.notes.map(({ code }) => code)).toEqual(['image/out-of-step'])
  expect(project.read('images/home/hero-64.webp')).toBe(before)
  expect(project.exists('images/home/hero-80.jpeg')).toBe(true)
})

it('a refusal of new words is remembered while the old picture stays', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  project.emulator.control.addFault({ fault: 'failed-policy' })
  project.write('pixelkiln.yaml', manifestOf({ 'home/hero': { prompt: 'Quite another' } }))
  await project.build()
  await project.build({ draft: true })
  expect((await project.build()).codes).toEqual(['purchase/refused'])
  expect(JSON.parse(project.read('images/pixelkiln.lock.json'))).toMatchObject({
    images: { 'home/hero': { refused: expect.any(String) } },
  })
})

it('what the emulator delivers is a draft, and a later real build buys', async () => {
  const project = await testProject(manifestOf(ONE), { plain: false })
  const first = await project.build()
  expect(first.finished).toMatchObject({ ok: true, bought: 1 })
  expect(project.read('images/pixelkiln.lock.json')).toContain('"by": "emulator"')
  expect(project.exists('.pixelkiln/originals')).toBe(false)
  expect((await project.build({ emulator: true })).finished).toMatchObject({ bought: 0, fresh: 1 })
  const frozen = await project.build({ frozen: true })
  expect(frozen.codes).toEqual(['stale/lock'])
})

it('a frozen run restores what the lock names and changes nothing else', async () => {
  const project = await testProject(manifestOf(ONE))
  await project.build()
  const lock = project.read('images/pixelkiln.lock.json')
  rmSync(project.path('images/home/hero-64.webp'))
  expect((await project.build({ frozen: true })).finished).toMatchObject({ ok: true, encoded: 1 })
  expect(project.read('images/pixelkiln.lock.json')).toBe(lock)
  project.write('pixelkiln.yaml', manifestOf({ 'home/hero': { ...ONE['home/hero'], alt: 'Other words' } }))
  const stale = await project.build({ frozen: true })
  expect(stale.codes).toEqual(['stale/lock'])
  expect(stale.exitCode).toBe(3)
  expect(project.read('images/pixelkiln.lock.json')).toBe(lock)
})

it('only the named images are worked on, and others keep their entries', async () => {
  const project = await testProject(manifestOf({ ...ONE, 'shop/mug': { prompt: 'A mug' } }))
  const run = await project.build({ only: ['shop/*'] })
  expect(run.finished).toMatchObject({ ok: true, bought: 1 })
  expect(project.files('images').some((name) => name.startsWith('home'))).toBe(false)
  const none = await project.build({ only: ['shop/mgu'] })
  expect(none.codes).toEqual(['usage/image-unknown'])
  expect(none.result.problems[0]?.message).toContain('shop/mug')
})

it('an edit that is saved while a build runs is seen by the next build', async () => {
  const project = await testProject(manifestOf(ONE))
  const edited = manifestOf({ ...ONE, mug: { prompt: 'A mug' } })
  await project.build({ onEvent: ({ type }) => type === 'buying' && project.write('pixelkiln.yaml', edited) })
  await project.build()
  expect(project.bought()).toBe(2)
})
