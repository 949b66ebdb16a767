import { writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Composer } from 'yaml'
import { accept } from '../src/accept.ts'
import { adopt } from '../src/adopt.ts'
import { pick, pin, reroll, restore, setFocus, unpin } from '../src/edit.ts'
import type { Edited } from '../src/edit/edit-manifest.ts'
import { gradientPng } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const MANIFEST = `version: 1
out: images
defaults: { outputs: { formats: [webp], widths: [64], effort: { webp: 0 } } }
images:
  # what people see first
  hero:
    prompt: A lighthouse
    alt: L
    variants:
      # at night
      - media: (prefers-color-scheme: dark)
        name: dark
        prompt: 'A lighthouse at night' # darker
        candidates: 2

      - { media: print, aspect: '1:1' } # paper
  mug:
    prompt: A {{c}} mug
    matrix: { c: [white, teal] }
    variants: [{ media: tv, prompt: 'A {{c}} mug, wide' }]
  tall: { from: hero, matrix: { size: [big, small] }, alt: '{{size}}' }
`.replaceAll('(prefers-color-scheme: dark)', "'(prefers-color-scheme: dark)'")

/** What stands in the file now where something else stood: lines that are new. */
function newLines(project: TestProject): readonly string[] {
  const before = MANIFEST.split('\n')
  return project
    .read('pixelkiln.yaml')
    .split('\n')
    .filter((line) => !before.includes(line))
}

function codes({ problems }: Edited): readonly string[] {
  return problems.map(({ code }) => code)
}

describe('a variant that is a picture of its own', () => {
  it('has its choices in its own item, and comments and quotes stay', async () => {
    const project = await testProject(MANIFEST)
    const { folder: cwd, build, read, bought } = project
    await build()
    const edited = await reroll({ cwd, ids: ['hero.dark'] })
    expect(edited.changes[0]?.sentence).toBe('pixelkiln.yaml:15:9: hero.dark: wrote "reroll: 1"')
    expect(newLines(project)).toEqual(['        reroll: 1'])
    const before = bought()
    expect((await build()).finished).toMatchObject({ ok: true, bought: 2 })
    expect(bought()).toBe(before + 2)
    await pick({ cwd, id: 'hero.dark', take: 2 })
    await pin({ cwd, id: 'hero.dark' })
    expect(newLines(project)).toEqual([
      '        reroll: 1',
      '        pick: 2',
      expect.stringMatching(/^ {8}pin: "?[0-9a-f]{12}"?$/),
    ])
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0 })
    await unpin({ cwd, id: 'hero.dark' })
    expect(read('pixelkiln.yaml')).not.toContain('pin:')
  })

  it('is adopted, restored and accepted like any image', async () => {
    const project = await testProject(MANIFEST)
    const { folder: cwd, build, read, write, bought } = project
    const { result } = await build()
    const first = result.lock?.images.get('hero.dark')?.bought?.original.sha256 ?? ''
    writeFileSync(project.path('own.png'), await gradientPng(120, 120))
    expect(codes(await adopt({ cwd, id: 'hero.dark', file: 'own.png' }))).toEqual([])
    const count = bought()
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 1 })
    expect(codes(await restore({ cwd, id: 'hero.dark', original: first.slice(0, 12) }))).toEqual([])
    expect(read('pixelkiln.yaml')).toContain(first.slice(0, 12))
    write('pixelkiln.yaml', MANIFEST.replace("at night'", "by night'"))
    expect(codes(await accept({ cwd, ids: ['hero.dark'] }))).toEqual([])
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0 })
    expect(bought()).toBe(count)
  })

  it('does not become another crop by the loss of its last words', async () => {
    const project = await testProject(MANIFEST)
    const only = MANIFEST.replace("aspect: '1:1' }", "aspect: '1:1', pin: abcdef123456 }")
    project.write('pixelkiln.yaml', only)
    const edited = await unpin({ cwd: project.folder, id: 'hero.2' })
    expect(codes(edited)).toEqual(['edit/not-possible'])
    expect(edited.problems[0]?.message).toContain('another crop')
    expect(project.read('pixelkiln.yaml')).toBe(only)
  })
})

describe('a cell of a matrix', () => {
  it('has its choices under `each`, and the other cells keep theirs', async () => {
    const matrix = { prompt: 'A {{c}} mug', matrix: { c: ['white', 'teal'] }, candidates: 2 }
    const { folder: cwd, build, read, path, write, bought } = await testProject(manifestOf({ mug: matrix }))
    const { result } = await build()
    const first = result.lock?.images.get('mug-teal')?.bought?.original.sha256 ?? ''
    const white = read('images/mug-white-64.webp')
    writeFileSync(path('own.png'), await gradientPng(120, 120))
    expect(codes(await pick({ cwd, id: 'mug-teal', take: 2 }))).toEqual([])
    expect(codes(await adopt({ cwd, id: 'mug-teal', file: 'own.png' }))).toEqual([])
    expect((await build()).result.lock?.images.get('mug-teal')?.bought).toMatchObject({ model: 'adopted' })
    expect(codes(await restore({ cwd, id: 'mug-teal', original: first.slice(0, 8) }))).toEqual([])
    const each = { teal: { pick: 2, pin: first.slice(0, 12) } }
    expect(JSON.parse(read('pixelkiln.yaml'))).toMatchObject({ images: { mug: { ...matrix, each } } })
    write('pixelkiln.yaml', manifestOf({ mug: { ...matrix, prompt: 'One {{c}} mug' } }))
    expect(codes(await accept({ cwd, ids: ['mug-*'] }))).toEqual([])
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0 })
    expect([bought(), read('images/mug-white-64.webp') === white]).toEqual([4, true])
  })
})

describe('what shows the original of another image', () => {
  it('has a focus of its own, and for all else names whom to ask', async () => {
    const project = await testProject(MANIFEST)
    const { folder: cwd, read } = project
    await setFocus({ cwd, id: 'hero.2', focus: [0.5, 0.25] })
    expect(newLines(project)).toEqual(["      - { media: print, aspect: '1:1', focus: [0.5, 0.25] } # paper"])
    const text = read('pixelkiln.yaml')
    for (const id of ['hero.2', 'tall-big']) {
      const edits = [
        reroll({ cwd, ids: [id] }),
        pick({ cwd, id, take: 1 }),
        pin({ cwd, id }),
        unpin({ cwd, id }),
        restore({ cwd, id, original: 'abcd' }),
        accept({ cwd, ids: [id] }),
        adopt({ cwd, id, file: 'own.png' }),
      ]
      for (const edited of await Promise.all(edits)) {
        expect([id, codes(edited)]).toEqual([id, ['image/from']])
        expect(edited.problems[0]?.message).toContain('Name hero instead')
      }
    }
    expect(read('pixelkiln.yaml')).toBe(text)
  })

  it('has none where it is a cell of a matrix: the lines are those of all cells', async () => {
    const { folder: cwd, read } = await testProject(MANIFEST)
    for (const id of ['tall-big', 'mug-teal.1']) {
      const edited = await setFocus({ cwd, id, focus: 'center' })
      expect(codes(edited)).toEqual(['edit/not-possible'])
      expect(edited.problems[0]?.message).toContain('for all of them')
    }
    expect(codes(await reroll({ cwd, ids: ['mug-teal.1'] }))).toEqual(['edit/not-possible'])
    expect(read('pixelkiln.yaml')).toBe(MANIFEST)
  })
})

describe('an edit in a large manifest', () => {
  it('parses the old text once, the new text once, and besides no more than the image itself', async () => {
    const many = Array.from({ length: 300 }, (_, at) => `  i${at}: { prompt: 'A lamp ${at}', alt: l }\n`)
    const { folder: cwd, read } = await testProject(MANIFEST + many.join(''))
    const { length } = read('pixelkiln.yaml')
    const parsed = vi.spyOn(Composer.prototype, 'compose')
    onTestFinished(() => parsed.mockRestore())
    expect(codes(await reroll({ cwd, ids: ['i7', 'i200', 'hero.dark'] }))).toEqual([])
    const sizes = parsed.mock.calls.map(([, , end = 0]) => end)
    expect(sizes.filter((size) => size >= length)).toHaveLength(2)
    expect(sizes.filter((size) => size < length && size > 600)).toEqual([])
  })

  it('says what the next build will cost: nothing for a pin, nothing for what the store has, or that nobody knows', async () => {
    const images = { a: { prompt: 'A lamp.', candidates: 3 }, b: { prompt: 'A mug.', model: 'flux-2-pro' } }
    const { folder: cwd, build, write } = await testProject(manifestOf(images))
    const costs = async (...ids: readonly string[]): Promise<readonly string[]> => {
      const { notes } = await reroll({ cwd, ids })
      return notes.filter(({ code }) => code === 'edit/cost').map(({ message }) => message)
    }
    expect(await costs('a')).toEqual(['The next build buys 3 new pictures for 63 credits.'])
    expect(await costs('a', 'b')).toEqual([
      'The next build buys 4 new pictures at a price that is not known.',
    ])
    await build({ only: ['a'] })
    write('pixelkiln.yaml', manifestOf({ a: { ...images.a, reroll: 1 } }))
    expect(await costs('a')).toEqual(['The store has such pictures already: the next build buys nothing.'])
    write('pixelkiln.yaml', manifestOf({ a: { ...images.a, pin: 'abcdef123456' } }))
    expect(await costs('a')).toEqual([])
  })
})
