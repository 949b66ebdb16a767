import type { Lock, LockImage } from './lock.ts'
import { printLock } from './print-lock.ts'
import { readLock } from './read-lock.ts'

/** A few images of a printed lock, read without the others. */
export interface LockPart {
  readonly lock: Lock
  /** A lock of these images alone, as printed. */
  readonly text: string
  /** The whole text with these images as they are now. */
  readonly textWith: (lock: Lock) => string
}

const IMAGES = ' "images": {\n\n'
const FOOT = '\n\n }\n}\n'

/**
 * Reads the blocks of these ids of a lock that `printLock` printed. Null when one is not there, is no plainly bought
 * picture, or shares words or picture with another image: then the others must be known.
 */
export function readLockPart(text: string, file: string, ids: readonly string[]): LockPart | null {
  const head = text.slice(0, text.indexOf(IMAGES) + IMAGES.length)
  const blocks = [...ids].sort().map((id) => blockAt(text, id))
  const found = blocks.filter((block) => block !== null)
  if (found.length < ids.length) return null
  const small = head + found.map(({ start, end }) => text.slice(start, end)).join(',\n\n') + FOOT
  const read = readLock({ file, text: small })
  if (!('lock' in read) || printLock(read.lock) !== small) return null
  const alone = found.every((block) => isAlone(text, block, read.lock.images.get(block.id)))
  return alone
    ? { lock: read.lock, text: small, textWith: (lock) => spliced(text, found, printLock(lock)) }
    : null
}

interface Block {
  readonly id: string
  readonly start: number
  readonly end: number
}

/** From an id to its closing brace: texts of JSON have no line breaks, so nothing else looks like it. */
function blockAt(text: string, id: string): Block | null {
  const start = text.indexOf(`\n${JSON.stringify(id)}: {\n`) + 1
  const end = text.indexOf('\n}', start)
  return start === 0 || end === -1 ? null : { id, start, end: end + 2 }
}

/** Another image with the same words or the same original could lend it a picture, a file or a finding. */
function isAlone(text: string, { start, end }: Block, image: LockImage | undefined): boolean {
  const { bought } = image ?? {}
  if (!image || !bought || image.draft || image.refused !== null || image.others.length > 0) return false
  if (bought.lapsed) return false
  return [bought.request, bought.declared, bought.original.sha256].every(
    (digest) => text.indexOf(digest) >= start && !text.includes(digest, end),
  )
}

function spliced(text: string, blocks: readonly Block[], printed: string): string {
  let whole = ''
  let at = 0
  for (const { id, start, end } of blocks) {
    const now = blockAt(printed, id)
    whole += text.slice(at, start) + (now ? printed.slice(now.start, now.end) : text.slice(start, end))
    at = end
  }
  return whole + text.slice(at)
}
