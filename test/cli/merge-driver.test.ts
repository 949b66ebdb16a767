import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const LOCK = 'images/pixelkiln.lock.json'

function git(project: TestProject, ...words: readonly string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...who, ...words], { cwd: project.folder, encoding: 'utf8', stdio: 'pipe' })
}

/** Two branches that each bought a picture of their own, and `main` merged into by the first. */
async function twoBranches(): Promise<TestProject> {
  const project = await testProject(manifestOf({ m: { prompt: 'Middle', alt: 'M' } }))
  git(project, 'init')
  await project.build()
  git(project, 'add', '-A')
  git(project, 'commit', '-m', 'begin')
  for (const id of ['x', 'z']) {
    git(project, 'checkout', '-q', '-b', id, 'main')
    project.write(
      'pixelkiln.yaml',
      manifestOf({ m: { prompt: 'Middle', alt: 'M' }, [id]: { prompt: `Only ${id}`, alt: id } }),
    )
    await project.build()
    git(project, 'add', '-A')
    git(project, 'commit', '-m', id)
  }
  return project
}

const BOTH = manifestOf({
  m: { prompt: 'Middle', alt: 'M' },
  x: { prompt: 'Only x', alt: 'x' },
  z: { prompt: 'Only z', alt: 'z' },
})

it('a lock with conflict markers is merged by the next build, which buys nothing', async () => {
  const project = await twoBranches()
  expect(() => git(project, 'merge', 'x')).toThrow('Command failed')
  project.write('pixelkiln.yaml', BOTH)
  expect(project.read(LOCK)).toContain('<<<<<<<')
  const checked = await runCommand(['check'], { cwd: project.folder })
  expect([checked.exitCode, checked.out + checked.errors]).toEqual([
    2,
    expect.stringContaining('lock/conflict'),
  ])
  const run = await project.build()
  expect([run.exitCode, run.finished.bought, project.bought()]).toEqual([0, 0, 3])
  expect(run.result.notes.map(({ code }) => code)).toContain('lock/merged')
  expect(project.read(LOCK)).not.toContain('<<<<<<<')
  expect((await runCommand(['check'], { cwd: project.folder })).exitCode).toBe(0)
})

it('merges three files as git hands them over, and leaves OURS alone when one is no lock', async () => {
  const project = await twoBranches()
  const at = (branch: string): string => git(project, 'show', `${branch}:${LOCK}`)
  project.write('base', at('main'))
  project.write('ours', at('z'))
  project.write('theirs', at('x'))
  const merged = await runCommand(['merge-driver', 'base', 'ours', 'theirs', LOCK], { cwd: project.folder })
  expect(merged).toEqual({ exitCode: 0, out: '', errors: '' })
  expect([...project.read('ours').matchAll(/^"([mxz])": \{$/gm)].map(([, id]) => id)).toEqual(['m', 'x', 'z'])
  const before = project.read('ours')
  project.write('theirs', '{ "lock": 99 }')
  const failed = await runCommand(['merge-driver', 'base', 'ours', 'theirs', LOCK], { cwd: project.folder })
  expect([failed.exitCode, failed.errors]).toEqual([2, expect.stringContaining('lock/newer')])
  expect(project.read('ours')).toBe(before)
})

it('--install tells git of the driver and writes .gitattributes once', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A' } }))
  const outside = await runCommand(['merge-driver', '--install'], { cwd: project.folder })
  expect([outside.exitCode, outside.errors]).toEqual([2, expect.stringContaining('no git repository')])
  git(project, 'init')
  for (const said of ['Commit .gitattributes', 'names it already']) {
    const { exitCode, out } = await runCommand(['merge-driver', '--install'], { cwd: project.folder })
    expect([exitCode, out]).toEqual([0, expect.stringContaining(said)])
  }
  expect(project.read('.gitattributes')).toBe('pixelkiln.lock.json text eol=lf merge=pixelkiln\n')
  expect(git(project, 'config', 'merge.pixelkiln.driver')).toContain('merge-driver %O %A %B %P')
})

it('a merge on two machines that bought the same words keeps both pictures and pays for neither again', async () => {
  const words = { a: { prompt: 'Same words', alt: 'a' } }
  const project = await testProject(manifestOf({ a: { prompt: 'First words', alt: 'a' } }))
  git(project, 'init')
  await project.build()
  git(project, 'add', '-A')
  git(project, 'commit', '-m', 'begin')
  git(project, 'checkout', '-q', '-b', 'other')
  project.write('pixelkiln.yaml', manifestOf({ a: { prompt: 'Other words', alt: 'a' } }))
  await project.build()
  git(project, 'add', '-A')
  git(project, 'commit', '-m', 'other')
  git(project, 'checkout', '-q', 'main')
  project.write('pixelkiln.yaml', manifestOf(words))
  await project.build()
  git(project, 'add', '-A')
  git(project, 'commit', '-m', 'same')
  expect(() => git(project, 'merge', 'other')).toThrow('Command failed')
  for (const prompt of ['Other words', 'Same words', 'Other words']) {
    project.write('pixelkiln.yaml', manifestOf({ a: { prompt, alt: 'a' } }))
    expect((await project.build()).exitCode).toBe(0)
  }
  expect(project.bought()).toBe(3)
})
