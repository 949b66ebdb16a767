import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { replay, standing } from '../../src/core/journal.ts'
import { KEY, isKeyless, leakyFilesOf } from '../support/planted-key.ts'
import { runCommand } from '../support/run-command.ts'
import type { Service } from './service.ts'
import { COMMAND } from './root.ts'

const MOST_RUNS = 4

/** How one process of the command line ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly said: string
  readonly tookMs: number
}

/** A process that is under way. */
export interface Running {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => void
  /** Resolves at the first word that it says, or at its end. */
  readonly spoke: Promise<void>
  readonly ended: Promise<Ended>
}

/** A project in a folder of its own that real processes are run in. */
export interface Subject {
  readonly folder: string
  readonly ids: readonly string[]
  readonly start: (argv: readonly string[], options?: StartOptions) => Running
  readonly run: (argv: readonly string[], options?: StartOptions) => Promise<Ended>
  /** One command in this process, which is quicker than a new one and does the same. */
  readonly undisturbed: (command: string) => Promise<Ended>
  /** The rule about money, for the prompts of this project. */
  readonly books: () => Promise<Books>
  readonly close: () => void
}

export interface StartOptions {
  /** Program and arguments in front of Node: `strace` with its flags. */
  readonly under?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Makes a project whose prompts no other project has, so that the service's books tell them apart. */
export function subjectOf(name: string, count: number, service: Service): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-crash-'))
  const ids = Array.from({ length: count }, (_, index) => `p${index + 1}`)
  const images = Object.fromEntries(
    ids.map((id) => [id, { prompt: `${promptOf(folder)} ${name} ${id}`, alt: id }]),
  )
  const outputs = { formats: ['webp'], widths: [64], effort: { webp: 0 } }
  writeFileSync(
    join(folder, 'pixelkiln.yaml'),
    JSON.stringify({ version: 1, out: 'images', defaults: { outputs }, images }),
  )
  const start: Subject['start'] = (argv, options = {}) => startIn(folder, argv, { service, options })
  return {
    folder,
    ids,
    start,
    run: (argv, options) => start(argv, options).ended,
    undisturbed: (command) => undisturbed(folder, service, command),
    books: () => booksOf(folder, service),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function promptOf(folder: string): string {
  return `Project ${basename(folder)}.`
}

function startIn(
  cwd: string,
  argv: readonly string[],
  { service, options }: { readonly service: Pick<Service, 'url'>; readonly options: StartOptions },
): Running {
  const [program = process.execPath, ...words] = [
    ...(options.under ?? []),
    process.execPath,
    COMMAND,
    ...argv,
  ]
  const startedMs = performance.now()
  const child = spawn(program, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      APIFRAME_BASE_URL: service.url,
      APIFRAME_API_KEY: KEY,
      ...options.environment,
    },
  })
  let said = ''
  const spoke = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => {
        said += piece.toString()
        resolve()
      })
    }
    child.once('close', () => resolve())
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, said, tookMs: performance.now() - startedMs }))
  })
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), spoke, ended }
}

/** How a project stands once nothing disturbs it any more. */
export interface Verdict {
  readonly needed: number
  /** Charges that were not given back. */
  readonly charged: number
  /** Pictures that are not there. */
  readonly lost: number
  readonly inDoubt: number
  /** Of the first undisturbed run. */
  readonly exitCode: number | null
  readonly recoveryMs: number
  /** Everything that must not be, in words; empty is sound. */
  readonly wrongs: readonly string[]
}

/** A project that is built. */
export async function builtSubject(name: string, service: Service): Promise<Subject> {
  const subject = subjectOf(name, 1, service)
  const { exitCode, said } = await subject.undisturbed('build')
  if (exitCode !== 0) throw new Error(`the project could not be built: ${said}`)
  return subject
}

/** Lets the project be built undisturbed, then holds it against the service's books and its own promises. */
export async function verdictOf(
  subject: Subject,
  told: { readonly earlier?: readonly Ended[]; readonly expect?: number } = {},
): Promise<Verdict> {
  const runs: Ended[] = []
  do runs.push(await subject.undisturbed('build'))
  while (runs.at(-1)?.exitCode !== 0 && runs.length < MOST_RUNS)
  const check = await subject.undisturbed('check')
  const wrongs: string[] = []
  const expected = told.expect ?? 0
  if (runs[0]?.exitCode !== expected)
    wrongs.push(`the first undisturbed run ended with ${runs[0]?.exitCode}: ${runs[0]?.said}`)
  if (check.exitCode !== 0) wrongs.push(`check ended with ${check.exitCode}: ${check.said}`)
  const books = await subject.books()
  const missing = subject.ids.filter((id) => !existsSync(join(subject.folder, `images/${id}-64.webp`)))
  if (missing.length > 0) wrongs.push(`no picture of ${missing.join(', ')}`)
  const files = filesOf(subject.folder)
  const orphans = files.filter((name) => basename(name).endsWith('.tmp'))
  if (orphans.length > 0) wrongs.push(`half-written files are left: ${orphans.join(', ')}`)
  const said = [...(told.earlier ?? []), ...runs, check].map((run) => run.said)
  if (!said.every(isKeyless)) wrongs.push('the key was printed')
  const leaky = leakyFilesOf(subject.folder)
  if (leaky.length > 0) wrongs.push(`the key stands in ${leaky.join(', ')}`)
  const internal = said.filter((text) => text.includes('Internal error'))
  wrongs.push(...internal.map((text) => `an internal error: ${text}`))
  return {
    needed: subject.ids.length,
    charged: books.charged,
    lost: missing.length,
    inDoubt: doubtsOf(subject.folder),
    exitCode: runs[0]?.exitCode ?? null,
    recoveryMs: runs[0]?.tookMs ?? 0,
    wrongs: [...books.wrongs, ...wrongs],
  }
}

async function undisturbed(cwd: string, service: Service, command: string): Promise<Ended> {
  const startedMs = performance.now()
  const environment = { APIFRAME_BASE_URL: service.url, APIFRAME_API_KEY: KEY }
  const { exitCode, out, errors } = await runCommand([command], { cwd, environment })
  return { exitCode, said: out + errors, tookMs: performance.now() - startedMs }
}

interface Books {
  /** Charges that were not given back. */
  readonly charged: number
  readonly wrongs: readonly string[]
}

async function booksOf(folder: string, service: Service): Promise<Books> {
  const { prompts, keys, jobs } = await service.ledger()
  const mine = jobs.filter(({ prompt }) => prompt.startsWith(promptOf(folder)))
  const groups = [
    ...Object.entries(prompts).filter(([prompt]) => prompt.startsWith(promptOf(folder))),
    ...Object.entries(keys).filter(([key]) => mine.some(({ idempotencyKey }) => idempotencyKey === key)),
  ]
  const twice = groups.filter(([, { charges, refunds }]) => charges > 1 + refunds)
  return {
    charged: mine.filter(({ refunded }) => !refunded).length,
    wrongs: twice.map(([name, { charges }]) => `"${name}" was paid ${charges} times`),
  }
}

function doubtsOf(folder: string): number {
  const path = join(folder, '.pixelkiln/journal.jsonl')
  if (!existsSync(path)) return 0
  const replayed = replay(readFileSync(path, 'utf8'), path)
  if ('problem' in replayed) return 1
  return [...replayed.purchases.values()].filter((purchase) => standing(purchase) === 'in-doubt').length
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
