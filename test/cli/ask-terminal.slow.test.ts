import { expect, it } from 'vitest'
import { KEY, manifestOf, testProject } from '../support/project.ts'
import { expectRestored, openSession } from '../support/terminal-session.ts'

// A service that runs here is bought from without a question; this name leads nowhere, and nothing is sent to it.
const ELSEWHERE = { APIFRAME_BASE_URL: 'https://api.invalid', APIFRAME_API_KEY: KEY }

it.each([
  ['Ctrl-C', '\u0003', 130, 'Interrupted. 0 of 1 purchases were made.'],
  ['Ctrl-D', '\u0004', 5, 'Not bought: a (21 credits).'],
  ['Enter', '\r', 5, 'Not bought: a (21 credits).'],
])('%s at the question whether to buy buys nothing, and says so', async (_, key, exitCode, words) => {
  const project = await testProject(manifestOf({ a: { prompt: 'A lamp.' } }))
  const { press, shows, ended, written } = openSession(project, 'build', ELSEWHERE)
  await shows('Buy 1 picture for 21 credits? [y/N]')
  press(key)
  await shows(words)
  expect(await ended).toBe(exitCode)
  expect(written()).not.toContain('Internal error')
  expect(project.exists('.pixelkiln/journal.jsonl') && project.read('.pixelkiln/journal.jsonl')).toBeFalsy()
  expectRestored(written())
})
