import { idMistake } from './ids.ts'
import type { Report } from './report.ts'
import type { Entry, MapTree, Tree } from './tree.ts'

/** One image as written, its matrix cell filled in but nothing inherited yet. */
export interface WrittenImage {
  readonly id: string
  readonly offset: number
  readonly own: MapTree
  /** Values of the axes by name; empty for an image without a matrix. */
  readonly variables: Readonly<Record<string, string>>
}

/** Every image of the `images` map, one for each combination of its matrix, in written order. Ids are checked. */
export function writtenImages(images: MapTree, report: Report): readonly WrittenImage[] {
  const all: WrittenImage[] = []
  for (const [id, { keyOffset, value }] of images.entries) {
    if (value.kind !== 'map') continue
    const cells = value.entries.has('matrix')
      ? matrixCells(id, value, report)
      : [{ suffix: '', variables: {} }]
    for (const cell of cells) {
      const full = cell.suffix === '' ? id : `${id}-${cell.suffix}`
      const mistake = idMistake(full)
      if (mistake !== null) report('image/id', keyOffset, mistake, full)
      else
        all.push({ id: full, offset: keyOffset, own: cellMap(value, cell.suffix), variables: cell.variables })
    }
  }
  return all
}

interface Cell {
  readonly suffix: string
  readonly variables: Readonly<Record<string, string>>
}

const MOST_CELLS = 10_000

function matrixCells(id: string, image: MapTree, report: Report): readonly Cell[] {
  const matrix = image.entries.get('matrix')
  if (matrix?.value.kind !== 'map') return []
  let cells: readonly Cell[] = [{ suffix: '', variables: {} }]
  for (const [axis, entry] of matrix.value.entries) {
    const values = axisValues(entry.value)
    if (values.length === 0) {
      report(
        'image/matrix',
        entry.keyOffset,
        `The axis "${axis}" has no values, so "${id}" would make no image. Give it values or take it out.`,
        id,
      )
      return []
    }
    if (cells.length * values.length > MOST_CELLS) {
      report(
        'image/matrix',
        matrix.keyOffset,
        `The matrix of "${id}" makes more than ${MOST_CELLS} images.`,
        id,
      )
      return []
    }
    cells = cells.flatMap((cell) =>
      values.map((value) => ({
        suffix: [cell.suffix, slug(value)].filter((part) => part !== '').join('-'),
        variables: { ...cell.variables, [axis]: value },
      })),
    )
  }
  const seen = new Map<string, Cell>()
  for (const cell of cells) {
    const twin = seen.get(cell.suffix)
    if (twin) {
      const both = [twin, cell].map(({ variables }) => Object.values(variables).join(' + ')).join(' and ')
      report(
        'image/matrix',
        matrix.keyOffset,
        `Two cells of "${id}" get one id, "${id}-${cell.suffix}": ${both}. Rename a value.`,
        id,
      )
    }
    seen.set(cell.suffix, cell)
  }
  checkEach(id, image, { cells: seen, report })
  return [...seen.values()]
}

function checkEach(
  id: string,
  image: MapTree,
  { cells, report }: { readonly cells: ReadonlyMap<string, Cell>; readonly report: Report },
): void {
  const each = image.entries.get('each')?.value
  if (each?.kind !== 'map') return
  for (const [name, { keyOffset }] of each.entries) {
    if (!cells.has(name)) {
      const known = [...cells.keys()].slice(0, 8).join(', ')
      report('image/matrix', keyOffset, `"${id}" has no cell "${name}". Its cells: ${known}.`, id)
    }
  }
}

function axisValues(tree: Tree): readonly string[] {
  if (tree.kind !== 'list') return []
  return tree.items.flatMap((item) => {
    if (item.kind !== 'scalar' || item.value === null) return []
    return [typeof item.value === 'string' ? item.value : item.source]
  })
}

/** A value as part of an id: blanks become hyphens. */
function slug(value: string): string {
  return value.normalize('NFC').trim().replaceAll(/\s+/g, '-')
}

/** The image's own settings with those of one cell on top. */
function cellMap(image: MapTree, suffix: string): MapTree {
  const each = image.entries.get('each')?.value
  const cell = each?.kind === 'map' ? each.entries.get(suffix)?.value : undefined
  return cell?.kind === 'map' ? mergeMaps(image, cell) : image
}

const MERGED: ReadonlySet<string> = new Set(['params', 'outputs', 'policy', 'quality', 'effort'])

/** One map over another: settings that are maps merge per key, others replace, `null` takes a value back. */
export function mergeMaps(base: MapTree | null, over: MapTree | null): MapTree {
  const entries = new Map<string, Entry>(base?.entries)
  for (const [key, entry] of over?.entries ?? []) {
    const below = entries.get(key)
    if (entry.value.kind === 'scalar' && entry.value.value === null && entry.value.source !== '""') {
      entries.delete(key)
    } else if (MERGED.has(key) && below?.value.kind === 'map' && entry.value.kind === 'map') {
      entries.set(key, { keyOffset: entry.keyOffset, value: mergeMaps(below.value, entry.value) })
    } else entries.set(key, entry)
  }
  return { kind: 'map', offset: over?.offset ?? base?.offset ?? 0, entries }
}
