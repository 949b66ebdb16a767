import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { build } from '../../src/build.ts'
import type { BuildOptions } from '../../src/build/options.ts'
import { BuildError } from '../../src/core/build-error.ts'
import type { BuildResult } from '../../src/core/build-error.ts'
import type { BuildEvent } from '../../src/core/events.ts'
import type { Clock } from '../../src/effects/clock.ts'
import { startEmulator } from '../../src/emulator/server.ts'
import type { Emulator } from '../../src/emulator/server.ts'
import type { EmulatorOptions } from '../../src/emulator/options.ts'
import { KEY, expectKeyless, leakyFilesOf, meantFor, watchRequests } from './planted-key.ts'

export { KEY }

/** A real project in a temp folder, and the service it buys from. */
export interface TestProject {
  readonly folder: string
  readonly emulator: Emulator
  readonly path: (name: string) => string
  readonly write: (name: string, text: string) => void
  readonly read: (name: string) => string
  readonly exists: (name: string) => boolean
  /** Every file below a folder, relative, sorted. */
  readonly files: (name: string) => readonly string[]
  /** One build that may buy; what it came to, its events and problem codes. */
  readonly build: (options?: BuildOptions) => Promise<Run>
  /** Purchases that the service accepted so far. */
  readonly bought: () => number
}

export interface Run {
  readonly result: BuildResult
  readonly events: readonly BuildEvent[]
  readonly codes: readonly string[]
  readonly exitCode: number
  readonly finished: BuildEvent & { type: 'finished' }
}

/** Time that runs fifty times as fast when somebody waits for it. */
export const hurriedClock: Clock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const timer = setTimeout(resolve, delayMs / 50)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
      return undefined
    }),
  random: () => 0.5,
}

/** Makes a project with a manifest and a plain emulator; both go when the test is over. */
export async function testProject(manifest: string, options: EmulatorOptions = {}): Promise<TestProject> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-test-'))
  const emulator = await startEmulator({ plain: true, latencyMs: 5, picture: 'canned', ...options })
  onTestFinished(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  })
  meantFor(emulator.url)
  guardKey(folder)
  const path = (name: string): string => join(folder, name)
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text)
  }
  write('pixelkiln.yaml', manifest)
  return {
    folder,
    emulator,
    path,
    write,
    read: (name) => readFileSync(path(name), 'utf8'),
    exists: (name) => statSync(path(name), { throwIfNoEntry: false }) !== undefined,
    files: (name) => listFiles(path(name)),
    build: (more) => runBuild(folder, emulator, more ?? {}),
    bought: () => emulator.ledger().jobs.length,
  }
}

/** When the test is over, nobody but the service may have heard the key, and no file may hold a piece of it. */
function guardKey(folder: string): void {
  const { told, stop } = watchRequests()
  onTestFinished(() => {
    stop()
    expect(told, 'requests that told the key').toEqual([])
    expect(leakyFilesOf(folder), 'files that hold pieces of the key').toEqual([])
  })
}

/** Builds and takes a `BuildError` as a result like any other. Nothing that it says may hold the key. */
export async function runBuild(
  folder: string,
  emulator: Pick<Emulator, 'url'>,
  options: BuildOptions,
): Promise<Run> {
  const events: BuildEvent[] = []
  meantFor(options.environment?.['APIFRAME_BASE_URL'] ?? emulator.url)
  const run = build({
    cwd: folder,
    buy: true,
    clock: hurriedClock,
    environment: { APIFRAME_BASE_URL: emulator.url, APIFRAME_API_KEY: KEY },
    ...options,
    onEvent: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
  })
  const ended = await run.then(
    (result) => ({ result, exitCode: 0 }),
    (error: unknown) => {
      expectKeyless('the error', error)
      if (error instanceof BuildError) return { result: error.result, exitCode: error.exitCode }
      throw error
    },
  )
  expectKeyless('the events', JSON.stringify(events))
  expectKeyless('the result', ended.result)
  const finished = events.findLast((event) => event.type === 'finished')
  if (!finished) throw new Error('the run did not say how it ended')
  return { ...ended, events, finished, codes: ended.result.problems.map(({ code }) => code) }
}

/** A manifest of one image, or of several, without writing YAML each time. */
export function manifestOf(
  images: Readonly<Record<string, object>>,
  top: Readonly<Record<string, unknown>> = {},
): string {
  const outputs = { formats: ['webp', 'jpeg'], widths: [64, 96], effort: { webp: 0 } }
  return JSON.stringify({ version: 1, out: 'images', defaults: { outputs }, ...top, images }, null, 2)
}

function listFiles(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
