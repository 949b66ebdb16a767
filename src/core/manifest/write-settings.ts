import { isAlias, isMap, isNode, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import type { Json } from '../image.ts'
import { insertKey, pairOf, removeKey, replaceValue, spliced } from './splice.ts'
import type { Splice } from './splice.ts'
import { parseTree, valueOf } from './tree.ts'
import type { Entry, Tree } from './tree.ts'

/** One value to be written into a manifest's text, or (undefined) to be taken out of it. */
export interface Setting {
  /** Keys from the top: `images`, the image, its setting; or `images`, the image, `each`, the cell, its setting. */
  readonly path: readonly string[]
  readonly value: Json | undefined
}

/** Where a setting stands in the new text; one that was taken out, where it stood in the old one. */
export interface Place {
  readonly offset: number
  readonly of: 'before' | 'after'
  /** The value that stood there; undefined for none. */
  readonly was: Json | undefined
}

/** The new text with the place of each setting, or why there is none. */
export type Written =
  { readonly text: string; readonly places: readonly Place[] } | { readonly refused: string }

/**
 * Writes settings into the text of a sound manifest and leaves every other byte as it is. The new text is read again,
 * and refused unless it says exactly what was intended and nothing else.
 */
export function writeSettings(text: string, settings: readonly Setting[]): Written {
  let now = text
  let intended = readBack(text)
  const stood: { readonly was: Json | undefined; readonly offset: number }[] = []
  for (const setting of settings) {
    const path = setting.value === undefined ? emptied(intended, setting.path) : setting.path
    const step = splicesFor(now, { ...setting, path })
    if ('refused' in step) return step
    stood.push({ was: at(intended, setting.path), offset: step.offset })
    now = spliced(now, step.splices)
    intended = withValue(intended, path, setting.value)
  }
  const tree = treeOf(now)
  if (tree === null || JSON.stringify(valueOf(tree)) !== JSON.stringify(intended)) return { refused: ODD }
  const places = settings.map(({ path, value }, index): Place => {
    const { was, offset } = stood[index] ?? { was: undefined, offset: 0 }
    const written = keyOffset(tree, path)
    if (value === undefined || written === null) return { offset, of: 'before', was }
    return { offset: written, of: 'after', was }
  })
  return { text: now, places }
}

const ODD =
  'It is written in a way that cannot be edited without changing something else as well. Change it by hand.'

function splicesFor(
  text: string,
  { path, value }: Setting,
): { readonly splices: readonly Splice[]; readonly offset: number } | { readonly refused: string } {
  const document = parseDocument(text, { uniqueKeys: false, keepSourceTokens: true })
  const shared = sharedAnchors(document)
  let map: unknown = document.contents
  for (const [depth, key] of path.entries()) {
    if (!isMap(map)) return { refused: ODD }
    if (map.anchor !== undefined && shared.has(map.anchor)) return { refused: anchored(map.anchor) }
    const rest = path.slice(depth + 1)
    const pair = pairOf(map, key)
    if (!pair) {
      if (value === undefined) return { splices: [], offset: 0 }
      return { splices: insertKey(text, map, key, nested(rest, value)), offset: 0 }
    }
    const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
    const found = pair.value
    const empty = found === null || (isNode(found) && !isMap(found) && !isAlias(found))
    if (rest.length === 0 || empty) {
      if (isNode(found) && !isAlias(found) && found.anchor !== undefined && shared.has(found.anchor))
        return { refused: anchored(found.anchor) }
      return done(
        value === undefined ? removeKey(text, map, pair) : replaceValue(text, map, pair, nested(rest, value)),
        offset,
      )
    }
    if (isAlias(found)) return { refused: aliased(key, found.source) }
    map = found
  }
  return { refused: ODD }
}

function done(
  splices: readonly Splice[] | null,
  offset: number,
): { readonly splices: readonly Splice[]; readonly offset: number } | { readonly refused: string } {
  return splices === null ? { refused: ODD } : { splices, offset }
}

function anchored(name: string): string {
  return `It would be written into what the anchor &${name} names, and "*${name}" takes it elsewhere as well. Write it out here by hand.`
}

function aliased(key: string, name: string): string {
  return `"${key}" is written as the alias *${name}, so a change would be made at its anchor as well. Write it out here by hand.`
}

/** Anchors that some alias names. */
function sharedAnchors(document: Document): ReadonlySet<string> {
  const names = new Set<string>()
  visit(document, { Alias: (_, { source }) => void names.add(source) })
  return names
}

/** A value with the maps that have to be made around it. */
function nested(path: readonly string[], value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

/** What is to be taken out: a cell, or all cells, along with the last setting in it. */
function emptied(whole: Json, path: readonly string[]): readonly string[] {
  const parent = at(whole, path.slice(0, -1))
  if (path.length <= IMAGE_SETTING || !isMapping(parent) || Object.keys(parent).length > 1) return path
  return emptied(whole, path.slice(0, -1))
}

/** Length of the path of an image's own setting. */
const IMAGE_SETTING = 3

function at(whole: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (isMapping(inner) ? inner[key] : undefined), whole)
}

function withValue(whole: Json, [key, ...rest]: readonly string[], value: Json | undefined): Json {
  if (key === undefined) return value ?? null
  const map = isMapping(whole) ? whole : {}
  const { [key]: inner, ...others } = map
  if (rest.length === 0 && value === undefined) return others
  return { ...map, [key]: withValue(inner ?? null, rest, value) }
}

function isMapping(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function treeOf(text: string): Tree | null {
  let sound = true
  const tree = parseTree(text, () => {
    sound = false
  })
  return sound ? tree : null
}

function readBack(text: string): Json {
  const tree = treeOf(text)
  return tree === null ? null : valueOf(tree)
}

function keyOffset(tree: Tree, path: readonly string[]): number | null {
  let offset: number | null = null
  let inner: Tree | undefined = tree
  for (const key of path) {
    const entry: Entry | undefined = inner?.kind === 'map' ? inner.entries.get(key) : undefined
    if (!entry) return null
    offset = entry.keyOffset
    inner = entry.value
  }
  return offset
}
