import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { KEY, manifestOf, testProject } from '../support/project.ts'

/** As on a machine whose node_modules were installed elsewhere. */
const NO_SHARP = `import Module from 'node:module'
const find = Module._resolveFilename
Module._resolveFilename = (name, ...others) => {
  if (name === 'sharp') throw new Error('Could not load the "sharp" module using the linux-x64 runtime\\nPossible solutions: …')
  return find(name, ...others)
}`
const BIN = join(import.meta.dirname, '../../bin/pixelkiln.js')

it('where sharp does not load nothing is bought, and what to do is said', async () => {
  const project = await testProject(manifestOf({ a: { prompt: 'A lamp.' } }))
  const { code, said } = await pixelkiln(['build', '--budget', '100'], project)
  expect([code, project.bought()]).toEqual([4, 0])
  expect(said).toContain('Could not load the "sharp" module using the linux-x64 runtime. Run "npm install')
  expect(said).not.toContain('Internal error')
})

function pixelkiln(
  argv: readonly string[],
  project: Awaited<ReturnType<typeof testProject>>,
): Promise<{ readonly code: unknown; readonly said: string }> {
  const environment = {
    PATH: process.env['PATH'],
    APIFRAME_BASE_URL: project.emulator.url,
    APIFRAME_API_KEY: KEY,
  }
  const hook = `data:text/javascript,${encodeURIComponent(NO_SHARP)}`
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', hook, BIN, ...argv],
      { cwd: project.folder, env: environment },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    )
  })
}
