import type { Entry, MapTree, Tree } from './tree.ts'

/** What stands in a manifest beside its images. */
export function headOf(tree: Tree): MapTree {
  const entries = tree.kind === 'map' ? [...tree.entries].filter(([key]) => key !== 'images') : []
  return { kind: 'map', offset: tree.offset, entries: new Map(entries) }
}

/** One line of JSON. */
export function printHead(head: MapTree): string {
  return JSON.stringify(head, (_, value: unknown) => (value instanceof Map ? [...value] : value))
}

/** A printed head; null when it is damaged. */
export function parseHead(text: string): MapTree | null {
  try {
    const tree = treeOf(JSON.parse(text))
    return tree.kind === 'map' ? tree : null
  } catch {
    return null
  }
}

/** Throws for what is no tree. */
function treeOf(given: unknown): Tree {
  const { kind, offset, entries, items, value, source, commentAt } = propertiesOf(given)
  if (!isOffset(offset)) throw new Error('no offset')
  if (kind === 'map' && Array.isArray(entries))
    return { kind, offset, entries: new Map(entries.map(entryOf)) }
  if (kind === 'list' && Array.isArray(items)) return { kind, offset, items: items.map(treeOf) }
  const isScalar = kind === 'scalar' && isPlain(value) && typeof source === 'string'
  if (!isScalar || !(commentAt === null || isOffset(commentAt))) throw new Error('no tree')
  return { kind, offset, value, source, commentAt }
}

function entryOf(given: unknown): [string, Entry] {
  if (!Array.isArray(given) || typeof given[0] !== 'string') throw new Error('no entry')
  const { keyOffset, value } = propertiesOf(given[1])
  if (!isOffset(keyOffset)) throw new Error('no offset')
  return [given[0], { keyOffset, value: treeOf(value) }]
}

function propertiesOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null) throw new Error('no object')
  return { ...given }
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
