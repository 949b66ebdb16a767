import { readFileSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import type { Note } from '../core/problems.ts'

/**
 * `.pixelkiln/state.bin`: what the last run saw, so that the next one can tell at once that nothing changed. It may
 * be deleted at any time. Layout: a line of JSON (`StateHeader`), the paths one a line, then per path four aligned 64-bit
 * integers (size, mtime, ctime, inode) and 16 bytes of sha256; then the manifest's text, where a few of its images can
 * be read alone; last, one line a path: the OutputKey it was derived under here, where that matters. The quick answer
 * needs no more than the paths and integers, so the rest is not decoded until it is asked for.
 */
export interface State {
  readonly header: StateHeader
  readonly paths: readonly string[]
  /** Four per path: size, mtime and ctime in nanoseconds, inode. */
  readonly stats: BigInt64Array
  /** 32 hex digits each. */
  readonly sha256: (index: number) => string
  readonly derivedUnder: (index: number) => string
  /** The manifest as it was, when its images stand apart; else empty. */
  readonly manifest: () => string
  /** As stored: paths and keys one a line, 32 bytes of numbers and 16 of sha256 per path. */
  readonly raw: Readonly<Record<'paths' | 'numbers' | 'shas' | 'keys', Buffer>>
}

export interface StateHeader {
  /** Format of this file and version of the tool. */
  readonly tool: string
  /** True when the run that wrote it had nothing left to do. */
  readonly clean: boolean
  /** What else the answer depends on: mode and options, as one text. */
  readonly asked: string
  /** Every file that was read, with its stat as four decimal texts, or null for one that was not there. */
  readonly inputs: readonly (readonly [path: string, stat: StatTexts])[]
  readonly images: number
  readonly bytes: number
  readonly out: string
  readonly notes: readonly Note[]
  readonly pathsBytes: number
  readonly manifestBytes: number
  readonly keysBytes: number
  readonly count: number
}

const BYTES_PER_PATH = 32 + 16

/** Reads the state; null when there is none or it is not whole. */
export function readState(path: string): State | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return null
  }
  try {
    return parseState(bytes)
  } catch {
    return null
  }
}

function parseState(bytes: Buffer): State | null {
  const headerEnd = bytes.indexOf(10)
  const header: unknown = JSON.parse(bytes.toString('utf8', 0, headerEnd))
  if (!isHeader(header)) return null
  const pathsStart = headerEnd + 1
  const numbersStart = pathsStart + header.pathsBytes
  const shasStart = numbersStart + header.count * 32
  const manifestStart = numbersStart + header.count * BYTES_PER_PATH
  const keysStart = manifestStart + header.manifestBytes
  if (keysStart + header.keysBytes !== bytes.length) return null
  const paths = header.count === 0 ? [] : bytes.toString('utf8', pathsStart, numbersStart).split('\n')
  if (paths.length !== header.count) return null
  return {
    header,
    paths,
    stats: new BigInt64Array(bytes.buffer, bytes.byteOffset + numbersStart, header.count * 4),
    sha256: (index) => bytes.toString('hex', shasStart + index * 16, shasStart + index * 16 + 16),
    derivedUnder: lazyLines(bytes, keysStart),
    raw: {
      paths: bytes.subarray(pathsStart, numbersStart),
      numbers: bytes.subarray(numbersStart, shasStart),
      shas: bytes.subarray(shasStart, manifestStart),
      keys: bytes.subarray(keysStart),
    },
    manifest: () => bytes.toString('utf8', manifestStart, keysStart),
  }
}

/** A damaged one is none. */
function isHeader(value: unknown): value is StateHeader {
  if (typeof value !== 'object' || value === null) return false
  const header: Partial<Record<keyof StateHeader, unknown>> = value
  return (
    [header.tool, header.asked, header.out].every((text) => typeof text === 'string') &&
    [
      header.images,
      header.bytes,
      header.pathsBytes,
      header.manifestBytes,
      header.keysBytes,
      header.count,
    ].every(Number.isSafeInteger) &&
    Array.isArray(header.notes) &&
    header.notes.every(isNote) &&
    Array.isArray(header.inputs) &&
    header.inputs.every(isInput)
  )
}

function isNote(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { code, message }: { code?: unknown; message?: unknown } = value
  return typeof code === 'string' && typeof message === 'string'
}

function isInput(value: unknown): boolean {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false
  return value[1] === null || Array.isArray(value[1])
}

/** A missing line is an empty one: nothing is remembered of that file. */
function lazyLines(bytes: Buffer, start: number): (index: number) => string {
  let lines: readonly string[] | null = null
  return (index) => {
    lines ??= bytes.toString('latin1', start).split('\n')
    return lines[index] ?? ''
  }
}

/** Of a file's stat what tells that it changed. */
export type FileStat = Pick<BigIntStats, 'size' | 'mtimeNs' | 'ctimeNs' | 'ino'>

/** Picks it, so that the rest of a stat is not kept for every file. */
export function fileStatOf({ size, mtimeNs, ctimeNs, ino }: FileStat): FileStat {
  return { size, mtimeNs, ctimeNs, ino }
}

export interface SeenFile {
  readonly path: string
  readonly stat: FileStat
  readonly sha256: string
  readonly derivedUnder: string
}

/** Size, mtime, ctime and inode as decimal texts; null for no such file. */
export type StatTexts = readonly string[] | null

/** A stat taken within this time of a file's change may hide a second change (git's racy rule). */
export const RACY_MS = 20

/** A stat as four texts; null when there is no such file. */
export function statTexts(path: string): StatTexts {
  const stat = statIfThere(path)
  return stat ? textsOf(stat) : null
}

function textsOf(stat: FileStat): readonly string[] {
  return Object.values(fileStatOf(stat)).map(String)
}

/** A stat that a change since `nowMs` must differ from; null when there is none, or the last change was too near for that. */
export function provenStat(path: string, nowMs: number): StatTexts {
  const stat = statIfThere(path)
  return stat && nowMs - Number(stat.mtimeNs / 1_000_000n) >= RACY_MS ? textsOf(stat) : null
}

/** One object for sixty thousand calls. */
const AS_BIGINT = { bigint: true, throwIfNoEntry: false } as const

/** A stat in whole numbers; null when there is no such file, or a file stands where its folder should. */
export function statIfThere(path: string): BigIntStats | null {
  try {
    return statSync(path, AS_BIGINT) ?? null
  } catch {
    return null
  }
}

export function sameStat(one: StatTexts, other: StatTexts): boolean {
  if (one === null || other === null) return one === other
  return one.every((text, index) => text === other[index])
}
