import type { Image } from '../image.ts'

/** What two texts of one manifest differ in: a few whole images and nothing else. */
export interface ChangedBlocks {
  /** The new text without the images that did not change: a manifest of its own. */
  readonly text: string
  /** How much later its images stand in the whole text. */
  readonly shift: number
}

/** An id at the beginning of its lines, as nearly everybody writes it. */
const ID_LINE = /^ {2}([A-Za-z0-9][\w/-]*):(?: .*)?$/gm
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

/** Finds the images that changed between a text whose images stand apart and a later one; null when anything else did. */
export function changedBlocks(before: string, after: string): ChangedBlocks | null {
  const images = imagesAt(before)
  const common = commonStart(before, after)
  if (images === null) return null
  const first = nextIdLine(before, images - 1)
  const start = lastIdLine(before, common)
  if (start < first) return null
  const most = Math.min(before.length, after.length) - common
  const tail = commonEnd(before, after, most)
  const end = nextIdLine(before, before.length - tail)
  const old = before.slice(start, end)
  const now = after.slice(start, after.length - (before.length - end))
  const ids = idLines(now, 0).map(({ id }) => id)
  const same = idLines(old, 0)
    .map(({ id }) => id)
    .join()
  if (ids.length > MOST_BLOCKS || ids.join() !== same) return null
  if (!LINES.test(now) || MEANT_ELSEWHERE.test(now) || MEANT_ELSEWHERE.test(old)) return null
  return { text: after.slice(0, first) + now, shift: start - first }
}

/** Where the lines below `images:` begin. */
function imagesAt(text: string): number | null {
  const match = IMAGES_LINE.exec(text)
  return match && match.index + match[0].length
}

function idLines(text: string, from: number): readonly { readonly id: string; readonly at: number }[] {
  return [...text.slice(from).matchAll(ID_LINE)].map((match) => ({
    id: match[1] ?? '',
    at: match.index + from,
  }))
}

/** Start of the last id line that ends before an offset. */
function lastIdLine(text: string, offset: number): number {
  let end = text.lastIndexOf('\n', offset - 1)
  for (;;) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    if (idLines(text.slice(start, end), 0).length > 0 || start === 0) return start
    end = start - 1
  }
}

/** Start of the first id line whose line break before it lies at or behind an offset; the end of the text for none. */
function nextIdLine(text: string, offset: number): number {
  let at = text.indexOf('\n', offset)
  while (at !== -1) {
    const next = text.indexOf('\n', at + 1)
    if (idLines(text.slice(at + 1, next === -1 ? text.length : next), 0).length > 0) return at + 1
    at = next
  }
  return text.length
}

/** Length of what two texts begin with, by halving: each step compares as bytes what is left. */
function commonStart(one: string, other: string): number {
  let low = 0
  let high = Math.min(one.length, other.length)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (one.slice(low, middle) === other.slice(low, middle)) low = middle
    else high = middle - 1
  }
  return low
}

function commonEnd(one: string, other: string, most: number): number {
  let low = 0
  let high = most
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (beforeEnd(one, low, middle) === beforeEnd(other, low, middle)) low = middle
    else high = middle - 1
  }
  return low
}

function beforeEnd(text: string, from: number, to: number): string {
  return text.slice(text.length - to, text.length - from)
}
