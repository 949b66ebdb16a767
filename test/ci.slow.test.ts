import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { expectKeyless } from './support/planted-key.ts'
import { KEY, manifestOf, testProject } from './support/project.ts'
import type { TestProject } from './support/project.ts'

const SCRIPT = fileURLToPath(new URL('../examples/ci/regenerate.sh', import.meta.url))
const BIN = fileURLToPath(new URL('../bin/pixelkiln.js', import.meta.url))
const TWO = { a: { prompt: 'A lamp', alt: 'Lamp' }, b: { prompt: 'A mug', alt: 'Mug' } }

function git(project: TestProject, ...words: readonly string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...who, ...words], { cwd: project.folder, encoding: 'utf8', stdio: 'pipe' })
}

/** A clone of a repository with a manifest, pixelkiln installed in it, and the emulator as its service. */
async function clone(options: Parameters<typeof testProject>[1] = {}): Promise<TestProject> {
  const project = await testProject(manifestOf(TWO), options)
  git(project, 'init')
  git(project, 'init', '--bare', 'remote.git')
  mkdirSync(project.path('node_modules/.bin'), { recursive: true })
  symlinkSync(BIN, project.path('node_modules/.bin/pixelkiln'))
  project.write('.gitignore', 'node_modules\nremote.git\n')
  git(project, 'add', '-A')
  git(project, 'commit', '-qm', 'begin')
  git(project, 'remote', 'add', 'origin', project.path('remote.git'))
  git(project, 'push', '-q', 'origin', 'main')
  return project
}

async function regenerate(
  project: TestProject,
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string }> {
  const env = {
    ...process.env,
    CI: 'true',
    APIFRAME_BASE_URL: project.emulator.url,
    APIFRAME_API_KEY: KEY,
    PIXELKILN_BUDGET: '100',
    ...more,
  }
  const child = spawn('bash', [SCRIPT], { cwd: project.folder, env })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (out += bytes.toString()))
  const code = await new Promise<number>((resolve) => child.on('close', (ended) => resolve(ended ?? -1)))
  expectKeyless('the log of the job', out)
  return { code, out }
}

/** Files of the pushed branch. */
function pushed(project: TestProject): readonly string[] {
  return git(project, '-C', 'remote.git', 'ls-tree', '-r', '--name-only', 'main').trim().split('\n')
}

it('buys, commits files, lock and originals, pushes, and has nothing to do the next time', async () => {
  const project = await clone()
  const first = await regenerate(project)
  expect([first.code, project.bought()]).toEqual([0, 2])
  expect(pushed(project)).toEqual(expect.arrayContaining(['images/a-64.webp', 'images/pixelkiln.lock.json']))
  expect(pushed(project).filter((path) => path.startsWith('.pixelkiln/originals/'))).not.toEqual([])
  expect(pushed(project).filter((path) => path.includes('journal'))).toEqual([])
  const again = await regenerate(project)
  expect([again.code, project.bought()]).toEqual([0, 2])
  expect(again.out).toContain('Nothing to commit.')
})

it('a refusal fails the job after the other picture was pushed', async () => {
  const project = await clone({ faults: [{ fault: 'failed-policy', when: { prompt: 'lamp' } }] })
  const { code } = await regenerate(project)
  expect(code).toBe(4)
  expect(pushed(project)).toContain('images/b-64.webp')
  expect(pushed(project)).not.toContain('images/a-64.webp')
})

it('a budget that is too small fails the job, buys nothing, and pushes nothing', async () => {
  const project = await clone()
  const before = pushed(project)
  const { code } = await regenerate(project, { PIXELKILN_BUDGET: '20' })
  const more = pushed(project).filter((path) => !before.includes(path))
  expect([code, project.bought(), more]).toEqual([5, 0, ['.pixelkiln/.gitignore']])
})

it('without a budget it does not even begin', async () => {
  const project = await clone()
  const { code, out } = await regenerate(project, { PIXELKILN_BUDGET: '' })
  expect([code === 0, project.bought()]).toEqual([false, 0])
  expect(out).toContain('Nothing is bought in CI without one')
})

it('somebody who pushed meanwhile loses nothing, and neither do the pictures', async () => {
  const project = await clone()
  git(project, 'clone', '-q', 'remote.git', 'other')
  project.write('other/README', 'new\n')
  execFileSync('git', ['add', '-A'], { cwd: project.path('other') })
  git(project, '-C', 'other', 'commit', '-qm', 'meanwhile')
  git(project, '-C', 'other', 'push', '-q', 'origin', 'main')
  const { code } = await regenerate(project)
  expect(code).toBe(0)
  expect(pushed(project)).toEqual(expect.arrayContaining(['README', 'images/a-64.webp', 'images/b-64.webp']))
})

it('a runner that dies while pictures are made costs nothing: the next one gets the same jobs', async () => {
  const project = await clone({ latencyMs: 1500 })
  const env = { ...process.env, APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const child = spawn(process.execPath, [BIN, 'build', '--budget', '100'], {
    cwd: project.folder,
    env,
    stdio: 'ignore',
  })
  await expect.poll(() => project.bought(), { timeout: 20_000 }).toBe(2)
  const gone = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await gone
  git(project, 'clean', '-xfdq', '--exclude=node_modules', '--exclude=remote.git')
  expect(project.exists('.pixelkiln/journal.jsonl')).toBe(false)
  const { code } = await regenerate(project)
  expect([code, project.bought()]).toEqual([0, 2])
  expect(pushed(project)).toContain('images/a-64.webp')
})
