import { readFileSync, rmSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { history } from '../src/history.ts'
import { rename } from '../src/rename.ts'
import type { Edited } from '../src/edit/edit-manifest.ts'
import { testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'
import { runCommand } from './support/run-command.ts'

const MANIFEST = `version: 1
out: images
defaults: { outputs: { formats: [webp], widths: [64], effort: { webp: 0 } } }
images:
  # what people see first
  home/hero:   # keep
    prompt: A lighthouse
    alt: L
  'shop/mug':
    prompt: 'A {{c}} mug'
    matrix: { c: [white, teal] }
    alt: m
    each: { teal: { focus: center } }
  tall: { from: home/hero, alt: t, aspect: '1:2' }
  cups/big: { from: "shop/mug-{{c}}", matrix: { c: [white, teal] }, alt: t }
  teal: { from: shop/mug-teal, alt: t }
`

async function built(manifest = MANIFEST): Promise<TestProject> {
  const project = await testProject(manifest)
  const run = await project.build()
  if (run.exitCode !== 0) throw new Error(run.result.problems.map(({ message }) => message).join())
  return project
}

function codes({ problems }: Edited): readonly string[] {
  return problems.map(({ code }) => code)
}

describe('rename', () => {
  it('moves an image with its files, and what is cut from it follows', async () => {
    const { folder, path, read, exists, build, bought } = await built()
    const bytes = readFileSync(path('images/home/hero-64.webp'))
    const inode = statSync(path('images/tall-48.webp')).ino
    const edited = await rename({ cwd: folder, from: 'home/hero', to: 'front/opening' })
    expect(edited.problems).toEqual([])
    expect(edited.changes.map(({ line, before, after }) => [line, before, after])).toEqual([
      [6, 'home/hero', 'front/opening'],
      [14, 'home/hero', 'front/opening'],
    ])
    expect(read('pixelkiln.yaml')).toBe(MANIFEST.replaceAll('home/hero', 'front/opening'))
    expect(exists('images/home/hero-64.webp')).toBe(false)
    expect(readFileSync(path('images/front/opening-64.webp')).equals(bytes)).toBe(true)
    expect(statSync(path('images/tall-48.webp')).ino).toBe(inode)
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 0, fresh: 7 })
    expect(run.result.notes.map(({ code, image }) => [code, image])).toEqual([['image/crop', 'tall']])
    expect(bought()).toBe(3)
    const known = await history({ cwd: folder, id: 'front/opening' })
    expect('takes' in known && known.takes.map(({ take, shown }) => [take, shown])).toEqual([[1, true]])
  })

  it('takes the variants of an image along', async () => {
    const variants =
      '    variants: [{ media: print, aspect: "1:1" }, { media: tv, name: dark, prompt: Night }]\n'
    const { folder, build, files, bought } = await built(
      MANIFEST.replace('    alt: L\n', `    alt: L\n${variants}`),
    )
    const before = bought()
    expect(codes(await rename({ cwd: folder, from: 'home/hero.dark', to: 'night' }))).toEqual([
      'usage/image-unknown',
    ])
    expect(codes(await rename({ cwd: folder, from: 'home/hero', to: 'front' }))).toEqual([])
    expect(files('images').filter((name) => name.startsWith('front'))).toEqual([
      'front-64.webp',
      'front.1-64.webp',
      'front.dark-64.webp',
    ])
    expect((await runCommand(['check'], { cwd: folder })).exitCode).toBe(0)
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 0 })
    expect(bought()).toBe(before)
  })

  it('moves a whole matrix, quotes kept', async () => {
    const { folder, read, exists, build } = await built()
    await rename({ cwd: folder, from: 'shop/mug', to: 'cup' })
    expect(read('pixelkiln.yaml')).toBe(MANIFEST.replaceAll('shop/mug', 'cup'))
    expect(exists('images/cup-teal-64.webp')).toBe(true)
    expect(exists('images/shop/mug-teal-64.webp')).toBe(false)
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 0, fresh: 7 })
  })

  it('works before the first build, and without a store', async () => {
    const project = await testProject(MANIFEST)
    expect(codes(await rename({ cwd: project.folder, from: 'home/hero', to: 'x' }))).toEqual([])
    expect(project.exists('images/pixelkiln.lock.json')).toBe(false)
    await project.build()
    rmSync(project.path('.pixelkiln'), { recursive: true })
    expect(codes(await rename({ cwd: project.folder, from: 'x', to: 'y' }))).toEqual([])
    expect((await project.build()).finished).toMatchObject({ ok: true, encoded: 0, fresh: 7 })
  })

  it('refuses names that are taken, impossible or unknown, and files in the way; nothing is changed then', async () => {
    const { folder, read, write, files, build } = await built()
    const lock = read('images/pixelkiln.lock.json')
    const told = async (from: string, to: string): Promise<readonly string[]> =>
      codes(await rename({ cwd: folder, from, to }))
    expect(await told('home/hero', 'tall')).toEqual(['image/id-clash'])
    expect(await told('home/hero', 'shop/mug')).toEqual(['image/id-clash'])
    expect(await told('shop/mug', 'cups/big')).toEqual(['image/id-clash'])
    expect(await told('home/hero', 'TALL')).toEqual(['image/id-clash'])
    expect(await told('home/hero', '../x')).toEqual(['image/id'])
    expect(await told('home/heroo', 'x')).toEqual(['usage/image-unknown'])
    expect(await told('shop/mug-teal', 'x')).toEqual(['usage/image-unknown'])
    write('images/x-64.webp', 'mine')
    expect(await told('home/hero', 'x')).toEqual(['output/not-ours'])
    expect(read('images/x-64.webp')).toBe('mine')
    expect([read('pixelkiln.yaml'), read('images/pixelkiln.lock.json')]).toEqual([MANIFEST, lock])
    write('pixelkiln.yaml', MANIFEST.replace(/ {2}teal: .*\n/, ''))
    await build()
    expect(await told('home/hero', 'teal')).toEqual(['image/id-clash'])
    expect(files('images')).toHaveLength(9)
  })

  it('follows a name that is shared by an anchor', async () => {
    const shared = MANIFEST.replace('from: shop/mug-teal', 'from: &t shop/mug-teal').concat(
      '  more: { from: *t, alt: t }\n',
    )
    const { folder, read } = await built(shared)
    expect(codes(await rename({ cwd: folder, from: 'home/hero', to: 'x' }))).toEqual([])
    expect(read('pixelkiln.yaml')).toBe(shared.replaceAll('home/hero', 'x'))
    expect(codes(await rename({ cwd: folder, from: 'shop/mug', to: 'cup' }))).toEqual([])
    expect(read('pixelkiln.yaml')).toContain('from: &t cup-teal')
  })

  it('says what it did as a person types it', async () => {
    const { folder } = await built()
    const { out, exitCode } = await runCommand(['rename', 'home/hero', 'front'], { cwd: folder })
    expect(exitCode).toBe(0)
    expect(out).toBe(`pixelkiln.yaml:6:3: changed home/hero to front
pixelkiln.yaml:14:17: changed home/hero to front
1 file moved; nothing was bought or encoded. Pages that name the old paths have to be changed by hand.
`)
  })
})
