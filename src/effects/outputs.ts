import { lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { LockOutput } from '../core/lock.ts'
import { asDiskError, errnoOf, readIfAny, readIfThere, sha256Of, writeWhole } from './files.ts'

/** The asset folder, as a place to write to. */
export interface Outputs {
  /**
   * Writes one file below the asset folder. `adopted` says that the same bytes lay there already; `not-ours` that
   * another file is in the way which the lock does not own, and that it was left alone. Throws `DiskError`.
   */
  readonly write: (path: string, bytes: Uint8Array) => Promise<'written' | 'adopted' | 'not-ours' | 'outside'>
  readonly read: (path: string) => Buffer | null
  /** Removes a file that still equals the lock; true when it did. */
  readonly remove: (output: LockOutput) => boolean
}

/** Opens the asset folder. `owned` tells the paths that the lock says are ours. */
export function openOutputs(folder: string, owned: ReadonlySet<string>): Outputs {
  // Links that lead out come with a checkout, not in the middle of a run: each folder is looked at once.
  const inside = new Set<string>()
  const isInside = (full: string): boolean => {
    const parent = dirname(full)
    if (!inside.has(parent)) {
      if (!staysInside(folder, full)) return false
      inside.add(parent)
    }
    return true
  }
  return {
    read: (path) => readIfThere(join(folder, path)),
    write: async (path, bytes) => {
      const full = join(folder, path)
      if (!isInside(full)) return 'outside'
      if (!owned.has(path)) {
        const there = readIfAny(full)
        if (there) return sha256Of(there) === sha256Of(bytes) ? 'adopted' : 'not-ours'
      }
      await writeWhole(full, bytes, { durable: false })
      return 'written'
    },
    remove: (output) => {
      const full = join(folder, output.path)
      if (!isInside(full)) return false
      const there = readIfThere(full)
      if (!there || sha256Of(there).slice(0, 32) !== output.sha256) return false
      try {
        rmSync(full, { force: true })
      } catch (error) {
        throw asDiskError(full, error)
      }
      return true
    },
  }
}

/** The asset folder itself may be a link; one below it that leads out of it may not be followed. */
function staysInside(folder: string, full: string): boolean {
  try {
    mkdirSync(folder, { recursive: true })
    const root = realpathSync.native(folder)
    let parent = dirname(full)
    while (!isThere(parent)) parent = dirname(parent)
    const real = realpathSync.native(parent)
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') return false
    throw asDiskError(full, error)
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
