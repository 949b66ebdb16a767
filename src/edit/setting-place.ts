import type { Image, Json, Manifest } from '../core/image.ts'
import { mapAt } from '../core/manifest/check-tree.ts'
import type { Path, Setting } from '../core/manifest/setting.ts'
import type { MapTree, Tree } from '../core/manifest/tree.ts'
import { slug } from '../core/manifest/written.ts'

/** A setting of one image that is to be written, or (undefined) taken out. */
export interface Wanted {
  readonly image: Image
  readonly key: 'reroll' | 'pick' | 'pin' | 'focus' | 'candidates'
  readonly value: Json | undefined
}

/** Where settings belong; or the one that belongs nowhere, and why. */
export type Placed =
  { readonly settings: readonly Setting[] } | { readonly refused: Wanted; readonly why: string }

const FOR_ALL_CELLS = 'All cells of a matrix have as many candidates: raise "candidates" there first.'

/** Finds the place of each setting: the image's own entry, for a cell of a matrix `each`, for a variant its item in `variants`. */
export function placesOf(wanted: readonly Wanted[], tree: Tree, manifest: Manifest): Placed {
  const images = mapAt(tree, 'images')
  const entries = images === null ? [] : [...images.entries]
  const names = new Map(entries.map(([name, { keyOffset }]) => [keyOffset, name]))
  const items = variantPlaces(images)
  const variants = new Set(manifest.images.flatMap((image) => image.variants.map(({ id }) => id)))
  const settings: Setting[] = []
  for (const one of wanted) {
    const { image, key, value } = one
    const item = variants.has(image.id) ? items.get(image.offset) : undefined
    const base = names.get(image.offset) ?? image.id
    if (item) {
      const others = sharing(image, manifest)
      if (others.length > 0) return { refused: one, why: forAllCells(others) }
      settings.push({ path: [...item, key], value })
    } else if (base === image.id) settings.push({ path: ['images', base, key], value })
    else {
      if (image.from !== null) return { refused: one, why: cropOfCells(base) }
      if (key === 'candidates') return { refused: one, why: FOR_ALL_CELLS }
      const cell = cellOf(image.id, base, images)
      // What all cells have is taken back for one of them by `null`.
      const inherited = value === undefined && !isWritten(images, { base, cell, key })
      settings.push({ path: ['images', base, 'each', cell, key], value: inherited ? null : value })
    }
  }
  return { settings }
}

/** Items of all `variants` by their offset, which the images made of them have too. */
function variantPlaces(images: MapTree | null): ReadonlyMap<number, Path> {
  return new Map(
    [...(images?.entries ?? [])].flatMap(([name, { value }]) => {
      const list = value.kind === 'map' ? value.entries.get('variants')?.value : undefined
      const items = list?.kind === 'list' ? list.items : []
      return items.map(({ offset }, index): [number, Path] => [offset, ['images', name, 'variants', index]])
    }),
  )
}

/** Other images made of the same lines: a variant of a matrix is one in every cell. */
function sharing({ id, offset }: Image, { images }: Manifest): readonly string[] {
  return images.filter((other) => other.offset === offset && other.id !== id).map((other) => other.id)
}

function forAllCells(others: readonly string[]): string {
  const named = others.slice(0, 3).join(', ')
  const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
  return `It is a variant of every cell of a matrix, and the same lines make ${named}${more}. Change them by hand, for all of them.`
}

function cropOfCells(base: string): string {
  return `"${base}" is a matrix of crops, and one cell of such a matrix has no settings of its own. Change "${base}" by hand, for all of them.`
}

function cellOf(id: string, base: string, images: MapTree | null): string {
  const cell = id.slice(base.length + 1)
  return [...(eachOf(images, base)?.entries.keys() ?? [])].find((name) => slug(name) === cell) ?? cell
}

function eachOf(images: MapTree | null, base: string): MapTree | null {
  return mapAt(images?.entries.get(base)?.value, 'each')
}

function isWritten(
  images: MapTree | null,
  { base, cell, key }: { readonly base: string; readonly cell: string; readonly key: string },
): boolean {
  const cells = eachOf(images, base)
  return (cells ? mapAt(cells, cell) : null)?.entries.has(key) === true
}
