import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adopt } from '../src/adopt.ts'
import { unpin } from '../src/edit.ts'
import { gradientPng, truncated } from './support/pictures.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'
import { runCommand } from './support/run-command.ts'

async function withPicture(): Promise<TestProject & { readonly png: Uint8Array }> {
  const project = await testProject(
    manifestOf({ a: { prompt: 'A mug', alt: 'm' }, crop: { from: 'a', aspect: '1:2', alt: 'c' } }),
  )
  const png = await gradientPng(120, 120)
  writeFileSync(project.path('mine.png'), png)
  return { ...project, png }
}

describe('a picture of your own', () => {
  it('is the original of its image: nothing is bought, and nobody is named as its maker', async () => {
    const { folder, build, bought, read } = await withPicture()
    const edited = await adopt({ cwd: folder, id: 'a', file: 'mine.png' })
    expect(edited.problems).toEqual([])
    expect(edited.changes).toMatchObject([{ id: 'a', file: 'pixelkiln.yaml', before: null }])
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 6 })
    expect(run.result.notes.map(({ code, image }) => [code, image])).toEqual([['image/crop', 'crop']])
    expect(run.result.lock?.images.get('a')?.bought).toMatchObject({
      model: 'adopted',
      original: { width: 120, height: 120, format: 'png' },
    })
    expect(run.result.lock?.images.get('crop')?.bought?.model).toBe('adopted')
    expect(bought()).toBe(0)
    expect((await build()).finished).toMatchObject({ fresh: 2, encoded: 0 })
    expect(read('pixelkiln.yaml')).toContain('"pin": "')
  })

  it('stays adopted without its pin, in a clone, and beside what is bought later', async () => {
    const { folder, build, bought, write, path } = await withPicture()
    await adopt({ cwd: folder, id: 'a', file: 'mine.png' })
    await build()
    await unpin({ cwd: folder, id: 'a' })
    rmSync(path('images'), { recursive: true })
    rmSync(path('.pixelkiln/state.bin'), { force: true })
    const clone = await build()
    expect(clone.finished).toMatchObject({ ok: true, bought: 0 })
    expect(clone.result.lock?.images.get('a')?.bought?.model).toBe('adopted')
    write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A mug', candidates: 2, pick: 2 } }))
    const more = await build({ prune: true })
    expect(more.finished).toMatchObject({ ok: true, bought: 1 })
    expect(more.result.lock?.images.get('a')?.bought).toMatchObject({ model: 'apiframe/dall-e-3', pick: 2 })
    expect(bought()).toBe(1)
    const out = (await runCommand(['history', 'a'], { cwd: folder })).out
    expect(out).toMatch(/1 {2}120×120 png {2}adopted +present\n.*2 {2}96×96 png .*shown/)
  })

  it('survives an edit of the words, and shows that it is out of step', async () => {
    const { folder, build, bought, read, write } = await withPicture()
    await adopt({ cwd: folder, id: 'a', file: 'mine.png' })
    await build()
    write('pixelkiln.yaml', read('pixelkiln.yaml').replace('A mug', 'A lamp'))
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0, encoded: 0 })
    expect(run.result.notes.map(({ code }) => code)).toEqual(['image/crop', 'image/out-of-step'])
    expect(bought()).toBe(0)
  })

  it('is looked at like a download: what is no whole picture is refused, and nothing is kept', async () => {
    const { folder, png, path, read, files } = await withPicture()
    const manifest = read('pixelkiln.yaml')
    writeFileSync(path('cut.png'), truncated(png, 0.5))
    writeFileSync(path('page.png'), '<html>')
    mkdirSync(path('folder'))
    const codes = async (file: string, id = 'a'): Promise<readonly string[]> =>
      (await adopt({ cwd: folder, id, file })).problems.map(({ code }) => code)
    expect(await codes('cut.png')).toEqual(['image/not-a-picture'])
    expect(await codes('page.png')).toEqual(['image/not-a-picture'])
    expect(await codes('folder')).toEqual(['disk/failed'])
    expect(await codes('none.png')).toEqual(['usage/wrong'])
    expect(await codes('mine.png', 'b')).toEqual(['usage/image-unknown'])
    expect(await codes('mine.png', 'crop')).toEqual(['image/from'])
    expect(read('pixelkiln.yaml')).toBe(manifest)
    expect(files('.pixelkiln/originals')).toEqual([])
  })
})
