import { expect, it } from 'vitest'
import { picture } from '../src/markup/picture.ts'
import { readLock } from '../src/read-lock.ts'
import { manifestOf, testProject } from './support/project.ts'

const VARIANTS = [
  { media: '(max-width: 40em)', aspect: '1:2', name: 'tall' },
  { media: '(prefers-color-scheme: dark)', prompt: 'A lamp at night', name: 'dark' },
]
const HERO = { prompt: 'A lamp', alt: 'A lamp', aspect: '3:2', variants: VARIANTS }

it('other crops cost nothing, other words one picture, and markup offers both first', async () => {
  const project = await testProject(manifestOf({ hero: HERO }))
  expect((await project.build()).exitCode).toBe(0)
  expect(project.bought()).toBe(2)
  const lock = await readLock(project.path('images/pixelkiln.lock.json'))
  const sources = picture(lock, 'hero').children.map(({ attributes }) => [
    attributes['media'],
    attributes['type'],
    `${attributes['width']}x${attributes['height']}`,
  ])
  expect(sources).toEqual([
    ['(max-width: 40em)', 'image/webp', '32x64'],
    ['(max-width: 40em)', 'image/jpeg', '32x64'],
    ['(prefers-color-scheme: dark)', 'image/webp', '96x64'],
    ['(prefers-color-scheme: dark)', 'image/jpeg', '96x64'],
    [undefined, 'image/webp', 'undefinedxundefined'],
    [undefined, undefined, '96x64'],
  ])
  const again = await project.build()
  expect(again.events.map(({ type }) => type)).toEqual(['finished'])
})

it('a variant that is renamed, moved or taken out buys nothing', async () => {
  const project = await testProject(manifestOf({ hero: HERO }))
  await project.build()
  const [tall, dark] = VARIANTS
  const renamed = { ...HERO, variants: [{ ...dark, name: 'night' }, tall] }
  project.write('pixelkiln.yaml', manifestOf({ hero: renamed }))
  const run = await project.build({ prune: true })
  expect([run.exitCode, project.bought()]).toEqual([0, 2])
  expect(project.files('images').filter((name) => name.includes('dark'))).toEqual([])
  project.write('pixelkiln.yaml', manifestOf({ hero: { ...HERO, variants: undefined } }))
  await project.build({ prune: true })
  expect(project.files('images')).toEqual([
    'hero-64.jpeg',
    'hero-64.webp',
    'hero-96.jpeg',
    'hero-96.webp',
    'pixelkiln.lock.json',
  ])
  expect(project.read('images/pixelkiln.lock.json')).not.toContain('variants')
})

it('the sketch of another crop is drawn once, in its own shape', async () => {
  const project = await testProject(manifestOf({ hero: HERO }))
  expect((await project.build({ draft: true })).finished.drafts).toBe(3)
  project.write('pixelkiln.yaml', `${manifestOf({ hero: HERO })}\n# a remark\n`)
  expect((await project.build({ draft: true })).finished).toMatchObject({ drafts: 0, fresh: 3 })
  const [tall, dark] = VARIANTS
  const wider = { ...HERO, variants: [{ ...tall, aspect: '1:1' }, dark] }
  project.write('pixelkiln.yaml', manifestOf({ hero: wider }))
  expect((await project.build({ draft: true })).finished).toMatchObject({ drafts: 1, fresh: 2 })
})
