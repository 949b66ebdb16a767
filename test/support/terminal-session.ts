import { spawn } from 'node:child_process'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { expectKeyless } from './planted-key.ts'
import type { TestProject } from './project.ts'

const BIN = new URL('../../bin/pixelkiln.js', import.meta.url).pathname

/** A command behind a pseudo-terminal, as a person has it. */
export interface TerminalSession {
  readonly press: (keys: string) => void
  /** Resolves once the screen says it, after what was asked for before. */
  readonly shows: (text: string) => Promise<void>
  /** Everything that was written, colours and all. */
  readonly written: () => string
  readonly ended: Promise<number>
}

/** Opens a command line in a real pseudo-terminal (`script` of util-linux); its last words are the terminal's state. */
export function openSession(
  project: TestProject,
  words: string,
  environment: Readonly<Record<string, string>>,
): TerminalSession {
  const line = `stty cols 90 rows 30; node ${BIN} ${words}; code=$?; stty -a; exit $code`
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
  })
  let written = ''
  onTestFinished(() => {
    child.kill('SIGKILL')
    expectKeyless('the terminal', written)
  })
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

/** The cursor is there again, lines are edited and typed letters are seen. */
export function expectRestored(written: string): void {
  const hidden = written.lastIndexOf('\u001B[?25l')
  if (hidden >= 0) expect(written.lastIndexOf('\u001B[?25h')).toBeGreaterThan(hidden)
  expect(written).toMatch(/ icanon /)
  expect(written).toMatch(/ echo /)
  expect(written).not.toMatch(/-icanon|-echo /)
}
