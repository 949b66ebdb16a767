import { readFileSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import type { Note } from '../core/problems.ts'

/**
 * `.pixelkiln/state.bin`: what the last run saw, so that the next one can tell at once that nothing changed. It may
 * be deleted at any time. Layout: a line of JSON (`StateHeader`), the paths group by group, one group a line, then per
 * path four aligned 64-bit integers (size, mtime, ctime, inode) and 16 bytes of sha256; then what `build/apart.ts`
 * remembers of a manifest of which a few images can be read alone; last, one line a path: the OutputKey it was derived
 * under here, where that matters. The quick answer needs no more than the groups and integers, so the rest is not decoded
 * until it is asked for.
 */
export interface State {
  readonly header: StateHeader
  readonly groups: readonly PathGroup[]
  /** Four per path: size, mtime and ctime in nanoseconds, inode. */
  readonly stats: BigInt64Array
  /** 32 hex digits each. */
  readonly sha256: (index: number) => string
  readonly derivedUnder: (index: number) => string
  /** What is remembered of a manifest whose images stand apart; else empty. */
  readonly apart: () => string
  /** As stored: 32 bytes of numbers and 16 of sha256 per path, keys one a line. */
  readonly raw: Readonly<Record<'numbers' | 'shas' | 'keys', Buffer>>
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
  const apartStart = numbersStart + header.count * BYTES_PER_PATH
  const keysStart = apartStart + header.apartBytes
  if (keysStart + header.keysBytes !== bytes.length) return null
  const lines = header.count === 0 ? [] : bytes.toString('utf8', pathsStart, numbersStart).split('\n')
  const groups = lines.map((line) => groupOf(line, header.tails))
  if (groups.reduce((count, { tails }) => count + tails.length, 0) !== header.count) return null
  return {
    header,
    groups,
    stats: new BigInt64Array(bytes.buffer, bytes.byteOffset + numbersStart, header.count * 4),
    sha256: (index) => bytes.toString('hex', shasStart + index * 16, shasStart + index * 16 + 16),
    derivedUnder: lazyLines(bytes, keysStart),
    raw: {
      numbers: bytes.subarray(numbersStart, shasStart),
      shas: bytes.subarray(shasStart, apartStart),
      keys: bytes.subarray(keysStart),
    },
    apart: () => bytes.toString('utf8', apartStart, keysStart),
  }
}

/** Of a line: the stem, then the place of its tails in the header, or nothing and the tails themselves. */
function groupOf(line: string, known: StateHeader['tails']): PathGroup {
  const [stem = '', place = '', ...tails] = line.split(BETWEEN)
  return { stem, tails: place === '' ? tails : (known[Number(place)] ?? []) }
}

/** Where a path stands among all; -1 for nowhere. */
export function placeOf({ groups }: State, path: string): number {
  let at = 0
  for (const { stem, tails } of groups) {
    const place = path.startsWith(stem) ? tails.indexOf(path.slice(stem.length)) : -1
    if (place !== -1) return at + place
    at += tails.length
  }
  return -1
}

/** All paths, in their order. */
export function pathsOf({ groups }: State): readonly string[] {
  return groups.flatMap(({ stem, tails }) => tails.map((tail) => stem + tail))
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
