import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type Terminal, main } from '../../src/cli.ts'

interface Run {
  readonly exitCode: number
  readonly out: string
  readonly errors: string
}

/** Runs `pixelkiln emulator`; Ctrl-C is pressed as soon as it has said how to stop it. */
async function run(...words: readonly string[]): Promise<Run> {
  const said = { out: '', errors: '' }
  const listeners = new Set<() => void>()
  const terminal: Terminal = {
    write: (text) => {
      said.out += text
      if (text.includes('Ctrl-C')) for (const listener of listeners) listener()
    },
    writeError: (text) => {
      said.errors += text
    },
    environment: {},
    cwd: tmpdir(),
    interactive: false,
    isTerminal: false,
    columns: () => 80,
    onResize: () => () => undefined,
    ask: async () => Promise.resolve(''),
    onKey: async () => Promise.resolve(() => undefined),
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const exitCode = await main(['emulator', ...words], terminal)
  expect(listeners.size).toBe(0)
  return { exitCode, ...said }
}

it('starts, says where it listens, and ends well on Ctrl-C', async () => {
  const { exitCode, out, errors } = await run('--latency', '5', '--fault', 'unavailable,times=2', '--plain')
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' })
  expect(out).toMatch(/APIFRAME_BASE_URL=http:\/\/127\.0\.0\.1:\d+ APIFRAME_API_KEY=afk_/)
  expect(out).toContain('"unavailable"')
})

it.each([
  [['--fault', 'earthquake']],
  [['--port', '70000']],
  [['--port', 'any']],
  [['--credits', '1.5']],
  [['--config', '/nowhere/emulator.json']],
])('%j is a mistake of the caller, not of ours', async (words) => {
  const { exitCode, out, errors } = await run(...words)
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(errors).toMatch(/^usage\/wrong: /)
})

it('a folder that cannot be used is a disk problem', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-emulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'taken')
  writeFileSync(file, '')
  const { exitCode, errors } = await run('--folder', join(file, 'inside'))
  expect(exitCode).toBe(4)
  expect(errors).toMatch(/^disk\/failed: /)
})
