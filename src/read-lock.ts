import { relative, resolve, sep } from 'node:path'
import type { ReadOptions } from './build/options.ts'
import { BuildError } from './core/build-error.ts'
import type { Lock } from './core/lock.ts'
import type { Problem } from './core/problems.ts'
import { readLock as parseLock } from './core/read-lock.ts'
import { readIfThere } from './effects/files.ts'

/**
 * The lock: what lies in the asset folder and where it came from. Given the path of a lockfile it reads that file and
 * nothing else; given a project (or nothing: the one in this folder) it finds it by the manifest, and is empty before
 * the first build. Opens no socket and writes nothing; throws `BuildError` when manifest or lock cannot be read.
 */
export async function readLock(
  from: string | Pick<ReadOptions, 'cwd' | 'manifest' | 'environment'> = {},
): Promise<Lock> {
  if (typeof from === 'string') return readLockFile(from)
  const { look } = await import('./build/look.ts')
  const { openSession } = await import('./build/session.ts')
  const seen = await look(openSession(from), { files: false })
  if ('problems' in seen) throw unreadable(seen.problems)
  return seen.reading.lock
}

function readLockFile(path: string): Lock {
  const file = relative(resolve('.'), resolve(path)).split(sep).join('/')
  const bytes = readIfThere(path)
  if (bytes === null) {
    const message = `There is no ${file}. "pixelkiln build" writes it into the asset folder.`
    throw unreadable([{ code: 'lock/unreadable', message }])
  }
  const read = parseLock({ file, text: bytes.toString('utf8') })
  if ('problem' in read) throw unreadable([read.problem])
  return read.lock
}

function unreadable(problems: readonly Problem[]): BuildError {
  return new BuildError({ plan: null, lock: null, inputs: [], problems, notes: [] })
}
