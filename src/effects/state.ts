import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import type { Note } from '../core/problems.ts'

/**
 * `.pixelkiln/state.bin`: what the last run saw, so that the next one can tell at once that nothing changed. It may
 * be deleted at any time. Layout: a line of JSON (`StateHeader`), the paths group by group, one group a line, then per
 * path four 64-bit integers (size, mtime, ctime, inode) and 16 bytes of sha256; then what `build/apart.ts`
 * remembers of a manifest of which a few images can be read alone; last, one line a path: the OutputKey it was derived
 * under here, where that matters. The quick answer needs no more than the groups and integers, so the rest is not decoded
 * until it is asked for.
 */
export interface State {
  readonly header: StateHeader
  readonly groups: readonly PathGroup[]
  /** The stat that the path at this place had. */
  readonly statAt: (index: number) => FileStat
  /** Whether a stat is that one. */
  readonly isAsSeen: (index: number, stat: FileStat) => boolean
  /** 32 hex digits each. */
  readonly sha256: (index: number) => string
  readonly derivedUnder: (index: number) => string
  /** What is remembered of a manifest whose images stand apart; else empty. */
  readonly apart: () => Buffer
  /** The rows of some paths, from the first to before the last, as they stand in the file. */
  readonly rows: (what: 'stats' | 'sha256', from: number, to: number) => FileRange
  /** Keys, one a line. */
  readonly keys: () => Buffer
}

/** Paths below the asset folder that follow each other and begin alike, as those of one image do. */
export interface PathGroup {
  readonly stem: string
  /** What follows the stem, a path each. */
  readonly tails: readonly string[]
}

/** No path holds one. */
export const BETWEEN = '\0'

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
  /** Tails that several groups have; a line names them by their place here. */
  readonly tails: readonly (readonly string[])[]
  readonly pathsBytes: number
  readonly apartBytes: number
  readonly keysBytes: number
  readonly count: number
}

const STAT_BYTES = 32
const SHA_BYTES = 16
/** Memory that was never touched costs more than what is read into it, so large parts are read through a window. */
const WINDOW_BYTES = 64 * 1024

/** Reads the state; null when there is none or it is not whole. What is not needed at once is read when it is asked for. */
export function readState(path: string): State | null {
  try {
    return parseState(path)
  } catch {
    return null
  }
}

function parseState(path: string): State | null {
  const seen = opened(path, (fd) => fileStatOf(fstatSync(fd, { bigint: true })))
  const read = partReader(path, seen)
  const size = Number(seen.size)
  const [header, pathsStart] = headerIn(read, size)
  if (header === null) return null
  const statsStart = pathsStart + header.pathsBytes
  const shasStart = statsStart + header.count * STAT_BYTES
  const apartStart = shasStart + header.count * SHA_BYTES
  const keysStart = apartStart + header.apartBytes
  if (keysStart + header.keysBytes !== size) return null
  const lines = header.count === 0 ? [] : read(pathsStart, statsStart).toString().split('\n')
  const groups = lines.map((line) => groupOf(line, header.tails))
  if (groups.reduce((count, { tails }) => count + tails.length, 0) !== header.count) return null
  const stats = windowOn(read, { start: statsStart, end: shasStart, rowBytes: STAT_BYTES })
  const shas = windowOn(read, { start: shasStart, end: apartStart, rowBytes: SHA_BYTES })
  const numbers = new BigInt64Array(stats.bytes.buffer)
  const keys = (): Buffer => read(keysStart, size)
  return {
    header,
    groups,
    statAt: (index) => {
      const at = stats.find(index) / 8
      const [length = 0n, mtimeNs = 0n, ctimeNs = 0n, ino = 0n] = numbers.subarray(at, at + 4)
      return { size: length, mtimeNs, ctimeNs, ino }
    },
    isAsSeen: (index, stat) => {
      const at = stats.find(index) / 8
      return (
        stat.size === numbers[at] &&
        stat.mtimeNs === numbers[at + 1] &&
        stat.ctimeNs === numbers[at + 2] &&
        stat.ino === numbers[at + 3]
      )
    },
    sha256: (index) => {
      const at = shas.find(index)
      return shas.bytes.toString('hex', at, at + SHA_BYTES)
    },
    derivedUnder: lazyLines(keys),
    apart: () => read(apartStart, keysStart),
    rows: (what, from, to) => {
      const [start, rowBytes] = what === 'stats' ? [statsStart, STAT_BYTES] : [shasStart, SHA_BYTES]
      return { path, seen, from: start + from * rowBytes, to: start + to * rowBytes }
    },
    keys,
  }
}

type PartReader = (from: number, to: number, into?: Buffer) => Buffer

/** Reads parts of a file as long as it is the one that was seen; of any other it tells zeros, which are true of no file. */
function partReader(path: string, seen: FileStat): PartReader {
  return (from, to, into = Buffer.allocUnsafeSlow(to - from)) => {
    try {
      return opened(path, (fd) => {
        const there = isSameStat(fstatSync(fd, { bigint: true }), seen)
        return into.fill(0, there ? readSync(fd, into, 0, to - from, from) : 0)
      })
    } catch {
      return into.fill(0)
    }
  }
}

function opened<Result>(path: string, use: (fd: number) => Result): Result {
  const fd = openSync(path, 'r')
  try {
    return use(fd)
  } finally {
    closeSync(fd)
  }
}

/** The header and where the paths begin. */
function headerIn(read: PartReader, size: number): readonly [StateHeader | null, number] {
  for (let length = 4096; ; length *= 4) {
    const start = read(0, Math.min(size, length))
    const end = start.indexOf(10)
    if (end === -1 && length < size) continue
    const header: unknown = JSON.parse(start.toString('utf8', 0, end))
    return [isHeader(header) ? header : null, end + 1]
  }
}

/** Rows of one size, a window of which is at hand: `find` moves it and tells where in its bytes a row begins. */
function windowOn(
  read: PartReader,
  { start, end, rowBytes }: { readonly start: number; readonly end: number; readonly rowBytes: number },
): { readonly bytes: Buffer; readonly find: (index: number) => number } {
  const bytes = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, end - start))
  let from = -1
  return {
    bytes,
    find: (index) => {
      const offset = index * rowBytes
      if (from === -1 || offset < from || offset >= from + bytes.length) {
        from = offset - (offset % WINDOW_BYTES)
        read(start + from, Math.min(end, start + from + bytes.length), bytes)
      }
      return offset - from
    },
  }
}

/** Of a line: the stem, then the place of its tails in the header, or nothing and the tails themselves. */
function groupOf(line: string, known: StateHeader['tails']): PathGroup {
  const [stem = '', place = '', ...tails] = line.split(BETWEEN)
  return { stem, tails: place === '' ? tails : (known[Number(place)] ?? []) }
}

/** A damaged one is none. */
function isHeader(value: unknown): value is StateHeader {
  if (typeof value !== 'object' || value === null) return false
  const header: Partial<Record<keyof StateHeader, unknown>> = value
  return (
    [header.tool, header.asked, header.out].every((text) => typeof text === 'string') &&
    [header.images, header.bytes, header.pathsBytes, header.apartBytes, header.keysBytes, header.count].every(
      Number.isSafeInteger,
    ) &&
    Array.isArray(header.tails) &&
    header.tails.every(isTexts) &&
    Array.isArray(header.notes) &&
    header.notes.every(isNote) &&
    Array.isArray(header.inputs) &&
    header.inputs.every(isInput)
  )
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
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
function lazyLines(read: () => Buffer): (index: number) => string {
  let lines: readonly string[] | null = null
  return (index) => {
    lines ??= read().toString('latin1').split('\n')
    return lines[index] ?? ''
  }
}

/** Of a file's stat what tells that it changed. */
export type FileStat = Pick<BigIntStats, 'size' | 'mtimeNs' | 'ctimeNs' | 'ino'>

/** Picks it, so that the rest of a stat is not kept for every file. */
export function fileStatOf({ size, mtimeNs, ctimeNs, ino }: FileStat): FileStat {
  return { size, mtimeNs, ctimeNs, ino }
}

/** Whether a stat is another's. */
export function isSameStat(one: FileStat, other: FileStat): boolean {
  return (
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs &&
    one.ino === other.ino
  )
}

/** Bytes of a file, as long as that is the one that was seen. */
export interface FileRange {
  readonly path: string
  readonly seen: FileStat
  readonly from: number
  readonly to: number
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

/** A stat as four texts. */
export function textsOf(stat: FileStat): readonly string[] {
  return Object.values(fileStatOf(stat)).map(String)
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
