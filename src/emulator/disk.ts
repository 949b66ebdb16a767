import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { asDiskError, readIfThere } from '../effects/files.ts'

/** An append-only file of JSON lines. */
export interface Log {
  /** What was in it when it was opened, oldest first. */
  readonly entries: readonly unknown[]
  /** Hands one line to the system, where it survives a kill of this process. Throws `DiskError`, and then nothing was kept. */
  readonly append: (entry: object) => void
  /** Empties it. Throws `DiskError`. */
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
    let size = bytes.lastIndexOf(10) + 1
    const descriptor = openSync(path, bytes.length === 0 ? 'w+' : 'r+')
    if (size < bytes.length) ftruncateSync(descriptor, size)
    return {
      entries: readLines(bytes.subarray(0, size).toString('utf8')),
      append: (entry) => {
        const line = Buffer.from(`${JSON.stringify(entry)}\n`)
        writeAt(descriptor, line, { at: size, path })
        size += line.length
      },
      clear: () => {
        ftruncateSync(descriptor, 0)
        size = 0
      },
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

/** Writes a whole line at its place, or leaves the file as it was. */
function writeAt(
  descriptor: number,
  line: Buffer,
  place: { readonly at: number; readonly path: string },
): void {
  try {
    let written = 0
    while (written < line.length) {
      written += writeSync(descriptor, line, written, line.length - written, place.at + written)
    }
  } catch (error) {
    ftruncateSync(descriptor, place.at)
    throw asDiskError(place.path, error)
  }
}
