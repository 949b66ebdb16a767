import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { manifestOf, testProject } from './support/project.ts'
import { compareRoads } from './support/short-road.ts'

const TWO = `version: 1
out: images
defaults: { outputs: { formats: [webp, jpeg], widths: [64, 96], effort: { webp: 0 } } }
images:
  bridge:
    prompt: A bridge over a river.
    alt: A bridge
  lamp:
    prompt: A lamp on a table.
    alt: A lamp
`

it.each([1, 3])(
  'reading only what changed comes to the same as reading everything (seed %i)',
  async (seed) => {
    expect(await compareRoads(seed, 8)).toBeGreaterThan(0)
  },
)

it('an edited alt text is written into a lock that was not read whole', async () => {
  const project = await testProject(TWO)
  const first = await project.build({ budget: 100 })
  expect(first.codes).toEqual([])
  const lock = project.read('images/pixelkiln.lock.json')
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A green lamp'))
  const { result, finished } = await project.build()
  expect(result.lock).toBeNull()
  expect([...(result.plan?.images.keys() ?? [])]).toEqual(['lamp'])
  expect(finished.fresh).toBe(2)
  expect(project.read('images/pixelkiln.lock.json')).toBe(lock.replace('"A lamp"', '"A green lamp"'))
})

it('a file that was damaged elsewhere is found although another image changed', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  const [bridge = ''] = project.files('images').filter((name) => name.startsWith('bridge'))
  const before = project.read(`images/${bridge}`)
  project.write(`images/${bridge}`, 'damaged')
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A green lamp'))
  await project.build()
  expect(project.read(`images/${bridge}`)).toBe(before)
})

it('after a run that was killed everything is read, and what it left half-written is removed', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  const ended = spawnSync(process.execPath, ['-e', '0']).pid
  project.write('.pixelkiln/owner.json', '{}')
  project.write(`images/.pixelkiln-${ended}-${randomUUID()}.tmp`, 'half')
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A green lamp'))
  const { result } = await project.build()
  expect(result.lock?.images.size).toBe(2)
  expect(project.files('images').filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect(project.exists('.pixelkiln/owner.json')).toBe(false)
})

it('an image that shares its picture with another is read together with it', async () => {
  const project = await testProject(TWO.replace('A bridge over a river.', 'A lamp on a table.'))
  await project.build({ budget: 100 })
  project.write('pixelkiln.yaml', project.read('pixelkiln.yaml').replace('alt: A lamp', 'alt: A green lamp'))
  const { result } = await project.build()
  expect(result.lock?.images.get('lamp')?.alt).toBe('A green lamp')
})

it('other words are bought after reading everything', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  project.write('pixelkiln.yaml', TWO.replace('on a table', 'on a chair'))
  const { result, finished } = await project.build({ budget: 100 })
  expect(finished.bought).toBe(1)
  expect(result.lock?.images.size).toBe(2)
})

it('a lock that somebody changed while files were made is merged as ever', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A lamp\n    outputs: { quality: 40 }'))
  const pull = project.read('images/pixelkiln.lock.json').replace('"A bridge"', '"A stone bridge"')
  let pulled = false
  await project.build({
    onEvent: ({ type }) => {
      if (type !== 'planned' || pulled) return
      pulled = true
      project.write('images/pixelkiln.lock.json', pull)
    },
  })
  expect(project.read('images/pixelkiln.lock.json')).toContain('A stone bridge')
  const { result } = await project.build()
  // What the other one wrote was not seen by the run before: nothing is taken for granted.
  expect(result.lock?.images.get('bridge')?.alt).toBe('A bridge')
})

it('a lock that somebody leaves in conflict while files are made is merged too', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A green lamp'))
  const lock = project.read('images/pixelkiln.lock.json')
  const [ours, theirs] = [' "alt": "A bridge",\n', ' "alt": "A stone bridge",\n']
  const conflict = `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> other\n`
  const { codes } = await project.build({
    onEvent: ({ type }) => {
      if (type === 'planned') project.write('images/pixelkiln.lock.json', lock.replace(ours, conflict))
    },
  })
  expect(codes).toEqual([])
  const merged = project.read('images/pixelkiln.lock.json')
  expect(merged).toContain('"A green lamp"')
  expect(merged).not.toContain('<<<<')
})

it('a lock that somebody takes away while a part of it is known is not made up from that part', async () => {
  const project = await testProject(TWO)
  await project.build({ budget: 100 })
  const before = project.read('images/pixelkiln.lock.json')
  project.write('pixelkiln.yaml', TWO.replace('alt: A lamp', 'alt: A green lamp'))
  await project.build({
    onEvent: ({ type }) => {
      if (type === 'planned') rmSync(project.path('images/pixelkiln.lock.json'))
    },
  })
  expect(project.exists('images/pixelkiln.lock.json')).toBe(false)
  const { finished } = await project.build()
  expect(finished.bought).toBe(0)
  expect(project.read('images/pixelkiln.lock.json')).toBe(before.replace('"A lamp"', '"A green lamp"'))
})

it('a manifest written as JSON is read whole', async () => {
  const images = { lamp: { prompt: 'A lamp.', alt: 'A lamp' } }
  const project = await testProject(manifestOf(images))
  await project.build({ budget: 100 })
  project.write('pixelkiln.yaml', manifestOf({ lamp: { ...images.lamp, alt: 'Another' } }))
  const { result } = await project.build()
  expect(result.lock?.images.get('lamp')?.alt).toBe('Another')
})
