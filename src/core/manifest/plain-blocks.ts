import { FORBIDDEN } from './tree.ts'
import type { Entry, ListTree, MapTree, ScalarTree } from './tree.ts'

/** What a manifest's text says in blocks so plain that no YAML parser is needed, and the text without them. */
export interface PlainBlocks {
  /** Images in the order of the text. The first and the last plain one are left to the parser, which thus shows that it reads them alike. */
  readonly blocks: readonly (readonly [id: string, entry: Entry])[]
  /** The text with a comment of the same length in the place of each of them, so that no offset changes. */
  readonly rest: string
  /** Where the key `images` stands, and from where to where what is below it. */
  readonly images: { readonly keyOffset: number; readonly from: number; readonly to: number }
  /** How many nodes of YAML they are. */
  readonly nodes: number
}

/**
 * Finds the images of which each line is `key: value`, the value being plain text on one line, text in quotes without
 * escapes, a whole number, or a point such as `[0.5, 0.25]`. Null when that is of no use. A generated manifest is hardly anything else, and YAML takes
 * twenty times as long over it.
 */
export function plainBlocks(text: string): PlainBlocks | null {
  const images = imagesIn(text)
  if (!images) return null
  const blocks = blocksIn(text, images).slice(1, -1)
  if (blocks.length === 0) return null
  return {
    blocks: blocks.map(({ id, entry }) => [id, entry]),
    rest: withComments(text, blocks),
    images,
    nodes: blocks.reduce((sum, { nodes }) => sum + nodes, 0),
  }
}

/**
 * The tree of a text whose images are all as plain as that and stand last, below a head that was parsed before as part of
 * a text in which the parser saw every image stand like these. Null where any is not plain.
 */
export function treeBelow(head: MapTree, text: string): MapTree | null {
  const images = imagesIn(text)
  if (images?.to !== text.length) return null
  const blocks = blocksIn(text, images)
  const [first] = blocks
  const entries = new Map(blocks.map(({ id, entry }) => [id, entry]))
  const others = withComments(text, blocks).slice(images.from)
  if (!first || entries.size < blocks.length || !/^(?: *(?:#.*)?\n)*$/.test(others)) return null
  const value: MapTree = { kind: 'map', offset: first.entry.keyOffset, entries }
  return { ...head, entries: new Map(head.entries).set('images', { keyOffset: images.keyOffset, value }) }
}

function imagesIn(text: string): PlainBlocks['images'] | null {
  const head = /^images: *\n/m.exec(text)
  if (!head || UNUSUAL.test(text)) return null
  const from = head.index + head[0].length
  const length = text.slice(from).search(/^[^\s#]/m)
  return { keyOffset: head.index, from, to: length === -1 ? text.length : from + length }
}

/** A directive can give words another meaning; the others make it hard to see what a line begins with. */
const UNUSUAL = /[\t\r\uFEFF]|^%/m

interface Block {
  readonly id: string
  readonly entry: Entry
  readonly nodes: number
  readonly start: number
  readonly end: number
}

function blocksIn(text: string, { from, to }: PlainBlocks['images']): readonly Block[] {
  const blocks: Block[] = []
  const blockAt = blockReader(text)
  for (let at = from; at < to;) {
    const block = blockAt(at)
    if (block) blocks.push(block)
    at = block ? block.end : endOfLine(text, at)
  }
  return blocks
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** Reads the plain block that begins at an offset; null where none does. */
function blockReader(text: string): (start: number) => Block | null {
  const idLine = / {2}([A-Za-z0-9][\w./-]*):\n/y
  const settingLine =
    / {4}([A-Za-z]\w*): (?:([A-Za-z].*)|"([^"\\\n]*)"|'([^'\n]*)'|(0|[1-9]\d{0,8})|(\[(?:0|1|0\.\d+), ?(?:0|1|0\.\d+)\]))\n/y
  // Behind any comments no deeper line may follow, which could go on with the block.
  const whatFollows = /(?: *(?:#.*)?\n)* {0,2}(?:[^ #\n]|$)/y
  return (start) => {
    idLine.lastIndex = start
    const id = idLine.exec(text)?.[1]
    if (id === undefined || FORBIDDEN.has(id)) return null
    const offset = idLine.lastIndex + 4
    const entries = new Map<string, Entry>()
    let end = idLine.lastIndex
    let nodes = 1
    for (;;) {
      settingLine.lastIndex = end
      const match = settingLine.exec(text)
      if (!match) break
      const [line, key = '', plain, double, single, number, point] = match
      if (entries.has(key) || FORBIDDEN.has(key) || (plain !== undefined && isOdd(plain))) return null
      const keyOffset = end + 4
      const at = keyOffset + key.length + 2
      const value = point === undefined ? scalar(at, plain ?? double ?? single, number) : pointAt(at, point)
      entries.set(key, { keyOffset, value })
      nodes += value.kind === 'list' ? 3 : 1
      end += line.length
    }
    while (text[end] === '\n') end += 1
    whatFollows.lastIndex = end
    if (entries.size === 0 || !whatFollows.test(text)) return null
    const entry: Entry = { keyOffset: start + 2, value: { kind: 'map', offset, entries } }
    return { id, entry, nodes, start, end }
  }
}

/** A text, or else a number as written. */
function scalar(offset: number, text: string | undefined, number = ''): ScalarTree {
  return { kind: 'scalar', offset, value: text ?? Number(number), source: text ?? number, commentAt: null }
}

function pointAt(offset: number, point: string): ListTree {
  const [x = '', y = ''] = point.slice(1, -1).split(/, ?/)
  const second = offset + point.length - 1 - y.length
  return { kind: 'list', offset, items: [scalar(offset + 1, undefined, x), scalar(second, undefined, y)] }
}

/** Unquoted text that ends earlier than its line, or is a word with a meaning. */
function isOdd(text: string): boolean {
  return /: | #|[: ]$/.test(text) || /^(?:null|true|false)$/i.test(text)
}

/** One comment for all blocks that follow each other. */
function withComments(text: string, blocks: readonly Block[]): string {
  const pieces: string[] = []
  let from = 0
  for (const [index, { start, end }] of blocks.entries()) {
    if (blocks[index - 1]?.end !== start) {
      pieces.push(text.slice(from, start))
      from = start
    }
    if (blocks[index + 1]?.start !== end) {
      pieces.push('#'.padEnd(end - from - 1), '\n')
      from = end
    }
  }
  return pieces.join('') + text.slice(from)
}
