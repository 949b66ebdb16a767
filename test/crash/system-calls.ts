import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { subjectOf, verdictOf } from './subject.ts'
import type { Subject, Verdict } from './subject.ts'

/** Calls that Node makes for our files only: nothing of its own start-up is among them. */
export const SYSTEM_CALLS = ['rename', 'fdatasync', 'fsync', 'pwrite64', 'unlink', 'mkdir'] as const
export type SystemCall = (typeof SYSTEM_CALLS)[number]

/** What strace does to the call with the wanted number. */
export type Injection = 'signal=KILL' | 'error=ENOSPC' | 'error=EIO'

/** One thread for the disk, because strace counts the calls of each thread by itself. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' } as const

/** True where strace is installed and may trace. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
}

/** Breaks every call of one kind (or every `stride`th) that a run makes, one a round, in the kernel. */
export async function systemCalls(
  service: Service,
  options: { readonly call: SystemCall; readonly injection: Injection; readonly stride: number },
): Promise<Row> {
  const { call, injection, stride } = options
  const count = await countCalls(service, call)
  const verdicts: Verdict[] = []
  for (let at = 1; at <= count; at += stride) {
    const subject = subjectOf(`${call} ${injection} ${at}`, 1, service)
    const broken = await subject.run(['build'], {
      under: [
        'strace',
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        `inject=${call}:${injection}:when=${at}`,
      ],
      environment: ONE_THREAD,
    })
    const verdict = await verdictOf(subject, { earlier: [broken] })
    const wrongs = verdict.wrongs.map((wrong) => `${call} ${at}: ${wrong}`)
    verdicts.push({ ...verdict, wrongs })
    subject.close()
  }
  return rowOf(`strace: ${call} ${injection}`, verdicts)
}

/** The most calls of that kind that any one thread makes. */
async function countCalls(service: Service, call: SystemCall): Promise<number> {
  const subject = subjectOf('count', 1, service)
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-log-'))
  const log = join(folder, 'calls')
  await countInto(log, subject, call)
  const threads = new Map<string, number>()
  for (const [, thread = ''] of readFileSync(log, 'utf8').matchAll(new RegExp(`^(\\d+) +${call}\\(`, 'gm'))) {
    threads.set(thread, (threads.get(thread) ?? 0) + 1)
  }
  subject.close()
  rmSync(folder, { recursive: true })
  return Math.max(0, ...threads.values())
}

async function countInto(log: string, subject: Subject, call: SystemCall): Promise<void> {
  const under = ['strace', '-f', '-qq', '-o', log, '-e', `trace=${call}`]
  await subject.run(['build'], { under, environment: ONE_THREAD })
}
