import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { restore, unpin } from '../src/edit.ts'
import { history } from '../src/history.ts'
import type { History } from '../src/history.ts'
import { KEY, manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'
import { runCommand } from './support/run-command.ts'

/** Take, model, what differs and whether it is shown, for each original. */
async function told({ folder }: Pick<TestProject, 'folder'>, id = 'a'): Promise<readonly string[]> {
  return (await known(folder, id)).takes.map(({ take, differs, shown, bytes }) =>
    [take ?? '?', differs?.join('+') ?? 'unknown', ...(shown ? ['shown'] : []), bytes].join(' '),
  )
}

async function known(folder: string, id = 'a', emulator = false): Promise<History> {
  const found = await history({ cwd: folder, id, emulator })
  if ('problems' in found) throw new Error(found.problems.map(({ message }) => message).join())
  return found
}

/** A project whose image was bought for two texts, the second one in two takes. */
async function twoTexts(): Promise<TestProject> {
  const project = await testProject(manifestOf({ a: { prompt: 'A mug' }, b: { prompt: 'A lamp' } }))
  await project.build()
  project.write(
    'pixelkiln.yaml',
    manifestOf({ a: { prompt: 'A blue mug', candidates: 2, model: 'imagen-4' } }),
  )
  await project.build({ prune: true })
  return project
}

describe('the history of an image', () => {
  it('holds the takes of its words and of earlier ones, and says which differ in what', async () => {
    const project = await twoTexts()
    expect(await told(project)).toEqual(['1  shown present', '2  present', '1 prompt+model present'])
    const { takes } = await known(project.folder)
    expect(takes.map(({ prompt, model }) => `${model}: ${prompt}`)).toEqual([
      'apiframe/imagen-4: A blue mug',
      'apiframe/imagen-4: A blue mug',
      'apiframe/dall-e-3: A mug',
    ])
    expect(project.exists(takes[2]?.path ?? '')).toBe(true)
  })

  it('is known in a fresh clone that has the originals', async () => {
    const project = await twoTexts()
    rmSync(project.path('.pixelkiln/journal.jsonl'))
    expect(await told(project)).toEqual(['1  shown present', '2  present', '1 prompt+model present'])
    expect((await known(project.folder)).takes.map(({ prompt }) => prompt)).toEqual([null, null, null])
  })

  it('is what the lock tells where there is no store', async () => {
    const project = await twoTexts()
    rmSync(project.path('.pixelkiln'), { recursive: true })
    expect(await told(project)).toEqual(['?  shown missing'])
  })

  it('survives a merge of two branches that bought for one text', async () => {
    const project = await testProject(manifestOf({ c: { prompt: 'A tree' } }))
    // Within a day one service would give both machines one picture.
    const elsewhere = await testProject('')
    const git = (...words: readonly string[]): string =>
      execFileSync('git', words, { cwd: project.folder, encoding: 'utf8', stdio: 'pipe' })
    git('init', '-q', '-b', 'main')
    git('config', 'user.name', 'x')
    git('config', 'user.email', 'x@example.org')
    await project.build()
    git('add', '-A')
    git('commit', '-qm', 'start')
    for (const branch of ['one', 'two']) {
      git('checkout', '-q', '-b', branch, 'main')
      project.write('pixelkiln.yaml', manifestOf({ [branch]: { prompt: 'A mug' }, c: { prompt: 'A tree' } }))
      rmSync(project.path('.pixelkiln/journal.jsonl'))
      const { url } = (branch === 'one' ? project : elsewhere).emulator
      await project.build({ environment: { APIFRAME_BASE_URL: url, APIFRAME_API_KEY: KEY } })
      git('add', '-A')
      git('commit', '-qm', branch)
    }
    expect(() => git('merge', '-q', 'one')).toThrow('Command failed')
    expect(git('diff', '--name-only', '--diff-filter=U')).not.toContain('index/')
    git('checkout', '-q', '--theirs', '.')
    const both = await told(project, 'one')
    expect(both).toHaveLength(2)
    expect(both.filter((take) => take.includes('shown'))).toHaveLength(1)
  })

  it('of a crop is that of the image it is cut from; an unknown id is refused with the nearest', async () => {
    const project = await testProject(manifestOf({ aa: { prompt: 'A mug' }, crop: { from: 'aa' } }))
    expect(await told(project, 'crop')).toEqual([])
    await project.build()
    expect(await told(project, 'crop')).toEqual(['1  shown present'])
    const found = await history({ cwd: project.folder, id: 'ab' })
    expect(found).toMatchObject({ problems: [{ code: 'usage/image-unknown' }] })
  })

  it('is kept by the emulator apart from the real one', async () => {
    const project = await testProject(manifestOf({ a: { prompt: 'A mug' } }))
    const service = async (): Promise<{ readonly baseUrl: string; readonly apiKey: string }> =>
      Promise.resolve({ baseUrl: project.emulator.url, apiKey: 'afk_00000000' })
    await project.build({ emulator: true, service })
    expect((await known(project.folder)).takes).toEqual([])
    expect((await known(project.folder, 'a', true)).takes).toMatchObject([{ take: 1, shown: true }])
  })
})

describe('restore', () => {
  it('shows an earlier original again for nothing, out of step with the words, and unpin goes back', async () => {
    const project = await twoTexts()
    const { folder, build } = project
    const before = project.bought()
    const earlier = (await known(folder)).takes[2]?.original.sha256 ?? ''
    const edited = await restore({ cwd: folder, id: 'a', original: earlier.slice(0, 8) })
    expect(edited.changes).toHaveLength(1)
    expect(edited.notes[0]?.message).toContain('another prompt and model')
    const run = await build()
    expect(run.finished).toMatchObject({ ok: true, bought: 0 })
    expect(run.result.notes.map(({ code }) => code)).toContain('image/out-of-step')
    expect(run.result.lock?.images.get('a')?.bought).toMatchObject({
      original: { sha256: earlier },
      model: 'apiframe/dall-e-3',
    })
    expect(await told(project)).toEqual(['1  present', '2  present', '1 prompt+model shown present'])
    expect((await build()).finished).toMatchObject({ ok: true, encoded: 0, fresh: 1 })
    await unpin({ cwd: folder, id: 'a' })
    expect((await build()).finished).toMatchObject({ ok: true, bought: 0 })
    expect(await told(project)).toEqual(['1  shown present', '2  present', '1 prompt+model present'])
    expect(project.bought()).toBe(before)
  })

  it('of another take of the same words ends with the pin', async () => {
    const project = await twoTexts()
    const second = (await known(project.folder)).takes[1]?.original.sha256 ?? ''
    await restore({ cwd: project.folder, id: 'a', original: second })
    await project.build()
    expect((await told(project))[1]).toBe('2  shown present')
    await unpin({ cwd: project.folder, id: 'a' })
    await project.build()
    expect((await told(project))[0]).toBe('1  shown present')
  })
})

it('history and restore as a person types them', async () => {
  const project = await twoTexts()
  const { takes } = await known(project.folder)
  const [one, two, three] = takes.map(({ original }) => original.sha256.slice(0, 12))
  const { out } = await runCommand(['history', 'a'], { cwd: project.folder })
  expect(out).toBe(`a
  original      take  size       model              words
  ${one}     1  ${size(takes[0])}  apiframe/imagen-4  present                            shown
  ${two}     2  ${size(takes[1])}  apiframe/imagen-4  present
  ${three}     1  ${size(takes[2])}  apiframe/dall-e-3  earlier: another prompt and model
"pixelkiln restore a ${two}" shows that one again; it costs nothing.
`)
  const restored = await runCommand(['restore', 'a', three ?? ''], { cwd: project.folder })
  expect(restored.out).toMatch(/^pixelkiln\.yaml:\d+:\d+: a: wrote "pin: "?\w+"?"\nThe next build shows it/)
  const wrong = await runCommand(['restore', 'a', 'ffff'], { cwd: project.folder })
  expect([wrong.exitCode, wrong.errors]).toEqual([4, expect.stringContaining('image/pin-unknown')])
  const json = await runCommand(['history', 'a', '--json'], { cwd: project.folder })
  expect(JSON.parse(json.out)).toMatchObject({ id: 'a', from: null, takes: [{ take: 1 }, {}, {}] })
})

function size(take: History['takes'][number] | undefined): string {
  const { width = 0, height = 0, format = '' } = take?.original ?? {}
  return `${width}×${height} ${format}`
}
