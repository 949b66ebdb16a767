import { LOCK_FOOT, LOCK_IMAGES } from './lock.ts'
import type { Lock, LockImage } from './lock.ts'
import { printLock } from './print-lock.ts'
import { readLock } from './read-lock.ts'

/** A text that is too large to be held, by offsets of its UTF-8 bytes. */
export interface LargeText {
  /** From an offset to before another. */
  readonly text: (from: number, to: number) => string
  /** Where a text stands first from an offset on; -1 for nowhere. */
  readonly indexOf: (text: string, from: number) => number
}

/** A few images of a printed lock, read without the others. */
export interface LockPart {
  readonly lock: Lock
  /** A lock of these images alone, as printed. */
  readonly text: string
  /** Where their blocks stand in the whole, in that order. */
  readonly blocks: readonly Block[]
}

/** From an id to its closing brace, in bytes. */
export interface Block {
  readonly id: string
  readonly start: number
  readonly end: number
}

/**
 * Reads the blocks of these ids of a lock that `printLock` printed. Null when one is not there or is no plainly bought
 * picture: then the others must be known.
 */
export function readLockPart(whole: LargeText, file: string, ids: readonly string[]): LockPart | null {
  const headEnd = whole.indexOf(LOCK_IMAGES, 0)
  const blocks = blocksOf(whole, ids)
  if (headEnd === -1 || blocks === null) return null
  const head = whole.text(0, headEnd + LOCK_IMAGES.length)
  const text = head + blocks.map(({ start, end }) => whole.text(start, end)).join(',\n\n') + LOCK_FOOT
  const read = readLock({ file, text })
  if (!('lock' in read) || printLock(read.lock) !== text) return null
  if (![...read.lock.images.values()].every(isPlainlyBought)) return null
  return { lock: read.lock, text, blocks }
}

/** Finds the blocks of these ids, each behind the one before it, as `printLock` sorts them; null when one is not there. */
function blocksOf(whole: LargeText, ids: readonly string[]): readonly Block[] | null {
  const blocks: Block[] = []
  for (const id of [...ids].sort()) {
    // Texts of JSON have no line breaks, so nothing else looks like it.
    const start = whole.indexOf(`\n${JSON.stringify(id)}: {\n`, blocks.at(-1)?.end ?? 0) + 1
    const end = start === 0 ? -1 : whole.indexOf('\n}', start)
    if (end === -1) return null
    blocks.push({ id, start, end: end + 2 })
  }
  return blocks
}

function isPlainlyBought({ bought, draft, refused, others }: LockImage): boolean {
  return bought !== null && !bought.lapsed && draft === null && refused === null && others.length === 0
}
