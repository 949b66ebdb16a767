import { isMap, isScalar, isSeq } from 'yaml'
import type { Node, Pair, YAMLMap } from 'yaml'
import type { Json } from '../image.ts'
import { flowText, quoteOf } from './flow-text.ts'
import type { Quote } from './flow-text.ts'

/** One change of a text: what stands from `at` up to `end` gives way to `text`. */
export interface Splice {
  readonly at: number
  readonly end: number
  readonly text: string
}

/** The text with every splice done; they must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const fromTheEnd = [...splices].sort((a, b) => b.at - a.at)
  return fromTheEnd.reduce((now, { at, end, text }) => now.slice(0, at) + text + now.slice(end), text)
}

/** Name of a pair's key as the manifest's reader sees it. */
export function keyName(pair: Pair): string {
  if (!isScalar(pair.key)) return ''
  return typeof pair.key.value === 'string' ? pair.key.value : (pair.key.source ?? '')
}

/** The pair of a map with that key. Documents for splicing are parsed with `keepSourceTokens`. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyName(pair) === key)
}

/** Puts another value in the place of a pair's. */
export function replaceValue(text: string, map: YAMLMap, pair: Pair, value: Json): readonly Splice[] {
  const node = valueNode(pair)
  const [start, end] = node?.range ?? [0, 0]
  if (!node || start === end) {
    const colon = colonEnd(pair)
    const at = colon ?? keyEnd(pair)
    return [{ at, end: at, text: `${colon === null ? ':' : ''} ${flowText(value, siblingQuote(map))}` }]
  }
  const block = (isMap(node) || isSeq(node)) && node.flow !== true
  const own = quoteOf(node)
  const after = flowText(value, own === '' ? siblingQuote(map) : own)
  if (block) return [{ at: colonEnd(pair) ?? start, end: trimmedEnd(text, end), text: ` ${after}` }]
  // The range of a block of text takes its last line break along.
  return [{ at: start, end: isBlockText(node) ? trimmedEnd(text, end) : end, text: after }]
}

/** Adds a key to a map, behind what is there and in the way that is written. */
export function insertKey(text: string, map: YAMLMap, key: string, value: Json): readonly Splice[] {
  const quote = siblingQuote(map)
  const entry = `${flowText(key, quote)}: ${flowText(value, quote)}`
  const last = map.items.at(-1)
  if (!last) return insertInEmpty(text, map, entry)
  return map.flow === true ? insertInFlow(text, map, { last, entry }) : insertInBlock(text, last, entry)
}

/** Takes a key out of a map that has others; null where it shares its line with something else. */
export function removeKey(text: string, map: YAMLMap, pair: Pair): readonly Splice[] | null {
  if (map.flow === true) return removeFromFlow(text, pair)
  const start = keyStart(pair)
  const from = lineStart(text, start)
  if (text.slice(from, start).trim() !== '') return null
  const to = lineEnd(text, trimmedEnd(text, endOf(pair)))
  if (to < text.length) return [{ at: from, end: nextLine(text, to), text: '' }]
  return [{ at: from - eolBefore(text, from).length, end: to, text: '' }]
}

function insertInEmpty(text: string, map: YAMLMap, entry: string): readonly Splice[] {
  const [start, end] = map.range ?? [0, 0]
  const blank = text.slice(start + 1, end - 1).trim() === ''
  return [{ at: start + 1, end: blank ? end - 1 : start + 1, text: ` ${entry} ` }]
}

function insertInBlock(text: string, last: Pair, entry: string): readonly Splice[] {
  const key = keyStart(last)
  const indent = ' '.repeat(key - lineStart(text, key))
  const end = endOf(last)
  const leaf = lastLeaf(last)
  if (leaf && isBlockText(leaf) && /^[|>]\d?\+/.test(text.slice(leaf.range?.[0]))) {
    // Its trailing blank lines belong to the text.
    const broken = text.slice(0, end).endsWith('\n')
    const eol = eolOf(text, end)
    return [{ at: end, end, text: broken ? `${indent}${entry}${eol}` : `${eol}${indent}${entry}` }]
  }
  const at = behindComments(text, lineEnd(text, trimmedEnd(text, end)), indent.length)
  return [{ at, end: at, text: `${eolOf(text, at)}${indent}${entry}` }]
}

/** Comments that follow, indented as deep as the keys of the map or deeper, belong to what is above them. */
function behindComments(text: string, at: number, indent: number): number {
  let end = at
  for (;;) {
    const from = nextLine(text, end)
    const [line = ''] = /^[^\r\n]*/.exec(text.slice(from)) ?? []
    const depth = line.length - line.trimStart().length
    if (from === end || depth < indent || !line.trimStart().startsWith('#')) return end
    end = from + line.length
  }
}

function insertInFlow(
  text: string,
  map: YAMLMap,
  { last, entry }: { readonly last: Pair; readonly entry: string },
): readonly Splice[] {
  const close = (map.range?.[1] ?? 1) - 1
  const end = endOf(last)
  const key = keyStart(last)
  const from = lineStart(text, key)
  const [comma] = /^[ \t]*,/.exec(text.slice(end)) ?? []
  const ownLine = from > (map.range?.[0] ?? 0) && text.slice(from, key).trim() === ''
  if (!ownLine) return [{ at: end, end, text: `, ${entry}` }]
  const line = `${eolOf(text, end)}${text.slice(from, key)}${entry}`
  const at = lineEnd(text, end)
  if (at > close) return [{ at: end, end, text: `,${line}` }]
  if (comma !== undefined) return [{ at, end: at, text: `${line},` }]
  if (at === end) return [{ at, end: at, text: `,${line}` }]
  return [
    { at: end, end, text: ',' },
    { at, end: at, text: line },
  ]
}

/** The pair goes with one comma: the one behind it, or in front of a last pair. */
function removeFromFlow(text: string, pair: Pair): readonly Splice[] | null {
  const start = keyStart(pair)
  const end = endOf(pair)
  const [behind] = /^\s*,/.exec(text.slice(end)) ?? []
  const after = end + (behind?.length ?? 0)
  const from = lineStart(text, start)
  const to = lineEnd(text, after)
  const alone = text.slice(from, start).trim() === '' && text.slice(after, to).trim() === ''
  if (behind !== undefined) {
    if (alone) return [{ at: from, end: nextLine(text, to), text: '' }]
    return [{ at: start, end: after + (/^[ \t]*/.exec(text.slice(after))?.[0].length ?? 0), text: '' }]
  }
  const comma = pair.srcToken?.start.find(({ type }) => type === 'comma')?.offset
  if (comma === undefined) return null
  if (text.slice(comma + 1, start).trim() === '' && !alone) return [{ at: comma, end, text: '' }]
  return [
    { at: comma, end: comma + 1, text: '' },
    alone ? { at: from, end: nextLine(text, to), text: '' } : { at: start, end, text: '' },
  ]
}

function valueNode(pair: Pair): Node | null {
  const { value } = pair
  return typeof value === 'object' && value !== null && 'range' in value ? (value as Node) : null
}

function lastLeaf(pair: Pair): Node | null {
  const node = valueNode(pair)
  const last = isMap(node) && node.flow !== true ? node.items.at(-1) : undefined
  return last ? lastLeaf(last) : node
}

function isBlockText(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
}

function siblingQuote(map: YAMLMap): Quote {
  return quoteOf(map.items.at(-1)?.key)
}

function keyStart(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
}

function keyEnd(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) : 0
}

function colonEnd(pair: Pair): number | null {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind')
  return colon ? colon.offset + 1 : null
}

/** Where a pair ends: its value, or its colon where the value is empty. */
function endOf(pair: Pair): number {
  const [start, end] = valueNode(pair)?.range ?? [0, 0]
  return start === end ? (colonEnd(pair) ?? keyEnd(pair)) : end
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Where the line of an offset ends, before its line break. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at)
  if (found === -1) return text.length
  return text[found - 1] === '\r' && found > at ? found - 1 : found
}

function nextLine(text: string, end: number): number {
  const found = text.indexOf('\n', end)
  return found === -1 ? end : found + 1
}

function eolBefore(text: string, at: number): string {
  return /\r?\n$/.exec(text.slice(0, at))?.[0] ?? ''
}

/** The line break of a line, or of the file where the line is its last. */
function eolOf(text: string, at: number): string {
  const found = text.indexOf('\n', at)
  const crlf = found === -1 ? text.includes('\r\n') : text[found - 1] === '\r'
  return crlf ? '\r\n' : '\n'
}
