import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check } from '../src/check.ts'
import { makePlaceholder } from '../src/effects/placeholder.ts'
import { decodeRaw } from '../src/effects/raw.ts'
import { readLock } from '../src/core/read-lock.ts'
import { pictureData } from '../src/markup/picture-data.ts'
import { discPng, gradientPng } from './support/pictures.ts'
import { sharp } from '../src/effects/sharp.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const LOCK = 'images/pixelkiln.lock.json'
const HERO = { prompt: 'A hero by the sea', aspect: '16:9' }

describe('the placeholder', () => {
  it('shows the cropped picture: its colour, its shape, and few bytes', async () => {
    const raw = await decodeRaw(await discPng({ width: 300, height: 200 }, { x: 50, y: 100, radius: 40 }))
    const left = { kind: 'crop', rectangle: { left: 0, top: 50, width: 100, height: 100 } } as const
    const right = { kind: 'crop', rectangle: { left: 200, top: 0, width: 100, height: 200 } } as const
    const disc = await makePlaceholder(raw, left, { width: 100, height: 100 })
    const ground = await makePlaceholder(raw, right, { width: 100, height: 200 })
    expect(ground.colour).toBe('#707070')
    expect(disc.thumbhash).not.toBe(ground.thumbhash)
    expect(await sharp(Buffer.from(disc.image, 'base64')).metadata()).toMatchObject({
      format: 'webp',
      width: 16,
      height: 16,
    })
    expect(await sharp(Buffer.from(ground.image, 'base64')).metadata()).toMatchObject({
      width: 16,
      height: 32,
    })
  })

  it('stays small for a picture full of detail, and keeps transparency', async () => {
    const noisy = await decodeRaw(await gradientPng(300, 200, { noise: 120, alpha: true }))
    const whole = { kind: 'crop', rectangle: { left: 0, top: 0, width: 300, height: 200 } } as const
    const { image, thumbhash } = await makePlaceholder(noisy, whole, noisy)
    expect(image.length).toBeLessThanOrEqual(200)
    expect(thumbhash.length).toBeLessThanOrEqual(36)
    expect((await sharp(Buffer.from(image, 'base64')).metadata()).hasAlpha).toBe(true)
  })

  it('is in the lock of every picture and every stand-in, and a second reading gives the same', async () => {
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build({ draft: true })
    const sketch = lockOf(project).images.get('hero')?.draft?.placeholder
    expect(sketch?.image).toMatch(/^UklGR/)
    await project.build()
    const bought = lockOf(project).images.get('hero')?.bought?.placeholder
    expect(bought?.colour).toMatch(/^#[0-9a-f]{6}$/)
    expect(bought).not.toEqual(sketch)
  })

  it('and the focus come out alike from a copy, a restored file and a new encode', async () => {
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build()
    const { focus, placeholder } = lockOf(project).images.get('hero')?.bought ?? {}
    expect(placeholder).toBeTruthy()
    project.write('pixelkiln.yaml', manifestOf({ moved: HERO }))
    const copied = await project.build({ prune: true })
    expect(copied.codes).toEqual([])
    expect(lockOf(project).images.get('moved')?.bought).toMatchObject({ focus, placeholder })
    const text = project.read(LOCK)
    rmSync(project.path('images/moved-64.webp'))
    await project.build()
    expect(project.read(LOCK)).toBe(text)
    rmSync(project.path('images'), { recursive: true })
    await project.build()
    expect(project.read(LOCK)).toBe(text)
    expect(project.bought()).toBe(1)
  })

  it('that the manifest turns off leaves lock and data without a file made again, and comes back with the next one', async () => {
    const off = { ...HERO, outputs: { placeholder: 'off' } }
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build()
    const whole = project.read(LOCK)
    project.write('pixelkiln.yaml', manifestOf({ hero: off }))
    expect((await project.build({ frozen: true })).codes).toEqual(['stale/lock'])
    const run = await project.build()
    expect([run.codes, run.finished.encoded]).toEqual([[], 0])
    expect(project.read(LOCK)).toBe(whole.replace(/^ *"placeholder": .*\n/m, ''))
    expect(pictureData(lockOf(project), 'hero').placeholder).toBeNull()
    rmSync(project.path('images/hero-64.webp'))
    await project.build()
    expect(lockOf(project).images.get('hero')?.bought?.placeholder).toBeNull()
    project.write('pixelkiln.yaml', manifestOf({ hero: HERO }))
    await project.build()
    rmSync(project.path('images/hero-64.webp'))
    await project.build()
    expect(project.read(LOCK)).toBe(whole)
  })

  it('that an older lock lacks makes nothing stale, survives a frozen run, and comes with the next encode', async () => {
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build()
    const whole = project.read(LOCK)
    const older = whole.replace(/^ *"placeholder": .*\n/m, '')
    expect(older).not.toBe(whole)
    writeFileSync(project.path(LOCK), older)
    await check({ cwd: project.folder })
    rmSync(project.path('images/hero-64.webp'))
    expect((await project.build({ frozen: true })).codes).toEqual([])
    expect(project.read(LOCK)).toBe(older)
    rmSync(project.path('images/hero-64.webp'))
    expect((await project.build()).codes).toEqual([])
    expect(project.read(LOCK)).toBe(whole)
  })

  it('and an original in the layout of the first locks are read alike', async () => {
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build()
    const text = project.read(LOCK)
    const map = text.replace(
      /"original": \["(\w+)","(\w+)",(\d+),(\d+),(\d+)\]/,
      '"original": {"sha256":"$1","format":"$2","width":$3,"height":$4,"bytes":$5}',
    )
    expect(map).not.toBe(text)
    expect(readLock({ file: 'lock', text: map })).toEqual(readLock({ file: 'lock', text }))
  })

  it('with anything in it that could end an attribute is not read', async () => {
    const project = await testProject(manifestOf({ hero: HERO }))
    await project.build()
    const text = project.read(LOCK)
    for (const [from, to] of [
      [/"UklGR/, '"\\"><script>UklGR'],
      [/"#[0-9a-f]{6}"/, '"red;x:y"'],
    ] as const) {
      const result = readLock({ file: 'lock', text: text.replace(from, to) })
      expect(result).toMatchObject({ problem: { code: 'lock/unreadable' } })
    }
  })
})

function lockOf(project: TestProject) {
  const result = readLock({ file: 'lock', text: readFileSync(project.path(LOCK), 'utf8') })
  if ('problem' in result) throw new Error(result.problem.message)
  return result.lock
}
