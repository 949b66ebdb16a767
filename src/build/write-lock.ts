import { setImmediate } from 'node:timers/promises'
import type { Lock } from '../core/lock.ts'
import { mergeConflict } from '../core/merge-conflict.ts'
import { mergeLocks } from '../core/merge-lock.ts'
import { lockParts, printLock } from '../core/print-lock.ts'
import type { Problem } from '../core/problems.ts'
import { readLock } from '../core/read-lock.ts'
import { readIfThere, writeWhole } from '../effects/files.ts'
import type { Reading } from './read-world.ts'

/** The lock on disk, while one run changes it. */
export interface LockFile {
  /**
   * Writes what this run came to, only if that changes the file, and answers with what is written. A lock that somebody
   * else changed meanwhile, by `git pull` say, is merged image by image; one that cannot be read is left alone. Throws
   * `DiskError`.
   */
  readonly write: (lock: Lock) => Promise<{ readonly lock: Lock } | { readonly problem: Problem }>
}

/** Opens the lock as it was read at the beginning of a run. */
export function openLock({
  lock: base,
  lockText,
  lockPath,
  project,
}: Pick<Reading, 'lock' | 'lockText' | 'lockPath' | 'project'>): LockFile {
  let known = lockText
  let theirs: Lock | null = null
  return {
    write: async (ours) => {
      const merged = (): Lock =>
        theirs === null ? ours : { ...mergeLocks(base, ours, theirs), manifest: ours.manifest }
      let lock = merged()
      let text = await printInTurns(lock)
      // Looked at when the text is ready: printing takes a while, and somebody may have changed the file meanwhile.
      const there = readIfThere(lockPath)?.toString('utf8') ?? null
      if (there !== null && there !== known) {
        const source = { file: lockPath.slice(project.folder.length + 1), text: there }
        const read = mergeConflict(source) ?? readLock(source)
        if ('problem' in read) return { problem: changed(read.problem) }
        theirs = read.lock
        lock = merged()
        text = printLock(lock)
      }
      known = there
      if (there === null && lock.images.size === 0) return { lock }
      if (there?.replaceAll('\r\n', '\n') === text) return { lock }
      await writeWhole(lockPath, text, { durable: true })
      known = text
      return { lock }
    },
  }
}

/** As many images are printed in a few milliseconds. */
const IMAGES_AT_ONCE = 100

/** Jobs are followed and files made while a run writes the lock: a large one is not to hold them up. */
async function printInTurns(lock: Lock): Promise<string> {
  const parts: string[] = []
  for (const part of lockParts(lock)) {
    parts.push(part)
    if (parts.length % IMAGES_AT_ONCE === 0) await setImmediate()
  }
  return parts.join('')
}

function changed(problem: Problem): Problem {
  const message = `The lock was changed while this run was at work, and was left as it is now: ${problem.message} What this run bought is in the store and the journal; mend the lock and run again.`
  return { ...problem, message }
}
