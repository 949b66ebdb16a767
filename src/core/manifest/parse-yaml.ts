import { Composer, isAlias, isMap, isPair, isScalar, isSeq, Parser } from 'yaml'
import type { Document, Scalar } from 'yaml'
import { deepOffset } from './deep-offset.ts'
import type { Report } from './report.ts'
import { BRACES, TOO_DEEP, reportSyntax } from './syntax.ts'
import { FORBIDDEN } from './tree.ts'
import type { Entry, ScalarTree, Tree } from './tree.ts'

/** Expanded nodes may be so many times the written ones before it counts as a bomb. */
const MOST_GROWTH = 10
const FREE_NODES = 20_000
const DEEPEST = 40

/**
 * Parses YAML into a tree; tells syntax errors, duplicate keys (in linear time), names that may not be keys, and alias
 * bombs. Null, with a problem told, when there is no usable tree. `elsewhere` are nodes that were written in the text and
 * read already.
 */
export function parseYaml(text: string, report: Report, elsewhere = 0): Tree | null {
  const document = documentOf(text, report)
  if (document === null) return null
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    report(
      'manifest/missing-key',
      offsetOf(contents),
      'The manifest is empty. "pixelkiln init" in a new folder shows a first one.',
    )
    return null
  }
  const state: Conversion = {
    text,
    anchors: new Map(),
    sizes: new Map(),
    report,
    firstAlias: 0,
    written: elsewhere,
    expanded: elsewhere,
    levels: 0,
  }
  const tree = convert(contents, state, 0)
  if (state.expanded > FREE_NODES && state.expanded > state.written * MOST_GROWTH) {
    report(
      'manifest/alias-bomb',
      state.firstAlias,
      'Its aliases multiply to far more than what is written. Write the values out, or use "styles".',
    )
    return null
  }
  return tree
}

/** The one document of a text; null when YAML itself has a mistake, and every such mistake is told. */
function documentOf(text: string, report: Report): Document | null {
  const tokens = [...new Parser().parse(text)]
  const deep = deepOffset(tokens, DEEPEST)
  if (deep !== null) {
    report('manifest/syntax', deep, TOO_DEEP)
    return null
  }
  // Duplicate keys are found in `addEntry`; the library's own search is quadratic.
  const documents = new Composer({ uniqueKeys: false }).compose(tokens, true, text.length)
  const [document, second] = [...documents]
  if (!document) return null
  reportSyntax(document, text, report)
  if (second) report('manifest/syntax', second.range[0], SECOND_DOCUMENT)
  return document.errors.length > 0 || second ? null : document
}

interface Conversion {
  readonly text: string
  readonly anchors: Map<string, Tree | null>
  /** Of anchored trees: their nodes with aliases written out, and the levels below them. */
  readonly sizes: Map<Tree, { readonly nodes: number; readonly levels: number }>
  readonly report: Report
  firstAlias: number
  written: number
  expanded: number
  /** The deepest level met since the innermost anchor. */
  levels: number
}

function convert(node: unknown, state: Conversion, depth: number): Tree {
  state.written += 1
  const offset = offsetOf(node)
  state.levels = Math.max(state.levels, depth)
  if (isAlias(node)) return convertAlias(node.source, state, { offset, depth })
  const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor ? node.anchor : null
  state.expanded += 1
  if (anchor === null) return convertPlain(node, state, depth)
  const { expanded, levels } = state
  state.anchors.set(anchor, null)
  state.levels = depth
  const tree = convertPlain(node, state, depth)
  state.anchors.set(anchor, tree)
  state.sizes.set(tree, { nodes: state.expanded - expanded + 1, levels: state.levels - depth })
  state.levels = Math.max(state.levels, levels)
  return tree
}

function convertAlias(
  name: string,
  state: Conversion,
  { offset, depth }: { readonly offset: number; readonly depth: number },
): Tree {
  const target = state.anchors.get(name)
  if (target === undefined) return refuse(offset, `The alias *${name} names no anchor above it.`, state)
  if (target === null) return refuse(offset, `The alias *${name} stands inside what it names.`, state)
  const { nodes, levels } = state.sizes.get(target) ?? { nodes: 1, levels: 0 }
  state.expanded += nodes
  state.levels = Math.max(state.levels, depth + levels)
  if (state.firstAlias === 0) state.firstAlias = offset
  return depth + levels > DEEPEST ? refuse(offset, TOO_DEEP, state) : target
}

function convertPlain(node: unknown, state: Conversion, depth: number): Tree {
  const offset = offsetOf(node)
  if (isMap(node)) {
    if (node.items.some((pair) => isMap(pair.key))) {
      state.report('image/variable', offset, BRACES)
      return { kind: 'scalar', offset, value: '…', source: '…', commentAt: null }
    }
    const entries = new Map<string, Entry>()
    for (const pair of node.items) {
      if (isPair(pair)) addEntry(entries, pair, { state, depth })
    }
    return { kind: 'map', offset, entries }
  }
  if (isSeq(node)) {
    return { kind: 'list', offset, items: node.items.map((item) => convert(item, state, depth + 1)) }
  }
  return isScalar(node) ? convertScalar(node, state) : emptyAt(offset)
}

function convertScalar(node: Scalar, { text, report }: Conversion): ScalarTree {
  const offset = offsetOf(node)
  const { value, source = '' } = node
  if (typeof value === 'number' && !Number.isFinite(value)) {
    report('manifest/wrong-value', offset, `${source} is not a number that can be used here.`)
    return { kind: 'scalar', offset, value: 0, source, commentAt: null }
  }
  const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return {
    kind: 'scalar',
    offset,
    // What a YAML 1.1 file reads as a date or as bytes was meant as text.
    value: simple || value === null ? value : source,
    source,
    commentAt: node.type === 'PLAIN' ? commentAfter(text, node.range?.[1] ?? text.length, /[ \t]+#/y) : null,
  }
}

/** Offset of the `#` where a comment follows; `lead` is sticky and ends with the `#`. */
function commentAfter(text: string, offset: number, lead: RegExp): number | null {
  lead.lastIndex = offset
  return lead.test(text) ? lead.lastIndex - 1 : null
}

const SECOND_DOCUMENT = 'A manifest is one YAML document; here a second one begins ("---"). Take it out.'
const MERGE = 'YAML merge keys ("<<") are not used here; put what images share under "defaults" or "styles".'

function addEntry(
  entries: Map<string, Entry>,
  pair: { readonly key: unknown; readonly value: unknown },
  { state, depth }: { readonly state: Conversion; readonly depth: number },
): void {
  const { report, text } = state
  const keyOffset = offsetOf(pair.key)
  if (!isScalar(pair.key)) {
    report('manifest/syntax', keyOffset, 'A key must be plain text.')
    return
  }
  const { value: name, source, range } = pair.key
  const key = typeof name === 'string' ? name : (source ?? '')
  if (key === '<<' || FORBIDDEN.has(key)) {
    const message = key === '<<' ? MERGE : `"${key}" cannot be a name in a manifest. Choose another.`
    report('manifest/unknown-key', keyOffset, message)
    return
  }
  if (entries.has(key)) {
    const message = `"${key}" stands here twice; the second would silently win. Keep one.`
    report('manifest/duplicate-key', keyOffset, message)
    return
  }
  const value = isNothing(pair.value) ? emptyAt(keyOffset) : convert(pair.value, state, depth + 1)
  const empty = value.kind === 'scalar' && value.value === null && value.source === ''
  const commentAt = empty ? commentAfter(text, range?.[1] ?? text.length, /[ \t]*:[ \t]+#/y) : null
  entries.set(key, { keyOffset, value: commentAt === null ? value : { ...emptyAt(keyOffset), commentAt } })
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function refuse(offset: number, message: string, state: Conversion): Tree {
  state.report('manifest/syntax', offset, message)
  return emptyAt(offset)
}

function emptyAt(offset: number): ScalarTree {
  return { kind: 'scalar', offset, value: null, source: '', commentAt: null }
}

function offsetOf(node: unknown): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : null
  return range?.[0] ?? 0
}
