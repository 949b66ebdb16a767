import type { Lock, LockImage } from './lock.ts'
import { printLock } from './print-lock.ts'
import { readLock } from './read-lock.ts'

/** A few images of a printed lock, read without the others. */
export interface LockPart {
  readonly lock: Lock
  /** A lock of these images alone, as printed. */
  readonly text: string
  /** The whole lock with these images as they are in a printed one, piece by piece. */
  readonly wholeWith: (printed: string) => readonly Buffer[]
}

const IMAGES = ' "images": {\n\n'
const FOOT = '\n\n }\n}\n'

/**
 * Reads the blocks of these ids of a lock that `printLock` printed. Null when one is not there or is no plainly bought
 * picture: then the others must be known. The rest, which may be ten megabytes, is never made a text of.
 */
export function readLockPart(whole: Buffer, file: string, ids: readonly string[]): LockPart | null {
  const head = whole.toString('utf8', 0, whole.indexOf(IMAGES) + IMAGES.length)
  const blocks = [...ids].sort().map((id) => blockAt(whole, id))
  const found = blocks.filter((block) => block !== null)
  if (found.length < ids.length) return null
  const small = head + found.map(({ start, end }) => whole.toString('utf8', start, end)).join(',\n\n') + FOOT
  const read = readLock({ file, text: small })
  if (!('lock' in read) || printLock(read.lock) !== small) return null
  if (![...read.lock.images.values()].every(isPlainlyBought)) return null
  return { lock: read.lock, text: small, wholeWith: (printed) => spliced(whole, found, printed) }
}

interface Block {
  readonly id: string
  readonly start: number
  readonly end: number
}

/** From an id to its closing brace: texts of JSON have no line breaks, so nothing else looks like it. */
function blockAt(whole: Buffer, id: string): Block | null {
  const start = whole.indexOf(`\n${JSON.stringify(id)}: {\n`) + 1
  const end = whole.indexOf('\n}', start)
  return start === 0 || end === -1 ? null : { id, start, end: end + 2 }
}

function isPlainlyBought({ bought, draft, refused, others }: LockImage): boolean {
  return bought !== null && !bought.lapsed && draft === null && refused === null && others.length === 0
}

function spliced(whole: Buffer, blocks: readonly Block[], printed: string): readonly Buffer[] {
  const now = Buffer.from(printed)
  const parts: Buffer[] = []
  let from = 0
  for (const { id, start, end } of blocks) {
    const block = blockAt(now, id)
    if (!block) continue
    parts.push(whole.subarray(from, start), now.subarray(block.start, block.end))
    from = end
  }
  return [...parts, whole.subarray(from)]
}
