import { isAlias, isMap, isNode, isSeq, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import type { Json } from '../image.ts'
import { partsOf } from './parts.ts'
import type { Part } from './parts.ts'
import type { Path, Setting } from './setting.ts'
import { insertKey, pairOf, removeKey, replaceValue, spliced } from './splice.ts'
import type { Splice } from './splice.ts'
import { soundTree } from './parse-tree.ts'
import { valueOf } from './tree.ts'
import type { Entry, Tree } from './tree.ts'

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
 * and refused unless it says exactly what was intended and nothing else. `read` parses the old text and the new one,
 * each once; a caller that has a tree already gives it there.
 */
export function writeSettings(
  text: string,
  settings: readonly Setting[],
  read: (text: string) => Tree | null = soundTree,
): Written {
  const before = read(text)
  if (before === null) return { refused: ODD }
  const whole = valueOf(before)
  const parts = partsOf(text, before, settings)
  const stood: Stood[] = []
  const texts: string[] = []
  const scopes: Json[] = []
  let end = 0
  for (const part of parts) {
    const done = writePart(text, part, whole)
    if ('refused' in done) return done
    texts.push(text.slice(end, part.from), done.text)
    end = part.to
    scopes.push(done.scope)
    for (const [at, index] of part.indices.entries()) stood[index] = done.stood[at] ?? NOWHERE
  }
  const now = texts.join('') + text.slice(end)
  const intended = parts[0]?.depth === 0 ? (scopes[0] ?? null) : withImages(whole, scopes)
  const tree = read(now)
  if (tree === null || JSON.stringify(valueOf(tree)) !== JSON.stringify(intended)) return { refused: ODD }
  const places = settings.map(({ path, value }, index): Place => {
    const { was, offset } = stood[index] ?? NOWHERE
    const written = keyOffset(tree, path)
    if (value === undefined || written === null) return { offset, of: 'before', was }
    return { offset: written, of: 'after', was }
  })
  return { text: now, places }
}

type Stood = { readonly was: Json | undefined; readonly offset: number }

const NOWHERE: Stood = { was: undefined, offset: 0 }

function withImages(whole: Json, changed: readonly Json[]): Json {
  const images = [at(whole, ['images']), ...changed].filter(isMapping)
  return withValue(whole, ['images'], Object.fromEntries(images.flatMap((some) => Object.entries(some))))
}

/** Writes the settings of one part, one after the other; `scope` is what the part says then. */
function writePart(
  text: string,
  { from, to, depth, settings }: Part,
  whole: Json,
):
  | { readonly text: string; readonly scope: Json; readonly stood: readonly Stood[] }
  | { readonly refused: string } {
  let now = text.slice(from, to)
  const [name = ''] = settings[0]?.path ?? []
  let scope: Json = depth === 0 ? whole : { [name]: at(whole, ['images', name]) ?? null }
  const stood: Stood[] = []
  for (const { path, value } of settings) {
    const target = value === undefined ? emptied(scope, path, IMAGE_SETTING - depth) : path
    const step = splicesFor(now, { path: target, value })
    if ('refused' in step) return step
    stood.push({ was: at(scope, path), offset: from + step.offset })
    now = spliced(now, step.splices)
    scope = withValue(scope, target, value)
  }
  return { text: now, scope, stood }
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
    if (!isMap(map) && !isSeq(map)) return { refused: ODD }
    if (map.anchor !== undefined && shared.has(map.anchor)) return { refused: anchored(map.anchor) }
    if (typeof key === 'number') {
      const item: unknown = map.items[key]
      if (isAlias(item)) return { refused: aliased(`variants ${key + 1}`, item.source) }
      map = item
      continue
    }
    if (isSeq(map)) return { refused: ODD }
    const rest = path.slice(depth + 1)
    const pair = pairOf(map, key)
    if (!pair) {
      if (value === undefined) return { splices: [], offset: 0 }
      return { splices: insertKey(text, map, key, nested(rest, value)), offset: 0 }
    }
    const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
    const found = pair.value
    const empty = found === null || (isNode(found) && !isMap(found) && !isSeq(found) && !isAlias(found))
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
function nested(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

/** What is to be taken out: a cell, or all cells, along with the last setting in it. */
function emptied(whole: Json, path: Path, least: number): Path {
  const parent = at(whole, path.slice(0, -1))
  if (path.length <= least || !isMapping(parent) || Object.keys(parent).length > 1) return path
  return emptied(whole, path.slice(0, -1), least)
}

/** Length of the path of an image's own setting. */
const IMAGE_SETTING = 3

function at(whole: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => {
    if (typeof key === 'number') return isList(inner) ? inner[key] : undefined
    return isMapping(inner) ? inner[key] : undefined
  }, whole)
}

function withValue(whole: Json, [key, ...rest]: Path, value: Json | undefined): Json {
  if (key === undefined) return value ?? null
  if (typeof key === 'number') {
    const list = isList(whole) ? whole : []
    return list.map((item, index) => (index === key ? withValue(item, rest, value) : item))
  }
  const map = isMapping(whole) ? whole : {}
  const { [key]: inner, ...others } = map
  if (rest.length === 0 && value === undefined) return others
  return { ...map, [key]: withValue(inner ?? null, rest, value) }
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isMapping(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keyOffset(tree: Tree, path: Path): number | null {
  let offset: number | null = null
  let inner: Tree | undefined = tree
  for (const key of path) {
    if (typeof key === 'number') {
      inner = inner?.kind === 'list' ? inner.items[key] : undefined
      continue
    }
    const entry: Entry | undefined = inner?.kind === 'map' ? inner.entries.get(key) : undefined
    if (!entry) return null
    offset = entry.keyOffset
    inner = entry.value
  }
  return offset
}
