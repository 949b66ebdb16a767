import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './root.ts'
import { rowOf } from './row.ts'
import type { Row } from './row.ts'
import type { Service } from './service.ts'
import { subjectOf, verdictOf } from './subject.ts'
import type { Ended, Subject, Verdict } from './subject.ts'

/**
 * `kill`: before the call. `half`: within a write. An error: once; with `+`, from then on. Errors cut a write in half.
 */
export type Way = 'kill' | 'half' | 'ENOSPC+' | 'EIO' | 'EIO+' | 'EROFS+' | 'EACCES'

/** Exit codes that an error of the disk may end a run with: never an internal error. */
const HONEST = new Set([0, 2, 4])

/** Breaks every call (or every `stride`th) that a first build makes to the files of its project, one a round. */
export async function diskCalls(
  service: Service,
  options: { readonly way: Way; readonly stride: number; readonly from?: number },
): Promise<Row> {
  const { way, stride, from = 1 } = options
  const calls = await countCalls(service, way)
  const verdicts: Verdict[] = []
  for (let at = from; at <= calls.length; at += stride) {
    if (way === 'half' && !/ write/.test(calls[at - 1] ?? '')) continue
    const subject = subjectOf(`${way} ${at}`, 1, service)
    const broken = await brokenRun(subject, { at, way })
    const verdict = await verdictOf(subject, { earlier: [broken] })
    const honest = way === 'kill' || way === 'half' || HONEST.has(broken.exitCode ?? -1)
    const wrongs = [
      ...verdict.wrongs,
      ...(honest ? [] : [`the broken run ended with ${broken.exitCode}: ${broken.said}`]),
    ].map((wrong) => `at ${calls[at - 1] ?? ''}: ${wrong}`)
    verdicts.push({ ...verdict, wrongs })
    subject.close()
  }
  return rowOf(`${way} at each disk call`, verdicts)
}

async function countCalls(service: Service, way: Way): Promise<readonly string[]> {
  const subject = subjectOf('count', 1, service)
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-log-'))
  const log = join(folder, 'calls')
  await brokenRun(subject, { at: 0, way, log })
  const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  rmSync(folder, { recursive: true })
  subject.close()
  return calls
}

function brokenRun(
  subject: Subject,
  { at, way, log = '' }: { readonly at: number; readonly way: Way; readonly log?: string },
): Promise<Ended> {
  const hook = pathToFileURL(join(ROOT, 'test/crash/disk-hook.mjs')).href
  return subject.run(['build'], {
    environment: {
      NODE_OPTIONS: `--import ${hook}`,
      CRASH_FOLDER: realpathSync(subject.folder),
      CRASH_AT: String(at),
      CRASH_HOW: way,
      CRASH_LOG: log,
    },
  })
}
