import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { Json } from '../image.ts'
import type { Report } from './report.ts'

/** A value of the manifest with the offset where it was written. */
export type Tree = MapTree | ListTree | ScalarTree

export interface MapTree {
  readonly kind: 'map'
  readonly offset: number
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly keyOffset: number
  readonly value: Tree
}

export interface ListTree {
  readonly kind: 'list'
  readonly offset: number
  readonly items: readonly Tree[]
}

export interface ScalarTree {
  readonly kind: 'scalar'
  readonly offset: number
  readonly value: string | number | boolean | null
  /** As written, for numbers and words that YAML reads as something else. */
  readonly source: string
  /** Offset of a comment that follows unquoted text on its line. */
  readonly commentAfter: boolean
}

/** Expanded nodes may be so many times the written ones before it counts as a bomb. */
const MOST_GROWTH = 10
const FREE_NODES = 20_000
const DEEPEST = 40

/** Parses YAML into a tree; tells syntax errors, duplicate keys (in linear time) and alias bombs. Null when there is no usable tree. */
export function parseTree(text: string, report: Report): Tree | null {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  for (const error of document.errors) {
    const line = text.slice(text.lastIndexOf('\n', error.pos[0] - 1) + 1, error.pos[0])
    if (/:\s*\{\{/.test(line)) report('image/variable', error.pos[0], BRACES)
    else report('manifest/syntax', error.pos[0], `${syntaxWords(error)}.`)
  }
  if (document.errors.length > 0 || document.contents === null) return null
  const state: Conversion = {
    anchors: new Map(),
    weights: new Map(),
    report,
    written: 0,
    expanded: 0,
    failed: false,
  }
  const tree = convert(document.contents, state, 0)
  if (state.expanded > FREE_NODES && state.expanded > state.written * MOST_GROWTH) {
    report(
      'manifest/alias-bomb',
      0,
      'Its aliases multiply to far more than what is written. Write the values out, or use "styles".',
    )
    return null
  }
  return state.failed ? null : tree
}

interface Conversion {
  readonly anchors: Map<string, Tree | null>
  readonly weights: Map<Tree, number>
  readonly report: Report
  written: number
  expanded: number
  failed: boolean
}

function convert(node: unknown, state: Conversion, depth: number): Tree {
  state.written += 1
  const offset = offsetOf(node)
  if (depth > DEEPEST) return refuse(offset, 'It is nested too deeply.', state)
  if (isAlias(node)) return convertAlias(node.source, offset, state)
  const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor ? node.anchor : null
  if (anchor !== null) state.anchors.set(anchor, null)
  const before = state.expanded
  const tree = convertPlain(node, offset, { state, depth })
  state.expanded += 1
  state.weights.set(tree, state.expanded - before)
  if (anchor !== null) state.anchors.set(anchor, tree)
  return tree
}

function convertAlias(name: string, offset: number, state: Conversion): Tree {
  const target = state.anchors.get(name)
  if (target === undefined) return refuse(offset, `The alias *${name} names no anchor above it.`, state)
  if (target === null) return refuse(offset, `The alias *${name} stands inside what it names.`, state)
  state.expanded += state.weights.get(target) ?? 1
  return target
}

function convertPlain(
  node: unknown,
  offset: number,
  { state, depth }: { readonly state: Conversion; readonly depth: number },
): Tree {
  if (isMap(node)) {
    const entries = new Map<string, Entry>()
    for (const pair of node.items) {
      if (isPair(pair)) addEntry(entries, pair, { state, depth })
    }
    return { kind: 'map', offset, entries }
  }
  if (isSeq(node)) {
    return { kind: 'list', offset, items: node.items.map((item) => convert(item, state, depth + 1)) }
  }
  if (isScalar(node)) {
    const { value, source, type, comment } = node
    const plain = type === 'PLAIN'
    const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return {
      kind: 'scalar',
      offset,
      value: simple ? value : null,
      source: source ?? '',
      commentAfter: plain && typeof comment === 'string',
    }
  }
  return { kind: 'scalar', offset, value: null, source: '', commentAfter: false }
}

function addEntry(
  entries: Map<string, Entry>,
  pair: { readonly key: unknown; readonly value: unknown },
  { state, depth }: { readonly state: Conversion; readonly depth: number },
): void {
  const keyOffset = offsetOf(pair.key)
  const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : null
  const key =
    name === null ? null : isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : name
  if (key === null) {
    refuse(keyOffset, unquotedBraces(pair) ? BRACES : 'A key must be plain text.', state)
    return
  }
  if (entries.has(key)) {
    state.report(
      'manifest/duplicate-key',
      keyOffset,
      `"${key}" stands here twice; the second would silently win. Keep one.`,
    )
    return
  }
  const value =
    pair.value === null || pair.value === undefined
      ? emptyAt(keyOffset)
      : convert(pair.value, state, depth + 1)
  entries.set(key, { keyOffset, value })
}

const BRACES =
  'Text that begins with "{{" must be quoted: YAML reads it as a map. Write "{{name}} …" in double quotes.'

function unquotedBraces(pair: { readonly key: unknown }): boolean {
  return isMap(pair.key)
}

function refuse(offset: number, message: string, state: Conversion): Tree {
  state.failed = true
  state.report(message === BRACES ? 'image/variable' : 'manifest/syntax', offset, message)
  return emptyAt(offset)
}

function emptyAt(offset: number): ScalarTree {
  return { kind: 'scalar', offset, value: null, source: '', commentAfter: false }
}

function offsetOf(node: unknown): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null
  return range?.[0] ?? 0
}

function syntaxWords(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'TAB_AS_INDENT') return 'Tabs cannot indent YAML. Use blanks'
  if (error.code === 'MULTIPLE_DOCS')
    return 'A manifest is one YAML document; here a second one begins ("---")'
  return error.message.replace(/\.$/, '')
}

/** A tree as a plain value, offsets left behind. */
export function valueOf(tree: Tree): Json {
  switch (tree.kind) {
    case 'scalar':
      return tree.value
    case 'list':
      return tree.items.map(valueOf)
    case 'map':
      return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, valueOf(value)]))
  }
}
