import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { look } from '../../src/build/look.ts'
import { openSession } from '../../src/build/session.ts'
import type { GalleryModel } from '../../src/gallery/gallery-model.ts'
import { editsOf } from '../../src/gallery/edits.ts'
import { galleryModel } from '../../src/gallery/model.ts'
import type { GalleryInput } from '../../src/gallery/model.ts'
import { originalsOf } from '../../src/gallery/originals.ts'
import { history } from '../../src/history.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

async function modelOf(project: TestProject, more: Partial<GalleryInput> = {}): Promise<GalleryModel> {
  const seen = await look(openSession({ cwd: project.folder }))
  if ('problems' in seen) throw new Error(seen.problems[0]?.message)
  return galleryModel({
    seen,
    originals: originalsOf(seen),
    links: {
      output: (path) => `output/${path}`,
      preview: ({ sha256 }) => `preview/${sha256}`,
      original: ({ sha256 }) => `original/${sha256}`,
    },
    nowMs: Date.now(),
    buying: new Map(),
    stopped: new Map(),
    ...more,
  })
}

function imageOf(model: GalleryModel, id: string): GalleryModel['images'][number] {
  const image = model.images.find((each) => each.id === id)
  if (!image) throw new Error(`no image ${id}`)
  return image
}

describe('the state of an image in the gallery', () => {
  it('is to be bought, with reason and credits, while it has no picture', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.', candidates: 2 } }))
    const model = await modelOf(project)
    expect(imageOf(model, 'lamp')).toMatchObject({ state: 'pending', reason: 'new image', outputs: [] })
    expect(model.purchases.map(({ images, count }) => [images, count])).toEqual([
      [['lamp'], 1],
      [['lamp'], 1],
    ])
    expect(imageOf(model, 'lamp').price).toBe(model.credits)
    expect(imageOf(model, 'lamp').anew).toBe(model.credits)
  })

  it('is a draft while a sketch stands in, and still says what the picture costs', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build({ draft: true })
    const lamp = imageOf(await modelOf(project), 'lamp')
    expect(lamp).toMatchObject({ state: 'draft', standIn: 'sketch' })
    expect(lamp.price).toBeGreaterThan(0)
    expect(lamp.outputs.map(({ format, width, address }) => [format, width, address])).toEqual([
      ['webp', 64, 'output/lamp-64.webp'],
      ['webp', 96, 'output/lamp-96.webp'],
      ['jpeg', 64, 'output/lamp-64.jpeg'],
      ['jpeg', 96, 'output/lamp-96.jpeg'],
    ])
  })

  it('is fresh once it is bought, with what it cost and its one candidate in use', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    const model = await modelOf(project)
    const lamp = imageOf(model, 'lamp')
    expect(lamp).toMatchObject({ state: 'fresh', standIn: null, price: null, history: [] })
    expect(lamp.spent).toBe(model.today)
    expect(lamp.spent).toBeGreaterThan(0)
    expect(lamp.candidates.map(({ take, current }) => [take, current])).toEqual([[1, true]])
    expect(lamp.bytes).toBe(lamp.outputs.reduce((sum, { bytes }) => sum + bytes, 0))
  })

  it('is out of step after its words changed, and keeps files and earlier picture', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt: 'A tall lamp.' } }))
    const lamp = imageOf(await modelOf(project), 'lamp')
    expect(lamp).toMatchObject({ state: 'out-of-step', reason: 'prompt changed', candidates: [] })
    expect(lamp.outputs.every(({ address }) => address !== null)).toBe(true)
    expect(lamp.original?.current).toBe(true)
  })

  it('shows the picture before in its history, newest first, and none twice', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }), { picture: 'sketch' })
    const originals: (string | undefined)[] = []
    for (const prompt of ['A lamp.', 'A tall lamp.', 'A red lamp.']) {
      project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt } }))
      await project.build()
      originals.push(imageOf(await modelOf(project), 'lamp').original?.sha256)
    }
    const lamp = imageOf(await modelOf(project), 'lamp')
    expect(new Set(originals).size).toBe(3)
    expect(lamp.history.map(({ sha256 }) => sha256)).toEqual([originals[1], originals[0]])
  })

  it('is pinned, and out of step when its words are not those of its picture', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    const sha256 = imageOf(await modelOf(project), 'lamp').original?.sha256 ?? ''
    project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt: 'A lamp.', pin: sha256.slice(0, 12) } }))
    expect(imageOf(await modelOf(project), 'lamp')).toMatchObject({ state: 'pinned', pinned: true })
    project.write('pixelkiln.yaml', manifestOf({ lamp: { prompt: 'A moth.', pin: sha256.slice(0, 12) } }))
    expect(imageOf(await modelOf(project), 'lamp')).toMatchObject({ state: 'out-of-step', pinned: true })
  })

  it('is failed with its reason after a refusal', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    project.emulator.control.addFault({ fault: 'failed-policy', when: { prompt: 'lamp' } })
    await project.build()
    const lamp = imageOf(await modelOf(project), 'lamp')
    expect(lamp.state).toBe('failed')
    expect(lamp.reason).toContain('resume --retry lamp')
  })

  it('is to be made when a file is gone, and its address is not offered', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
    await project.build()
    rmSync(project.path('images/lamp-64.webp'))
    const lamp = imageOf(await modelOf(project), 'lamp')
    expect(lamp).toMatchObject({ state: 'unmade', reason: 'output missing' })
    expect(lamp.outputs[0]).toMatchObject({ format: 'webp', width: 64, address: null })
  })

  it('is buying with its percentage while a purchase is on its way, also for a crop of it', async () => {
    const images = { lamp: { prompt: 'A lamp.' }, tall: { from: 'lamp', aspect: '1:2' } }
    const project = await testProject(manifestOf(images))
    const model = await modelOf(project, { buying: new Map([['lamp', 40]]) })
    expect(model.images.map(({ id, state, percent }) => [id, state, percent])).toEqual([
      ['lamp', 'buying', 40],
      ['tall', 'buying', 40],
    ])
  })
})

describe('a crop in the gallery', () => {
  it('shares candidates and price with its base, costs nothing itself and says how much is kept', async () => {
    const images = { lamp: { prompt: 'A lamp.' }, tall: { from: 'lamp', aspect: '1:2' } }
    const project = await testProject(manifestOf(images))
    await project.build()
    const model = await modelOf(project)
    const tall = imageOf(model, 'tall')
    expect(tall).toMatchObject({ from: 'lamp', spent: 0, state: 'fresh', kept: 0.5 })
    expect(tall.candidates).toEqual(imageOf(model, 'lamp').candidates)
    expect(tall.point).toHaveLength(2)
  })
})

describe('the numbers of candidates', () => {
  it('are those of history and of pick, also where one is missing between them', async () => {
    const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.', candidates: 3 } }))
    await project.build()
    const [index = ''] = project.files('.pixelkiln/originals/index').filter((name) => name.endsWith('.json'))
    const listed = project.read(`.pixelkiln/originals/index/${index}`)
    const without = listed.split('\n').filter((line) => !line.includes('"take":2,'))
    project.write(`.pixelkiln/originals/index/${index}`, without.join('\n'))
    rmSync(project.path('.pixelkiln/journal.jsonl'))
    const { candidates } = imageOf(await modelOf(project), 'lamp')
    expect(candidates.map(({ take }) => take)).toEqual([1, 3])
    const known = await history({ cwd: project.folder, id: 'lamp' })
    const takes = 'takes' in known ? known.takes : []
    expect(takes.map(({ take, original }) => [take, original.sha256])).toEqual(
      candidates.map(({ take, sha256 }) => [take, sha256]),
    )
    const edited = await editsOf({ cwd: project.folder })({ action: 'pick', image: 'lamp', take: 3 })
    expect(edited.problems).toEqual([])
    const { result } = await project.build({ buy: false })
    expect(result.lock?.images.get('lamp')?.bought?.original.sha256).toBe(candidates[1]?.sha256)
  })
})
