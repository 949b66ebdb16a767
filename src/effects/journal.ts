import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { compacted, printLine, replay } from '../core/journal.ts'
import type { JournalLine, JournalPurchase } from '../core/journal.ts'
import type { Problem } from '../core/problems.ts'
import { DiskError, asDiskError, makeFolder, readIfThere, syncFolder, writeWhole } from './files.ts'

/** Every purchase of the journal, without opening it for writing. */
export function readJournal(
  path: string,
): { readonly purchases: ReadonlyMap<string, JournalPurchase> } | { readonly problem: Problem } {
  const bytes = readIfThere(path)
  return bytes === null ? { purchases: new Map() } : replay(bytes.toString('utf8'), path)
}

/** A journal that is smaller is left as it is. */
const WORTH_COMPACTING_BYTES = 4_000_000

/**
 * Rewrites a journal that has grown large, when that halves it: written beside its place and renamed, so that a crash
 * leaves the old or the new one. Only the process that holds the project may do it. Throws `DiskError`.
 */
export async function compactJournal(
  path: string,
  leastBytes: number = WORTH_COMPACTING_BYTES,
): Promise<void> {
  const bytes = readIfThere(path)
  if (bytes === null || bytes.length < leastBytes) return
  const replayed = replay(bytes.toString('utf8'), path)
  if ('problem' in replayed) return
  const text = compacted(replayed.purchases.values()).map(printLine).join('')
  if (text.length * 2 > bytes.length) return
  await writeWhole(path, text, { durable: true })
}

/** The journal, open for writing. Only the process that holds the project may have it. */
export interface JournalWriter {
  /**
   * Appends one step; it is on disk when this resolves. Steps that come at once or while the disk is busy are appended in
   * their order and share the next wait for it. Rejects with `DiskError`, and then the step must not be acted upon.
   */
  readonly write: (line: JournalLine) => Promise<void>
  /** Takes no further step, and closes the file when those under way have ended. */
  readonly close: () => Promise<void>
}

interface OpenFile {
  readonly descriptor: number
  /** Where the last whole line ends. */
  endBytes: number
  /** What stands behind that is half a step of ours, or of a run that was killed. */
  torn: boolean
}

/** Opens the journal for appending and mends a torn last line. The file is made when the first step is written. */
export function openJournal(path: string): JournalWriter {
  let file: OpenFile | null = null
  let closed = false
  let waiting: JournalLine[] = []
  let next: Promise<void> | null = null
  let last: Promise<void> = Promise.resolve()
  const appendWaiting = async (): Promise<void> => {
    const lines = waiting
    waiting = []
    next = null
    try {
      file ??= await openForAppend(path)
      checkOurs(path, file)
      await append(file, Buffer.from(lines.map(printLine).join('')))
    } catch (error) {
      throw asDiskError(path, error)
    }
  }
  return {
    write: async (line) => {
      if (closed) throw new DiskError(path, '', `${path}: a step came after the end of the run`)
      waiting.push(line)
      if (next === null) {
        next = last.then(turnEnds).then(appendWaiting)
        last = next.catch(() => undefined)
      }
      await next
    },
    close: async () => {
      closed = true
      await last
      if (file !== null) closeSync(file.descriptor)
      file = null
    },
  }
}

/** Until all is done that can be done at once: the steps that come of it are written together. */
const turnEnds = promisify(setImmediate)

/** What waits for the disk lets everything else go on meanwhile. */
const onDisk = promisify(fdatasync)

async function openForAppend(path: string): Promise<OpenFile> {
  await makeFolder(dirname(path))
  const bytes = readIfThere(path)
  const descriptor = openSync(path, bytes === null ? 'wx' : 'r+')
  // A new journal's name must survive a power cut as well as its first line does.
  if (bytes === null) await syncFolder(dirname(path))
  const file: OpenFile = { descriptor, endBytes: bytes?.length ?? 0, torn: false }
  if (bytes !== null) await mendEnd(file, bytes, path)
  return file
}

/** The last line tells all: the ones before it have been read by whoever looked at the project. */
async function mendEnd(file: OpenFile, bytes: Buffer, path: string): Promise<void> {
  // In bytes, not in characters: a cut may go through the middle of one.
  const lastBegins = bytes.lastIndexOf(10, bytes.length - 2) + 1
  const replayed = replay(bytes.subarray(lastBegins).toString('utf8'), path)
  if ('problem' in replayed) throw new DiskError(path, '', `${path}: its last line is damaged`)
  if (replayed.end === 'torn') {
    file.endBytes = lastBegins
    file.torn = true
  }
  if (replayed.end === 'unended') await append(file, Buffer.from('\n'))
}

/**
 * A journal that is taken away or put back from a backup while a run writes it would swallow what is paid for; and what
 * a run on another host has written into it, though the project is held, must not be cut off.
 */
function checkOurs(path: string, { descriptor, endBytes, torn }: OpenFile): void {
  const there = statSync(path, { throwIfNoEntry: false })
  const ours = fstatSync(descriptor)
  if (there?.ino !== ours.ino || there.dev !== ours.dev || ours.size < endBytes)
    throw new DiskError(path, '', `${path}: it was removed or replaced while this run was writing it`)
  if (ours.size > endBytes && !torn)
    throw new DiskError(path, '', `${path}: another run is writing it, too; wait for that one to end`)
}

/** Steps that cannot be made whole and durable are taken back, so that nobody takes them for done, and no line stands behind half a one. */
async function append(file: OpenFile, bytes: Buffer): Promise<void> {
  const { descriptor, endBytes } = file
  try {
    if (fstatSync(descriptor).size > endBytes) ftruncateSync(descriptor, endBytes)
    for (let written = 0; written < bytes.length;) {
      written += writeSync(descriptor, bytes, written, bytes.length - written, endBytes + written)
    }
    await onDisk(descriptor)
  } catch (error) {
    takeBack(file)
    throw error
  }
  file.endBytes += bytes.length
  file.torn = false
}

function takeBack(file: OpenFile): void {
  file.torn = true
  try {
    ftruncateSync(file.descriptor, file.endBytes)
  } catch {
    // The next step cuts it off before it is written.
  }
}
