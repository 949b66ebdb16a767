import { expect, it } from 'vitest'
import { KEY, manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const LAMP = manifestOf({ a: { prompt: 'A lamp.' } })

async function inCi(project: TestProject, argv: readonly string[], ci = 'true'): Promise<number> {
  const { url } = project.emulator
  const environment = { CI: ci, APIFRAME_BASE_URL: url, APIFRAME_API_KEY: KEY }
  return (await runCommand(argv, { cwd: project.folder, environment })).exitCode
}

it.each(['build', 'build --yes', 'build --allow-unknown-prices --partial'])(
  'where CI is set, "%s" buys nothing without a budget',
  async (line) => {
    const project = await testProject(LAMP)
    expect([await inCi(project, line.split(' ')), project.bought()]).toEqual([3, 0])
    expect(project.exists('images/pixelkiln.lock.json')).toBe(false)
  },
)

it.each(['run', 'day'])('where CI is set, a budget for the %s in the config is one', async (name) => {
  const project = await testProject(LAMP)
  project.write('pixelkiln.config.json', JSON.stringify({ budget: { [name]: 21 } }))
  expect([await inCi(project, ['build']), project.bought()]).toEqual([0, 1])
})

it.each([
  ['true', ['build', '--budget', '20'], 5, 0],
  ['true', ['build', '--budget', '21'], 0, 1],
  ['0', ['build'], 0, 1],
  ['false', ['build'], 0, 1],
  ['', ['build'], 0, 1],
] as const)('with CI=%s, %j ends with %i and buys %i', async (ci, argv, exitCode, bought) => {
  const project = await testProject(LAMP)
  expect([await inCi(project, argv, ci), project.bought()]).toEqual([exitCode, bought])
})

it.each([
  ['--resubmit', 'failed-unrefunded'],
  ['--retry', 'failed-policy'],
] as const)('where CI is set, resume %s buys only with a budget', async (flag, fault) => {
  const project = await testProject(LAMP)
  project.emulator.control.addFault({ fault, when: { times: 1 } })
  await project.build()
  const journal = project.read('.pixelkiln/journal.jsonl')
  expect([await inCi(project, ['resume', flag, 'a']), project.bought()]).toEqual([5, 1])
  expect(project.read('.pixelkiln/journal.jsonl')).toBe(journal)
  expect([await inCi(project, ['resume', flag, 'a', '--budget', '21']), project.bought()]).toEqual([0, 2])
})
