import { createHash, hash, randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { isSameStat } from './state.ts'
import type { FileRange } from './state.ts'

/** Names of half-written files begin with this and the number of their process; what a killed run left behind is told by it. */
export const TEMPORARY_PREFIX = '.pixelkiln-'

/** A disk operation that failed for a reason outside this tool: full, read-only, broken. */
export class DiskError extends Error {
  override readonly name = 'DiskError'
  readonly path: string
  readonly errno: string

  constructor(path: string, errno: string, message: string) {
    super(message)
    this.path = path
    this.errno = errno
  }
}

/** The `errno` of a file that is not any more what of it was to be copied. */
export const CHANGED = 'ESTALE'

const RENAME_AGAIN = new Set(['EPERM', 'EACCES', 'EBUSY'])
const RENAME_TRIES = 10

/** Bytes, or those of another file. */
export type Piece = Uint8Array | FileRange

/** What a file is to hold; pieces are written one after the other as they come, without a copy of them all. */
type Content = Uint8Array | string | Iterable<Piece>

/** So much goes into the system's cache in less time than it takes to wake another thread for it. */
const SMALL_BYTES = 64_000

/**
 * Writes a whole file: beside its place, then renamed, so that readers see the old or the new one, never half.
 * `durable` waits until it would survive a power cut, and answers with the stat from before the renaming: whoever
 * replaces or changes the file after that changes inode, size or mtime. Throws `DiskError`.
 */
export async function writeWhole(
  path: string,
  bytes: Content,
  options: { readonly durable: boolean },
): Promise<BigIntStats | null> {
  const folder = dirname(path)
  const temporary = temporaryIn(folder)
  const write = (): Promise<BigIntStats | null> =>
    isPieces(bytes) || bytes.length > SMALL_BYTES
      ? writeNew(temporary, bytes, options)
      : writeSmall(temporary, bytes, options)
  try {
    let made: string | undefined
    // Nearly always its folder is there, and to make sure of it beforehand takes a tenth of the time.
    const written = await write().catch((error: unknown) => {
      if (!isMissing(error, temporary)) throw error
      // Others may have missed it in the same moment: then one of them has made it.
      made = mkdirSync(folder, { recursive: true })
      return write()
    })
    await patiently(() => renameSync(temporary, path))
    if (options.durable) await syncEntries(folder, made)
    return written
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw asDiskError(path, error)
  }
}

/** Whether a file could not be opened because its folder is not there; what it is made from may be missing as well. */
function isMissing(error: unknown, path: string): boolean {
  return errnoOf(error) === 'ENOENT' && error instanceof Error && 'path' in error && error.path === path
}

/** Makes a folder and those above it, each in its place after a power cut too. Throws `DiskError`. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    const made = mkdirSync(folder, { recursive: true })
    // It is empty, so only its name has to be safe.
    if (made !== undefined) await syncEntries(dirname(folder), made)
  } catch (error) {
    throw asDiskError(folder, error)
  }
}

/** Syncs the folder, and those above it up to where `made` lies, the topmost that was made along with it. */
async function syncEntries(folder: string, made: string | undefined): Promise<void> {
  const top = made === undefined ? folder : dirname(made)
  for (let at = folder; at.length >= top.length; at = dirname(at)) {
    await syncFolder(at)
    if (at === dirname(at)) return
  }
}

/**
 * Puts a text in the place of a file that still is what it was, whole and with the permissions it has; a link stays a
 * link. False when it is something else by now, and then nothing is written. Throws `DiskError`.
 */
export async function replaceWhole(path: string, before: Uint8Array, text: string): Promise<boolean> {
  try {
    const real = realpathSync(path)
    const temporary = temporaryIn(dirname(real))
    try {
      await writeNew(temporary, text, { durable: true, mode: statSync(real).mode & 0o7777 })
      return await patiently(() => {
        // Nothing may come between comparing and renaming, or one of two edits at once would undo the other.
        if (readIfThere(real)?.equals(before) !== true) return false
        renameSync(temporary, real)
        return true
      })
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined)
      await syncFolder(dirname(real))
    }
  } catch (error) {
    throw asDiskError(path, error)
  }
}

function temporaryIn(folder: string): string {
  return `${folder}/${TEMPORARY_PREFIX}${process.pid}-${randomUUID()}.tmp`
}

async function writeNew(
  path: string,
  bytes: Content,
  options: { readonly durable: boolean; readonly mode?: number },
): Promise<BigIntStats | null> {
  const file = await open(path, 'wx')
  try {
    for (const piece of isPieces(bytes) ? bytes : [bytes]) {
      if (typeof piece === 'string' || piece instanceof Uint8Array) await file.writeFile(piece)
      else copyRange(piece, file.fd)
    }
    if (options.mode !== undefined) await file.chmod(options.mode)
    if (!options.durable) return null
    await file.sync()
    return fstatSync(file.fd, { bigint: true })
  } finally {
    await file.close()
  }
}

/** As `writeNew`, for what is soon written: only the wait for the disk lets others go on. */
async function writeSmall(
  path: string,
  bytes: Uint8Array | string,
  { durable }: { readonly durable: boolean },
): Promise<BigIntStats | null> {
  const descriptor = openSync(path, 'wx')
  try {
    const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    for (let written = 0; written < all.length;) {
      written += writeSync(descriptor, all, written, all.length - written)
    }
    if (!durable) return null
    await onDisk(descriptor)
    return fstatSync(descriptor, { bigint: true })
  } finally {
    closeSync(descriptor)
  }
}

function isPieces(content: Content): content is Iterable<Piece> {
  return typeof content !== 'string' && !(content instanceof Uint8Array)
}

const COPY_BYTES = 256 * 1024

/** Ten megabytes take five milliseconds through one small buffer, and six times as much as a whole in fresh memory. */
function copyRange({ path, seen, from, to }: FileRange, target: number): void {
  const source = openSync(path, 'r')
  const check = (): void => {
    if (!isSameStat(fstatSync(source, { bigint: true }), seen))
      throw new DiskError(path, CHANGED, `${path} was changed meanwhile`)
  }
  try {
    check()
    const bytes = Buffer.allocUnsafeSlow(Math.min(COPY_BYTES, to - from))
    for (let at = from; at < to;) {
      const length = readSync(source, bytes, 0, Math.min(bytes.length, to - at), at)
      if (length === 0) break
      at += length
      for (let written = 0; written < length;) written += writeSync(target, bytes, written, length - written)
    }
    check()
  } finally {
    closeSync(source)
  }
}

/** Makes a folder's entries survive a power cut; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    await onDisk(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const onDisk = promisify(fsync)

/** The file's bytes, or null when there is none. Throws `DiskError` for anything else. */
export function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null
    throw asDiskError(path, error)
  }
}

/** As `readIfThere`, for where mostly nothing is: to read what is not there makes an error with a trace of calls. */
export function readIfAny(path: string): Buffer | null {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null
  } catch {
    // Reading it tells what is wrong.
  }
  return readIfThere(path)
}

/** Hex sha256 of bytes. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The first 32 hex digits of it, as lock and state have them of an output. A text of its own: a part of one keeps the whole in memory. */
export function outputSha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'buffer').toString('hex', 0, 16)
}

/** The system's short name of an error, `ENOENT`; empty when it has none. */
export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

/** The `DiskError` behind what was thrown, also where the system threw about a path by itself; null for anything else. */
export function diskErrorOf(error: unknown): DiskError | null {
  if (error instanceof DiskError) return error
  const path: unknown = error instanceof Error && 'path' in error ? error.path : undefined
  return typeof path === 'string' && errnoOf(error) !== '' ? asDiskError(path, error) : null
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EIO: 'the disk reports an error',
  ENOENT: 'the folder is gone',
  EISDIR: 'a folder is in its place',
  ENOTDIR: 'a file stands where a folder should be',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long for this disk',
}

/** Turns a system error into a `DiskError` that says what it means. */
export function asDiskError(path: string, error: unknown): DiskError {
  if (error instanceof DiskError) return error
  const errno = errnoOf(error)
  const meaning = MEANINGS[errno] ?? (error instanceof Error ? error.message : 'unknown error')
  return new DiskError(path, errno, `${path}: ${meaning}${errno === '' ? '' : ` (${errno})`}`)
}

/** On Windows a scanner may hold the file for a moment (11ty/image#210). */
async function patiently<Result>(renaming: () => Result | Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await renaming()
    } catch (error) {
      if (attempt >= RENAME_TRIES || process.platform !== 'win32' || !RENAME_AGAIN.has(errnoOf(error)))
        throw error
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt))
    }
  }
}
