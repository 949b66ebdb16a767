import type { Entry, MapTree, Tree } from './tree.ts'

const MERGED: ReadonlySet<string> = new Set(['params', 'outputs', 'policy', 'quality', 'effort'])

/** One map over another: settings that are maps merge per key, others replace, `null` takes a value back (or, with `keepNulls`, stays to take back what a third map says). */
export function mergeMaps(
  base: MapTree | null,
  over: MapTree | null,
  options: { readonly keepNulls: boolean } = { keepNulls: false },
): MapTree {
  if (base !== null && over === null) return base
  const entries = new Map<string, Entry>(base?.entries)
  for (const [key, entry] of over?.entries ?? []) {
    const { keyOffset, value } = entry
    if (isNull(value) && !options.keepNulls) entries.delete(key)
    else if (MERGED.has(key) && value.kind === 'map') {
      const below = entries.get(key)?.value
      const merged = mergeMaps(below?.kind === 'map' ? below : null, value, options)
      entries.set(key, { keyOffset, value: merged })
    } else entries.set(key, entry)
  }
  return { kind: 'map', offset: over?.offset ?? 0, entries }
}

/** True for a value that takes an inherited one back. */
export function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null
}
