import type { Json } from '../image.ts'

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
  /** Offset of the `#` of a comment that follows unquoted text (or no text at all) on its line; null for none. */
  readonly commentAt: number | null
}

/** Names that an object of JavaScript has of itself. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

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
