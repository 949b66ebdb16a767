import type { Image } from '../image.ts'

/** What two texts of one manifest differ in: a few whole images and nothing else. */
export interface ChangedBlocks {
  /** The new text without the images that did not change: a manifest of its own. */
  readonly text: string
  /** Length of what stands above its images. */
  readonly head: number
  /** Where its images begin in the whole text, in bytes. */
  readonly start: number
}

/** An id at the beginning of its lines, as nearly everybody writes it. */
const ID_LINE = /^ {2}([A-Za-z0-9][\w/-]*):(?: .*)?$/m
const ID_LINES = new RegExp(ID_LINE, 'gm')
const IMAGES_LINE = /^images:[ ]*\n/m
/** More are read with the whole manifest. */
const MOST_BLOCKS = 20
/**
 * What may be an anchor, an alias, a tag, an explicit key or a directive: what such lines mean, or give a meaning to, may
 * stand elsewhere. Tabs make indentation hard to see.
 */
export const MEANT_ELSEWHERE: RegExp = /(?:^|[\s,:[{-])[&*!]\S|^\s*\?|^%|^\.\.\.|\t/m
/** An id, what belongs to one, a comment, or nothing. */
const LINES = /^(?: {2}[A-Za-z0-9][\w/-]*:(?: .*)?\n| {3,}.*\n| *(?:#.*)?\n)*$/

/**
 * Whether each of these images is one block of lines of the text they were read from, and the images are the last thing in
 * it: then a few blocks can be read without the others. It is asked what the parser saw, so nothing is guessed.
 */
export function standApart(text: string, images: readonly Pick<Image, 'id' | 'offset'>[]): boolean {
  const start = imagesAt(text)
  if (start === null || /[\t\r]/.test(text)) return false
  // Behind the last image nothing may stand that belongs to none.
  if (!text.endsWith('\n') || /^[^\s#]/m.test(text.slice(start))) return false
  const seen = idLines(text, start)
  const read = [...images].sort((a, b) => a.offset - b.offset)
  return (
    seen.length === read.length &&
    seen.every(({ id, at }, index) => read[index]?.id === id && read[index].offset === at + 2)
  )
}

/**
 * Finds the images that changed between a text whose images stand apart and a later one; null when anything else did. Both
 * are compared as bytes: of a large manifest hardly any have to be made a text.
 */
export function changedBlocks(before: Buffer, after: Buffer): ChangedBlocks | null {
  const images = imagesIn(before)
  if (images === null) return null
  const common = commonStart(before, after)
  const first = nextIdLine(before, images - 1)
  const start = lastIdLine(before, common)
  if (start < first) return null
  const tail = commonEnd(before, after, Math.min(before.length, after.length) - common)
  const end = nextIdLine(before, before.length - tail)
  const old = before.toString('utf8', start, end)
  const now = after.toString('utf8', start, after.length - (before.length - end))
  const ids = idLines(now, 0).map(({ id }) => id)
  const same = idLines(old, 0)
    .map(({ id }) => id)
    .join()
  if (ids.length > MOST_BLOCKS || ids.join() !== same) return null
  if (!LINES.test(now) || MEANT_ELSEWHERE.test(now) || MEANT_ELSEWHERE.test(old)) return null
  const head = after.toString('utf8', 0, first)
  return { text: head + now, head: head.length, start }
}

/** `imagesAt` of bytes. */
function imagesIn(bytes: Buffer): number | null {
  let start = bytes.indexOf('images:')
  for (; start !== -1; start = bytes.indexOf('images:', start + 1)) {
    const end = bytes.indexOf(10, start) + 1
    if (start > 0 && bytes[start - 1] !== 10) continue
    if (IMAGES_LINE.test(bytes.toString('utf8', start, end))) return end
  }
  return null
}

/** Where the lines below `images:` begin. */
function imagesAt(text: string): number | null {
  const match = IMAGES_LINE.exec(text)
  return match && match.index + match[0].length
}

function idLines(text: string, from: number): readonly { readonly id: string; readonly at: number }[] {
  return [...text.slice(from).matchAll(ID_LINES)].map((match) => ({
    id: match[1] ?? '',
    at: match.index + from,
  }))
}

/** Start of the last id line that ends before an offset; 0 for none. */
function lastIdLine(bytes: Buffer, offset: number): number {
  let end = offset === 0 ? -1 : bytes.lastIndexOf(10, offset - 1)
  while (end > 0) {
    const start = bytes.lastIndexOf(10, end - 1) + 1
    if (ID_LINE.test(bytes.toString('utf8', start, end))) return start
    end = start - 1
  }
  return 0
}

/** Start of the first id line whose line break before it lies at or behind an offset; the length for none. */
function nextIdLine(bytes: Buffer, offset: number): number {
  let at = bytes.indexOf(10, offset)
  while (at !== -1) {
    const next = bytes.indexOf(10, at + 1)
    if (ID_LINE.test(bytes.toString('utf8', at + 1, next === -1 ? bytes.length : next))) return at + 1
    at = next
  }
  return bytes.length
}

/** Length of what two texts begin with, by halving: each step compares what is left. */
function commonStart(one: Buffer, other: Buffer): number {
  let low = 0
  let high = Math.min(one.length, other.length)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (one.subarray(low, middle).equals(other.subarray(low, middle))) low = middle
    else high = middle - 1
  }
  return low
}

function commonEnd(one: Buffer, other: Buffer, most: number): number {
  let low = 0
  let high = most
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (beforeEnd(one, low, middle).equals(beforeEnd(other, low, middle))) low = middle
    else high = middle - 1
  }
  return low
}

function beforeEnd(bytes: Buffer, from: number, to: number): Buffer {
  return bytes.subarray(bytes.length - to, bytes.length - from)
}
