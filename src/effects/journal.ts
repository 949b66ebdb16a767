import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { compacted, printLine, replay } from '../core/journal.ts'
import type { JournalLine, JournalPurchase } from '../core/journal.ts'
import type { Problem } from '../core/problems.ts'
import { asDiskError, readIfThere, writeWhole } from './files.ts'

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
  /** Appends one step; it is on disk when this returns. Throws `DiskError`, and then the step must not be acted upon. */
  readonly write: (line: JournalLine) => void
  readonly close: () => void
}

/** Opens the journal for appending and cuts off a torn last line. The file is made when the first step is written. */
export function openJournal(path: string): JournalWriter {
  let descriptor: number | null = null
  return {
    write: (line) => {
      try {
        descriptor ??= openForAppend(path)
        const bytes = Buffer.from(printLine(line))
        const before = fstatSync(descriptor).size
        writeAll(descriptor, bytes, before)
        fdatasyncSync(descriptor)
      } catch (error) {
        throw asDiskError(path, error)
      }
    },
    close: () => {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
    },
  }
}

function openForAppend(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  const bytes = readIfThere(path)
  const torn = bytes === null ? 0 : tornBytes(bytes, path)
  const descriptor = openSync(path, bytes === null ? 'wx' : 'r+')
  if (bytes !== null && torn > 0) ftruncateSync(descriptor, bytes.length - torn)
  if (bytes === null) syncEntry(dirname(path))
  return descriptor
}

function tornBytes(bytes: Buffer, path: string): number {
  const replayed = replay(bytes.toString('utf8'), path)
  return 'problem' in replayed ? 0 : replayed.tornBytes
}

/** A write cut short by a full disk is taken back, so that the next line does not stand behind half a one. */
function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  let written = 0
  try {
    while (written < bytes.length) {
      written += writeSync(descriptor, bytes, written, bytes.length - written, position + written)
    }
  } catch (error) {
    ftruncateSync(descriptor, position)
    throw error
  }
}

/** A new journal's name must survive a power cut as well as its first line does. */
function syncEntry(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
