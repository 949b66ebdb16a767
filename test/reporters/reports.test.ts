import { expect, it } from 'vitest'
import type { BuildEvent } from '../../src/core/events.ts'
import type { Problem } from '../../src/core/problems.ts'
import { githubAnnotations, githubSummary } from '../../src/reporters/github.ts'
import { junitText } from '../../src/reporters/junit.ts'
import { createRunReport } from '../../src/reporters/run-report.ts'
import type { RunReport } from '../../src/reporters/run-report.ts'
import { sarifText } from '../../src/reporters/sarif.ts'
import { manifestOf, testProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const PLACE = { file: 'pixelkiln.yaml', line: 7, column: 3, excerpt: '' }
const REFUSED: Problem = {
  code: 'purchase/refused',
  message: 'shop/mug: "100% <wool>" & co, refused.\nChange the words.',
  image: 'shop/mug',
  place: PLACE,
}
const HELD: Problem = { code: 'run/held', message: 'Another run holds this project.' }

function finished(problems: readonly Problem[]): BuildEvent {
  return {
    type: 'finished',
    ok: problems.length === 0,
    bought: 1,
    credits: 21,
    encoded: 3,
    fresh: 4,
    drafts: 0,
    bytes: 61_000,
    seconds: 12.3,
    problems,
    notes: [{ code: 'image/no-alt', message: 'a has no "alt".', image: 'a', place: { ...PLACE, line: 9 } }],
    out: 'public/images',
  }
}

function reportOf(problems: readonly Problem[]): RunReport {
  const { onEvent, report } = createRunReport()
  const images = ['home/hero', 'home/hero|tall']
  onEvent({ type: 'bought', purchase: 'p', images, pictures: 1, credits: 21, bytes: 900_000 })
  for (const image of images) {
    const smallest = { path: `${image}-480.avif`, bytes: 8_200 }
    onEvent({ type: 'encoded', image, outputs: 3, bytes: 61_000, draft: false, smallest })
  }
  onEvent(finished(problems))
  return report()
}

const inRepository = (file: string): string => `site/${file}`

it('a failed run is told to GitHub line by line, where the manifest names the image', async () => {
  const text = githubAnnotations(reportOf([REFUSED, HELD]), inRepository)
  await expect(text).toMatchFileSnapshot('golden/annotations.txt')
})

it('GitHub gets at most ten annotations of a kind, and the tenth says how many more there are', () => {
  const problems = Array.from({ length: 13 }, (_, index) => ({ ...REFUSED, image: `image-${index}` }))
  const lines = githubAnnotations(reportOf(problems), inRepository).split('\n')
  const errors = lines.filter((line) => line.startsWith('::error'))
  expect([errors.length, errors.at(-1)]).toEqual([
    10,
    '::error title=pixelkiln::4 more; the log has them all',
  ])
})

it('the summary of a step has a row an image, with what it cost, and breaks on no character of an id', async () => {
  await expect(githubSummary(reportOf([REFUSED, HELD]))).toMatchFileSnapshot('golden/summary.md')
  expect(githubSummary(reportOf([]))).not.toContain('Problems')
})

it('JUnit has a case an image, and one for what concerns no single image', async () => {
  const text = junitText(reportOf([REFUSED, { ...REFUSED, code: 'output/not-ours' }, HELD]), {
    command: 'build',
  })
  await expect(text).toMatchFileSnapshot('golden/junit.xml')
})

it('JUnit writes no character that XML cannot hold', () => {
  const message = 'a \u0000 bell \u0007 and half a pair \ud800 and "]]>"'
  const text = junitText(reportOf([{ ...REFUSED, message }]), { command: 'build' })
  expect(text).toContain('a \uFFFD bell \uFFFD and half a pair \uFFFD and &quot;]]&gt;&quot;')
})

it('SARIF points at a place for every result, and at one that stays the same as lines move', async () => {
  const told = { manifest: 'pixelkiln.yaml', version: '1.2.3', fileOf: inRepository }
  await expect(sarifText(reportOf([REFUSED, HELD]), told)).toMatchFileSnapshot('golden/report.sarif')
})

it('a run can speak to a person and write every report, at places that are told', async () => {
  const project = await testProject(manifestOf({ 'home/hero': { prompt: 'A lamp', alt: 'Lamp' } }))
  project.write('ci/summary.md', 'before\n')
  const reporters = ['text', 'github', 'junit:out/junit.xml', 'sarif:out/report.sarif']
  const argv = ['build', '--draft', ...reporters.flatMap((name) => ['--reporter', name])]
  const environment = { GITHUB_STEP_SUMMARY: project.path('ci/summary.md') }
  const built = await runCommand(argv, { cwd: project.folder, environment })
  expect([built.exitCode, built.errors]).toEqual([0, ''])
  expect(built.out).toContain('1 draft drawn for nothing')
  expect(project.read('ci/summary.md')).toMatch(
    /^before\n### pixelkiln[^]*\| home\/hero \|  \|  \| 4 \(draft\) \|/,
  )
  expect(project.read('out/junit.xml')).toContain('<testcase name="home/hero" classname="pixelkiln.build" />')
  expect(JSON.parse(project.read('out/report.sarif'))).toMatchObject({ runs: [{ results: [] }] })
})

it('what check finds is pinned to the line of its image, from where the repository begins', async () => {
  const project = await testProject('')
  const manifest = 'version: 1\nout: images\nimages:\n  home/hero:\n    prompt: A lamp\n    alt: Lamp\n'
  project.write('site/pixelkiln.yaml', manifest)
  const argv = ['check', '--reporter', 'github']
  const environment = { GITHUB_WORKSPACE: project.folder }
  const checked = await runCommand(argv, { cwd: project.path('site'), environment })
  expect(checked.exitCode).toBe(3)
  expect(checked.out).toContain(
    '::error file=site/pixelkiln.yaml,line=4,col=3,title=stale/pending::home/hero',
  )
})

it('a reporter nobody knows, or a report without a place, is told before anything is done', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A' } }))
  for (const name of ['xml', 'junit', 'junit:', 'tap:out']) {
    const { exitCode, errors } = await runCommand(['build', '--draft', '--reporter', name], {
      cwd: project.folder,
    })
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(`not "${name}"`)])
  }
  expect(project.exists('images')).toBe(false)
})

it('a report that cannot be written fails nothing that was done', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A', alt: 'A' } }))
  project.write('blocked', '')
  const argv = ['build', '--draft', '--reporter', 'junit:blocked/junit.xml']
  const { exitCode, errors } = await runCommand(argv, { cwd: project.folder })
  expect([exitCode, errors]).toEqual([0, expect.stringContaining('A report was not written: ')])
  expect(project.exists('images/a-64.webp')).toBe(true)
})

it('a plan that cannot be carried out exits as the build would', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'x'.repeat(2001), alt: 'A' } }))
  const { exitCode, errors } = await runCommand(['plan'], { cwd: project.folder })
  expect([exitCode, errors]).toEqual([2, expect.stringContaining('image/prompt-length')])
})
