import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { LargeText } from '../core/lock-blocks.ts'
import { asDiskError, errnoOf } from './files.ts'
import { fileStatOf } from './state.ts'
import type { FileStat } from './state.ts'

/** A file that is read in pieces, with the stat it has while it is open. */
export interface LargeFile extends LargeText {
  readonly seen: FileStat
}

const WINDOW_BYTES = 256 * 1024

/** Opens a file to be searched without ever being held as a whole; null when there is none. Throws `DiskError`. */
export function withLargeFile<Result>(path: string, use: (file: LargeFile) => Result): Result | null {
  let fd: number | null = null
  try {
    fd = openSync(path, 'r')
    return use(searched(fd))
  } catch (error) {
    const errno = errnoOf(error)
    if (fd === null && (errno === 'ENOENT' || errno === 'ENOTDIR')) return null
    throw errno === '' ? error : asDiskError(path, error)
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

function searched(fd: number): LargeFile {
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  let [start, end] = [0, 0]
  const moveTo = (offset: number): void => {
    start = offset
    end = offset + readSync(fd, window, 0, WINDOW_BYTES, offset)
  }
  return {
    seen: fileStatOf(fstatSync(fd, { bigint: true })),
    text: (from, to) => {
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, to - from))
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from))
    },
    indexOf: (text, from) => {
      const wanted = Buffer.from(text)
      if (from < start || from + wanted.length > end) moveTo(from)
      for (let at = from - start; ; at = 0) {
        const found = window.subarray(0, end - start).indexOf(wanted, at)
        if (found !== -1) return start + found
        if (end - start < WINDOW_BYTES) return -1
        // What is looked for may begin in this window and end in the next.
        moveTo(end - wanted.length + 1)
      }
    },
  }
}
