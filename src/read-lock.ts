import { look } from './build/look.ts'
import type { ReadOptions } from './build/options.ts'
import { openSession } from './build/session.ts'
import { BuildError } from './core/build-error.ts'
import type { Lock } from './core/lock.ts'

/**
 * The lock of a project: what lies in the asset folder and where it came from. Empty before the first build. Opens no
 * socket and writes nothing; throws `BuildError` when manifest or lock cannot be read.
 */
export async function readLock(
  options: Pick<ReadOptions, 'cwd' | 'manifest' | 'environment'> = {},
): Promise<Lock> {
  const seen = await look(openSession(options), { files: false })
  if ('problems' in seen) {
    throw new BuildError({ plan: null, lock: null, inputs: [], problems: seen.problems, notes: [] })
  }
  return seen.reading.lock
}
