import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { KEY, manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

const BIN = new URL('../../bin/pixelkiln.js', import.meta.url).pathname
const BOTH = { 'home/a': { prompt: 'A lamp.' }, b: { prompt: 'A mug.' } }

interface Session {
  readonly press: (keys: string) => void
  /** Resolves once the screen says it, after what was asked for before. */
  readonly shows: (text: string) => Promise<void>
  /** Everything that was written, colours and all. */
  readonly written: () => string
  readonly ended: Promise<number>
}

/** `pixelkiln watch` behind a real pseudo-terminal (`script` of util-linux); its last words are the terminal's state. */
function openSession(
  project: TestProject,
  words: string,
  environment: Readonly<Record<string, string>>,
): Session {
  const line = `stty cols 90 rows 30; node ${BIN} watch ${words}; code=$?; stty -a; exit $code`
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let written = ''
  let read = 0
  child.stdout.on('data', (bytes: Buffer) => {
    written += bytes.toString()
  })
  return {
    written: () => written,
    press: (keys) => void child.stdin.write(keys),
    shows: async (text) => {
      for (;;) {
        const at = written.indexOf(text, read)
        if (at >= 0) {
          read = at + text.length
          return
        }
        if (child.exitCode !== null)
          throw new Error(`ended before it said "${text}":\n${written.slice(read)}`)
        await setImmediate()
      }
    },
    ended: new Promise((resolve) => child.on('close', (code) => resolve(code ?? -1))),
  }
}

it('buys on a key from the local service, one by number and the rest by name', async () => {
  const project = await testProject(manifestOf(BOTH))
  const here = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const { press, shows, ended, written } = openSession(project, '', here)
  await shows('to buy for 42 credits')
  await shows('q quit')
  press('2')
  await shows('bought  home/a')
  await shows('1 picture to buy for 21 credits')
  press('/b\r')
  await shows('bought  b')
  await shows('Every picture is bought')
  expect(project.bought()).toBe(2)
  press('rhome\r')
  await shows('reroll')
  await shows('reroll changed')
  expect(readFileSync(project.path('pixelkiln.yaml'), 'utf8')).toContain('reroll')
  expect(project.bought()).toBe(2)
  press('q')
  await shows('Closed: 2 pictures bought for 42 credits')
  expect(await ended).toBe(0)
  expectRestored(written())
})

it('lets what is in flight finish on the first Ctrl-C', async () => {
  const project = await testProject(manifestOf(BOTH), { latencyMs: 2_000 })
  const here = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const { press, shows, ended, written } = openSession(project, '', here)
  await shows('to buy for 42 credits')
  await shows('q quit')
  press('b')
  await shows('2 purchases')
  press('\u0003')
  await shows('Closed: 2 pictures bought')
  expect(await ended).toBe(130)
  expect(project.bought()).toBe(2)
  expectRestored(written())
})

/** The cursor is there again, lines are edited and typed letters are seen. */
function expectRestored(written: string): void {
  expect(written.lastIndexOf('\u001B[?25h')).toBeGreaterThan(written.lastIndexOf('\u001B[?25l'))
  expect(written).toMatch(/ icanon /)
  expect(written).toMatch(/ echo /)
  expect(written).not.toMatch(/-icanon|-echo /)
}
