import { closeSync, fstatSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { asDiskError, readIfThere } from '../effects/files.ts'

/** An append-only file of JSON lines. */
export interface Log {
  /** What was in it when it was opened, oldest first. */
  readonly entries: readonly unknown[]
  /** Hands one line to the system, where it survives a kill of this process. Throws `DiskError`, and then nothing was kept. */
  readonly append: (entry: object) => void
  /** Empties it; throws what the system throws. */
  readonly clear: () => void
  readonly close: () => void
}

/** Opens `service.jsonl` in a folder, which is made; without a folder nothing is kept. A torn last line is cut off. Throws `DiskError`. */
export function openLog(folder: string | null): Log {
  if (folder === null) {
    return { entries: [], append: () => undefined, clear: () => undefined, close: () => undefined }
  }
  const path = join(folder, 'service.jsonl')
  try {
    mkdirSync(folder, { recursive: true })
    const bytes = readIfThere(path) ?? Buffer.alloc(0)
    const whole = bytes.lastIndexOf(10) + 1
    if (whole < bytes.length) truncateSync(path, whole)
    // Appending, so that a second emulator on the same folder overwrites nothing.
    const descriptor = openSync(path, 'a')
    return {
      entries: readLines(bytes.subarray(0, whole).toString('utf8')),
      append: (entry) => appendLine(descriptor, Buffer.from(`${JSON.stringify(entry)}\n`), path),
      clear: () => truncateSync(path, 0),
      close: () => closeSync(descriptor),
    }
  } catch (error) {
    throw asDiskError(path, error)
  }
}

/** A line that is no JSON was not written by us, or by a broken disk; the others still hold. */
function readLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      return [JSON.parse(line)]
    } catch {
      return []
    }
  })
}

/** Writes a whole line, or leaves the file as it was. */
function appendLine(descriptor: number, line: Buffer, path: string): void {
  const before = fstatSync(descriptor).size
  try {
    let written = 0
    while (written < line.length) written += writeSync(descriptor, line, written)
  } catch (error) {
    truncateSync(path, before)
    throw asDiskError(path, error)
  }
}
