import type { Catalog } from '../catalog.ts'
import type { Source } from '../source.ts'
import { parseTree } from './parse-tree.ts'
import { readTree } from './read-tree.ts'
import type { ManifestReading } from './read-tree.ts'

/** Reads a manifest's text: YAML, structure, names, styles, matrix and requests; all mistakes at once, each with its place. */
export function readManifest(source: Source, catalog: Catalog): ManifestReading {
  return readTree(source, catalog, parseTree)
}
