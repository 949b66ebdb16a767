import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accept } from '../src/accept.ts'
import { history } from '../src/history.ts'
import { manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'
import { runCommand } from './support/run-command.ts'

/** A built project whose prompt was mended since. */
async function mended(more: object = {}): Promise<TestProject & { readonly before: string }> {
  const crop = { from: 'a', aspect: '1:2', alt: 'c' }
  const project = await testProject(manifestOf({ a: { prompt: 'A mgu', alt: 'm', ...more }, crop }))
  await project.build()
  const before = project.read('images/a-64.webp')
  project.write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A mug', alt: 'm', ...more }, crop }))
  return { ...project, before }
}

describe('accept', () => {
  it('lets the picture stand for the mended words: nothing is bought, nothing encoded, and check is content', async () => {
    const { folder, build, bought, read, before } = await mended()
    const { changes, problems } = await accept({ cwd: folder, ids: ['a'] })
    expect(problems).toEqual([])
    expect(changes).toMatchObject([{ id: 'a', file: 'images/pixelkiln.lock.json', line: 6, column: 1 }])
    expect(read('images/pixelkiln.lock.json').split('\n')[5]).toBe('"a": {')
    expect((await runCommand(['check'], { cwd: folder })).exitCode).toBe(0)
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 0, fresh: 2 })
    expect(bought()).toBe(1)
    expect(read('images/a-64.webp')).toBe(before)
  })

  it('is known to the next machine by lock alone, and by the store alone', async () => {
    for (const lost of ['.pixelkiln', 'images']) {
      const { folder, build, bought, path } = await mended()
      await accept({ cwd: folder, ids: ['a'] })
      rmSync(path(lost), { recursive: true })
      expect((await build()).finished).toMatchObject({ ok: true, bought: 0 })
      expect(bought()).toBe(1)
    }
  })

  it('takes the other candidates along, so that another one can still be picked', async () => {
    const { folder, build, bought, write } = await mended({ candidates: 3 })
    await accept({ cwd: folder, ids: ['*'] })
    const images = { a: { prompt: 'A mug', candidates: 3, pick: 3 }, crop: { from: 'a', aspect: '1:2' } }
    write('pixelkiln.yaml', manifestOf(images))
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0, encoded: 6 })
    const known = await history({ cwd: folder, id: 'a' })
    expect('takes' in known && known.takes.map(({ differs, shown }) => [differs, shown])).toEqual([
      [[], false],
      [[], false],
      [[], true],
    ])
    expect(bought()).toBe(3)
  })

  it('forgets that the present words were refused', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug' } }), {
      faults: [{ fault: 'failed-policy', when: { prompt: 'gun' } }],
    })
    await project.build()
    project.write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A gun' } }))
    expect((await project.build()).codes).toEqual(['purchase/refused'])
    expect(project.read('images/pixelkiln.lock.json')).toContain('"refused"')
    await accept({ cwd: project.folder, ids: ['a'] })
    expect(project.read('images/pixelkiln.lock.json')).not.toContain('"refused"')
    expect((await project.build()).exitCode).toBe(0)
  })

  it('refuses what was never bought, a crop, and an unknown id, and says when nothing is to be done', async () => {
    const { folder, write } = await mended()
    const codes = async (id: string): Promise<readonly string[]> => {
      const { problems, notes } = await accept({ cwd: folder, ids: [id] })
      return [...problems, ...notes].map(({ code }) => code)
    }
    expect(await codes('crop')).toEqual(['image/from'])
    expect(await codes('b')).toEqual(['usage/image-unknown'])
    write('pixelkiln.yaml', manifestOf({ a: { prompt: 'A mgu', alt: 'm' }, b: { prompt: 'A lamp' } }))
    expect(await codes('a')).toEqual(['edit/unchanged'])
    expect(await codes('b')).toEqual(['usage/wrong'])
  })

  it('says what it did as a person types it', async () => {
    const { folder } = await mended()
    const { out } = await runCommand(['accept', 'a'], { cwd: folder })
    expect(out).toMatch(
      /^images\/pixelkiln\.lock\.json:6:1: a: the original [0-9a-f]{12} stands for the present words \(prompt changed\)\n$/,
    )
    expect((await runCommand(['accept', 'a'], { cwd: folder })).out).toBe(
      'a is in step with its words already.\n',
    )
  })
})
