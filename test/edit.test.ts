import { chmodSync, statSync, symlinkSync, readlinkSync, renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pick, pin, reroll, setFocus, unpin } from '../src/edit.ts'
import type { Edited } from '../src/edit/edit-manifest.ts'
import { testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const MANIFEST = `version: 1
out: images
defaults:
  reroll: 4
  outputs: { formats: [webp], widths: [64], effort: { webp: 0 } }
images:
  # the first thing people see
  home/hero:
    prompt: A lighthouse keeper
    candidates: 3   # three to choose from
    alt: Keeper

  shop/mug: { prompt: 'A {{colour}} mug', matrix: { colour: [white, teal] }, alt: '{{colour}} mug' }
  tall: { from: home/hero, alt: Keeper }
`

/** What an edit did, in short: codes of problems and notes, then what changed in which line. */
function told({ changes, notes, problems }: Edited): readonly string[] {
  return [
    ...problems.map(({ code }) => `problem ${code}`),
    ...notes.map(({ code }) => `note ${code}`),
    ...changes.map(({ id, line, before, after }) => `${line} ${id}: ${before} → ${after}`),
  ]
}

interface Site extends TestProject {
  readonly cwd: string
}

async function project(manifest = MANIFEST): Promise<Site> {
  const made = await testProject(manifest)
  return { ...made, cwd: made.folder }
}

/** The original that an image shows. */
async function shown({ build }: Site, id: string): Promise<string> {
  const { result } = await build()
  return result.lock?.images.get(id)?.bought?.original.sha256 ?? ''
}

describe('reroll', () => {
  it('raises the number that holds, at the image or at its cell, and nothing else in the file', async () => {
    const { cwd, read } = await project()
    const edited = await reroll({ cwd, ids: ['home/hero', 'shop/mug-teal'] })
    expect(told(edited)).toEqual(['note edit/cost', '12 home/hero: null → 5', '14 shop/mug-teal: null → 5'])
    expect(edited.changes[0]?.sentence).toBe('pixelkiln.yaml:12:5: home/hero: wrote "reroll: 5"')
    expect(read('pixelkiln.yaml')).toBe(
      MANIFEST.replace('alt: Keeper\n\n', 'alt: Keeper\n    reroll: 5\n\n').replace(
        "mug' }",
        "mug', each: { teal: { reroll: 5 } } }",
      ),
    )
    expect(told(await reroll({ cwd, ids: ['shop/*'] }))).toEqual([
      'note edit/cost',
      '14 shop/mug-teal: 5 → 6',
      '14 shop/mug-white: null → 5',
    ])
  })

  it('makes the next build buy exactly that picture anew', async () => {
    const { cwd, build, bought } = await project()
    await build()
    expect(bought()).toBe(5)
    await reroll({ cwd, ids: ['shop/mug-white'] })
    expect((await build()).finished).toMatchObject({ ok: true, bought: 1 })
    expect(bought()).toBe(6)
  })

  it('refuses a crop that was named, and leaves it out of a glob', async () => {
    const { cwd } = await project()
    expect(told(await reroll({ cwd, ids: ['tall'] }))).toEqual(['problem image/from'])
    expect((await reroll({ cwd, ids: ['*'] })).problems).toEqual([])
  })

  it('refuses an unknown id with the nearest, and the name of a whole matrix with its cells', async () => {
    const { cwd, read } = await project()
    const near = await reroll({ cwd, ids: ['home/hero', 'home/hreo'] })
    expect(told(near)).toEqual(['problem usage/image-unknown'])
    expect(near.problems[0]?.message).toContain('"home/hero"')
    const matrix = await reroll({ cwd, ids: ['shop/mug'] })
    expect(matrix.problems[0]?.message).toContain('shop/mug-teal, shop/mug-white')
    expect(read('pixelkiln.yaml')).toBe(MANIFEST)
  })
})

describe('pick', () => {
  it('uses another candidate, free', async () => {
    const site = await project()
    const { cwd, build } = site
    const first = await shown(site, 'home/hero')
    expect(told(await pick({ cwd, id: 'home/hero', take: 3 }))).toEqual(['12 home/hero: null → 3'])
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0 })
    expect(run.result.lock?.images.get('home/hero')?.bought?.original.sha256).not.toBe(first)
    expect(told(await pick({ cwd, id: 'home/hero', take: 3 }))).toEqual(['note edit/unchanged'])
  })

  it('says when the candidate has still to be bought, and refuses one that will never be', async () => {
    const { cwd } = await project()
    expect(told(await pick({ cwd, id: 'home/hero', take: 2 }))).toEqual([
      'note image/not-bought',
      '12 home/hero: null → 2',
    ])
    for (const take of [0, 4, 1.5, Number.NaN])
      expect(told(await pick({ cwd, id: 'home/hero', take }))).toEqual(['problem image/pick'])
    expect(told(await pick({ cwd, id: 'tall', take: 1 }))).toEqual(['problem image/from'])
  })
})

describe('pin', () => {
  it('takes the original that is shown, or the one that the digits name', async () => {
    const site = await project()
    const { cwd, build, read } = site
    expect(told(await pin({ cwd, id: 'home/hero' }))).toEqual(['problem image/pin-unknown'])
    const hero = await shown(site, 'home/hero')
    expect(told(await pin({ cwd, id: 'home/hero' }))).toEqual([
      `12 home/hero: null → ${read('pixelkiln.yaml').match(/pin: (\S+)/)?.[1]}`,
    ])
    expect(read('pixelkiln.yaml')).toContain(hero.slice(0, 12))
    expect(told(await pin({ cwd, id: 'home/hero' }))).toEqual(['note edit/unchanged'])
    const mug = await shown(site, 'shop/mug-teal')
    expect(told(await pin({ cwd, id: 'home/hero', original: mug.slice(0, 6).toUpperCase() }))).toHaveLength(1)
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0 })
    expect(run.result.lock?.images.get('home/hero')?.bought?.original.sha256).toBe(mug)
  })

  it('refuses digits that name nothing, or several', async () => {
    const { cwd, build, read } = await project()
    await build()
    expect(told(await pin({ cwd, id: 'home/hero', original: 'abcd' }))).toEqual(['problem image/pin-unknown'])
    expect(told(await pin({ cwd, id: 'home/hero', original: '' }))).toEqual(['problem image/pin-unknown'])
    expect(told(await pin({ cwd, id: 'home/hero', original: 'no hex' }))).toEqual([
      'problem image/pin-unknown',
    ])
    expect(read('pixelkiln.yaml')).toBe(MANIFEST)
  })

  it('is taken out again by unpin, also where all cells are pinned', async () => {
    const { cwd, build, read } = await project()
    await build()
    await pin({ cwd, id: 'home/hero' })
    await pin({ cwd, id: 'shop/mug-teal' })
    expect(told(await unpin({ cwd, id: 'home/hero' }))[0]).toMatch(/^12 home\/hero: "?\w+"? → null$/)
    await unpin({ cwd, id: 'shop/mug-teal' })
    expect(read('pixelkiln.yaml')).toBe(MANIFEST)
    expect(told(await unpin({ cwd, id: 'home/hero' }))).toEqual(['note edit/unchanged'])
    const all = MANIFEST.replace("{ prompt: 'A {{", "{ pin: abcdef123456, prompt: 'A {{")
    const other = await project(all)
    await unpin({ cwd: other.cwd, id: 'shop/mug-teal' })
    expect(other.read('pixelkiln.yaml')).toContain('each: { teal: { pin: null } }')
  })
})

describe('the focus', () => {
  it('is written as a point or a word, at a crop as well', async () => {
    const { cwd, read } = await project()
    await setFocus({ cwd, id: 'tall', focus: [1 / 3, 0.5] })
    await setFocus({ cwd, id: 'home/hero', focus: 'center' })
    expect(read('pixelkiln.yaml')).toContain('tall: { from: home/hero, alt: Keeper, focus: [0.333, 0.5] }')
    expect(read('pixelkiln.yaml')).toContain('\n    focus: center\n')
    expect(told(await setFocus({ cwd, id: 'home/hero', focus: 'center' }))).toEqual([])
    expect(told(await setFocus({ cwd, id: 'home/hero', focus: [0.5, 2] }))).toEqual([
      'problem manifest/wrong-value',
    ])
  })
})

describe('the manifest as a file', () => {
  it('keeps its permissions, and stays a link where it is one', async () => {
    const { cwd, path } = await project()
    renameSync(path('pixelkiln.yaml'), path('real.yaml'))
    chmodSync(path('real.yaml'), 0o600)
    symlinkSync('real.yaml', path('pixelkiln.yaml'))
    await reroll({ cwd, ids: ['home/hero'] })
    expect(readlinkSync(path('pixelkiln.yaml'))).toBe('real.yaml')
    expect(statSync(path('real.yaml')).mode & 0o777).toBe(0o600)
  })

  it('loses none of several edits that are made at once', async () => {
    const { cwd, read, files } = await project()
    const edits = [
      reroll({ cwd, ids: ['home/hero'] }),
      reroll({ cwd, ids: ['shop/mug-teal'] }),
      pick({ cwd, id: 'home/hero', take: 2 }),
      setFocus({ cwd, id: 'tall', focus: 'center' }),
      setFocus({ cwd, id: 'shop/mug-white', focus: [0, 1] }),
    ]
    expect((await Promise.all(edits)).map(({ problems }) => problems)).toEqual([[], [], [], [], []])
    const text = read('pixelkiln.yaml')
    for (const part of ['reroll: 5\n', 'teal: { reroll: 5 }', 'pick: 2', 'focus: center', 'focus: [0, 1]'])
      expect(text).toContain(part)
    expect(files('.').filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('is left alone where it has mistakes, or where an edit would change another image', async () => {
    const shared = MANIFEST.replace('  home/hero:\n', '  home/hero: &hero\n').concat('  other: *hero\n')
    const { cwd, read, write } = await project(shared)
    expect(told(await reroll({ cwd, ids: ['other'] }))).toEqual(['problem edit/not-possible'])
    expect(told(await reroll({ cwd, ids: ['home/hero'] }))).toEqual(['problem edit/not-possible'])
    expect(read('pixelkiln.yaml')).toBe(shared)
    write('pixelkiln.yaml', MANIFEST.replace('alt: Keeper', 'al: Keeper'))
    expect(told(await reroll({ cwd, ids: ['home/hero'] }))).toEqual(['problem manifest/unknown-key'])
    write('other.yaml', MANIFEST)
    expect(told(await reroll({ cwd, manifest: 'none.yaml', ids: ['x'] }))).toEqual([
      'problem manifest/missing',
    ])
    expect(told(await reroll({ cwd, manifest: 'other.yaml', ids: ['home/hero'] }))).toHaveLength(2)
  })
})
