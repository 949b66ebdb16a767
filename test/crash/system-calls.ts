import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { subjectOf, verdictOf } from './subject.ts'
import type { Verdict } from './subject.ts'

/** Calls that Node makes for our files only: nothing of its own start-up is among them. */
const OURS = ['rename', 'fdatasync', 'fsync', 'pwrite64', 'unlink', 'mkdir'] as const
/**
 * Calls that Node makes for itself, too: only those at files and folders of the same name in every project are broken.
 * Where a half-written file is opened or written, `diskCalls` breaks it.
 */
const NAMED = ['openat', 'write'] as const
export const SYSTEM_CALLS = [...OURS, ...NAMED] as const
export type SystemCall = (typeof SYSTEM_CALLS)[number]

/** What strace does to the call with the wanted number. */
export type Injection = 'signal=KILL' | 'error=ENOSPC' | 'error=EIO'

/** One thread for the disk, because strace counts the calls of each thread by itself. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' } as const

/** True where strace is installed and may trace. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/** A call to break: the one with this number, of those at a path of the project where there is one. */
interface Spot {
  readonly path: string | null
  readonly at: number
}

/** Breaks every call of one kind (or every `stride`th) that a run makes, one a round, in the kernel. */
export async function systemCalls(
  service: Service,
  options: { readonly call: SystemCall; readonly injection: Injection; readonly stride: number },
): Promise<Row> {
  const { call, injection, stride } = options
  const spots = (await spotsOf(service, call)).filter((_spot, index) => index % stride === 0)
  const verdicts: Verdict[] = []
  for (const { path, at } of spots) {
    const spot = `${call} ${at}${path === null ? '' : ` at ${path}`}`
    const subject = subjectOf(`${spot} ${injection}`, 1, service)
    const inject = ['-e', `inject=${call}:${injection}:when=${at}`]
    const only = path === null ? [] : ['-P', join(subject.folder, path)]
    const under = [...traced(call, '/dev/null'), ...inject, ...only]
    const broken = await subject.run(['build'], { under, environment: ONE_THREAD })
    const verdict = await verdictOf(subject, { earlier: [broken] })
    const wrongs = verdict.wrongs.map((wrong) => `${spot}: ${wrong}`)
    verdicts.push({ ...verdict, wrongs })
    subject.close()
  }
  return rowOf(`strace: ${call} ${injection}`, verdicts)
}

function traced(call: SystemCall, log: string): readonly string[] {
  return ['strace', '-f', '-qq', '-y', '-o', log, '-e', `trace=${call}`]
}

/** strace counts by thread, so the most that any one thread does are the numbers to break. */
async function spotsOf(service: Service, call: SystemCall): Promise<readonly Spot[]> {
  const named: readonly string[] = NAMED
  const counts = new Map<string | null, number>()
  const ofThreads = new Map<string, number>()
  for (const { thread, path } of await callsOf(service, call)) {
    if (named.includes(call) && !hasSameName(path)) continue
    const name = named.includes(call) ? path : null
    const count = (ofThreads.get(`${thread} ${name}`) ?? 0) + 1
    ofThreads.set(`${thread} ${name}`, count)
    counts.set(name, Math.max(count, counts.get(name) ?? 0))
  }
  return [...counts].flatMap(([path, count]) =>
    Array.from({ length: count }, (_, index) => ({ path, at: index + 1 })),
  )
}

/** Every call of that kind of one run, with the path below the project that it is about, if any. */
async function callsOf(
  service: Service,
  call: SystemCall,
): Promise<readonly { readonly thread: string; readonly path: string }[]> {
  const subject = subjectOf('count', 1, service)
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-log-'))
  const log = join(folder, 'calls')
  await subject.run(['build'], { under: traced(call, log), environment: ONE_THREAD })
  const lines = readFileSync(log, 'utf8').matchAll(new RegExp(`^(\\d+) +${call}\\((.*)$`, 'gm'))
  const below = new RegExp(`["<]${subject.folder}/([^">]+)[">]`)
  const calls = [...lines].map(([, thread = '', words = '']) => ({
    thread,
    path: below.exec(words)?.[1] ?? '',
  }))
  subject.close()
  rmSync(folder, { recursive: true })
  return calls
}

/** Neither a file that is not whole yet, nor one that is named by its content or by its words. */
function hasSameName(path: string): boolean {
  return path !== '' && !/\.tmp$|[0-9a-f]{32}|\/[0-9a-f]{2}$/.test(path)
}
