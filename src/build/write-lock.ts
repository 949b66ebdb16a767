import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Lock } from '../core/lock.ts'
import { mergeConflict } from '../core/merge-conflict.ts'
import { mergeLocks } from '../core/merge-lock.ts'
import { lockParts } from '../core/print-lock.ts'
import type { Problem } from '../core/problems.ts'
import { readLock } from '../core/read-lock.ts'
import { readIfThere, sha256Of, writeWhole } from '../effects/files.ts'
import { statIfThere } from '../effects/state.ts'
import type { Reading } from './reading.ts'

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
  // Digests, not texts: a large lock is ten megabytes, and comparing it holds up everything else.
  let known = lockText === null ? null : sha256Of(lockText)
  /** The same with line ends as they are printed; a checkout may have turned them into those of Windows. */
  let plain: string | null = null
  let written: BigIntStats | null = null
  let theirs: Lock | null = null
  return {
    write: async (ours) => {
      const merged = (): Lock =>
        theirs === null ? ours : { ...mergeLocks(base, ours, theirs), manifest: ours.manifest }
      let lock = merged()
      let printed = await printInTurns(lock)
      // Looked at when the text is ready: printing takes a while, and somebody may have changed the file meanwhile.
      if (!isStill(written, lockPath)) {
        const there = readIfThere(lockPath)?.toString('utf8') ?? null
        if (there !== null && sha256Of(there) !== known) {
          const read = readTheirs(there, { lockPath, project })
          if ('problem' in read) return read
          theirs = read.lock
          lock = merged()
          printed = await printInTurns(lock)
        }
        known = there === null ? null : sha256Of(there)
        plain = there === null ? null : sha256Of(there.replaceAll('\r\n', '\n'))
      }
      if (known === null && lock.images.size === 0) return { lock }
      if (plain === printed.digest) return { lock }
      written = await writeWhole(lockPath, chunksOf(printed.parts), { durable: true })
      known = plain = printed.digest
      return { lock }
    },
  }
}

/** Reads a lock that somebody else has written while a run was at work. */
export function readTheirs(
  text: string,
  { lockPath, project }: Pick<Reading, 'lockPath' | 'project'>,
): { readonly lock: Lock } | { readonly problem: Problem } {
  const source = { file: lockPath.slice(project.folder.length + 1), text }
  const read = mergeConflict(source) ?? readLock(source)
  return 'problem' in read ? { problem: changed(read.problem) } : read
}

/** Whether a file is the one that this run has written; renaming it changed its ctime alone. */
function isStill(written: BigIntStats | null, path: string): boolean {
  const now = statIfThere(path)
  return (
    written !== null &&
    now !== null &&
    now.ino === written.ino &&
    now.size === written.size &&
    now.mtimeNs === written.mtimeNs
  )
}

/** As many images are printed in a millisecond, each in two parts. */
const PARTS_AT_ONCE = 50

interface Printed {
  /** Not joined: most of them are held by the lock as they are, and all of them together are ten megabytes. */
  readonly parts: readonly string[]
  /** Hex sha256 of them all. */
  readonly digest: string
}

/** Jobs are followed and files made while a run writes the lock: a large one is not to hold them up, whole or in one piece. */
async function printInTurns(lock: Lock): Promise<Printed> {
  const parts: string[] = []
  const hash = createHash('sha256')
  let from = 0
  const count = (): void => {
    hash.update(parts.slice(from).join(''))
    from = parts.length
  }
  for (const part of lockParts(lock)) {
    parts.push(part)
    if (parts.length - from < PARTS_AT_ONCE) continue
    count()
    await setImmediate()
  }
  count()
  return { parts, digest: hash.digest('hex') }
}

function* chunksOf(parts: readonly string[]): Generator<Uint8Array> {
  for (let from = 0; from < parts.length; from += PARTS_AT_ONCE)
    yield Buffer.from(parts.slice(from, from + PARTS_AT_ONCE).join(''))
}

function changed(problem: Problem): Problem {
  const message = `The lock was changed while this run was at work, and was left as it is now: ${problem.message} What this run bought is in the store and the journal; mend the lock and run again.`
  return { ...problem, message }
}
