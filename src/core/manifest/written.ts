import { nearest } from '../nearest.ts'
import { idMistake } from './ids.ts'
import { isNull, mergeMaps } from './merge-maps.ts'
import type { Report } from './report.ts'
import type { MapTree, Tree } from './tree.ts'
import { variantImages } from './variants.ts'

/** One image as written, its matrix cell filled in but nothing inherited yet. */
export interface WrittenImage {
  readonly id: string
  readonly offset: number
  readonly own: MapTree
  /** Values of the axes by name; empty for an image without a matrix. */
  readonly variables: Readonly<Record<string, string>>
  /** The image in whose place it is shown, and where; null for an image that was named itself. */
  readonly variant: { readonly of: string; readonly media: string } | null
}

/** Every image of the `images` map, one for each combination of its matrix, each followed by its variants, in written order. Ids are checked. */
export function writtenImages(images: MapTree, report: Report): readonly WrittenImage[] {
  const all: WrittenImage[] = []
  for (const [id, { keyOffset, value }] of images.entries) {
    const mistake = idMistake(id)
    if (mistake !== null) report('image/id', keyOffset, mistake, id)
    if (value.kind !== 'map' || mistake !== null) continue
    const each = eachOf(value)
    const cells = cellsOf(id, value, report)
    if (cells.length > 1 && all.length + cells.length > MOST_IMAGES) {
      report('image/matrix', keyOffset, `With "${id}" the manifest has more than ${MOST_IMAGES} images.`, id)
      return all
    }
    for (const { suffix, variables, offset } of cells) {
      const full = suffix === '' ? id : `${id}-${suffix}`
      const wrong = suffix === '' ? null : idMistake(full)
      if (wrong !== null) report('image/id', offset, wrong, full)
      else {
        const own = mergeMaps(value, each.get(suffix) ?? null, { keepNulls: true })
        const image = { id: full, offset: keyOffset, own, variables, variant: null }
        all.push(image, ...variantImages(image, report))
      }
    }
  }
  return all
}

interface Cell {
  readonly suffix: string
  readonly variables: Readonly<Record<string, string>>
  /** Of the value that was added last, for complaints about the id it makes. */
  readonly offset: number
}

/** A few lines can ask for any number of images; so many would be a slip of the pen. */
const MOST_CELLS = 10_000
const MOST_IMAGES = 100_000
const NO_MATRIX: Cell = { suffix: '', variables: {}, offset: 0 }

/** The cells of an image's matrix; one without a suffix where there is no matrix, none where the matrix makes no sense. */
function cellsOf(id: string, image: MapTree, report: Report): readonly Cell[] {
  const matrix = image.entries.get('matrix')
  const each = image.entries.get('each')
  if (!matrix || isNull(matrix.value)) {
    if (each && !isNull(each.value)) {
      report('image/matrix', each.keyOffset, `"${id}" has "each" and no "matrix" that it could be about.`, id)
    }
    return [NO_MATRIX]
  }
  if (matrix.value.kind !== 'map') return []
  if (matrix.value.entries.size === 0) {
    report(
      'image/matrix',
      matrix.keyOffset,
      `The matrix of "${id}" has no axes. Name one, or take it out.`,
      id,
    )
  }
  let cells: readonly Cell[] = [NO_MATRIX]
  for (const [axis, { keyOffset, value }] of matrix.value.entries) {
    const values = axisValues(value)
    const mistake = axisMistake({ id, axis, value, values, cells: cells.length })
    if (mistake !== null) report('image/matrix', keyOffset, mistake, id)
    if (mistake !== null || values.length === 0) return []
    cells = cells.flatMap((cell) =>
      values.map(({ text, offset }) => ({
        suffix: [cell.suffix, slug(text)].filter((part) => part !== '').join('-'),
        variables: { ...cell.variables, [axis]: text },
        offset,
      })),
    )
  }
  const distinct = distinctCells(id, cells, report)
  checkEach(id, image, { cells: distinct, report })
  return [...distinct.values()]
}

interface AxisValue {
  readonly text: string
  readonly offset: number
}

function axisValues(tree: Tree): readonly AxisValue[] {
  if (tree.kind !== 'list') return []
  return tree.items.flatMap((item) => {
    if (item.kind !== 'scalar' || item.value === null) return []
    return [{ text: typeof item.value === 'string' ? item.value : item.source, offset: item.offset }]
  })
}

function axisMistake(found: {
  readonly id: string
  readonly axis: string
  readonly value: Tree
  readonly values: readonly AxisValue[]
  readonly cells: number
}): string | null {
  const { id, axis, value, values, cells } = found
  if (value.kind === 'list' && value.items.length === 0)
    return `The axis "${axis}" has no values, so "${id}" would make no image. Give it values or take it out.`
  if (values.some(({ text }) => slug(text) === ''))
    return `A value of the axis "${axis}" is empty, and a part of an id cannot be. Give it a name.`
  if (cells * values.length > MOST_CELLS)
    return `The matrix of "${id}" makes more than ${MOST_CELLS} images. Split it.`
  return null
}

function distinctCells(id: string, cells: readonly Cell[], report: Report): ReadonlyMap<string, Cell> {
  const seen = new Map<string, Cell>()
  for (const cell of cells) {
    const twin = seen.get(cell.suffix)
    if (twin) {
      const both = [twin, cell].map(({ variables }) => Object.values(variables).join(' + ')).join(' and ')
      const message = `Two cells of "${id}" get one id, "${id}-${cell.suffix}": ${both}. Rename a value.`
      report('image/matrix', cell.offset, message, id)
    } else seen.set(cell.suffix, cell)
  }
  return seen
}

function checkEach(
  id: string,
  image: MapTree,
  { cells, report }: { readonly cells: ReadonlyMap<string, Cell>; readonly report: Report },
): void {
  const each = image.entries.get('each')?.value
  if (each?.kind !== 'map') return
  for (const [name, { keyOffset }] of each.entries) {
    if (cells.has(slug(name))) continue
    const near = nearest(slug(name), [...cells.keys()])
    const known = [...cells.keys()].slice(0, 8).join(', ')
    const hint = near === null ? `Its cells: ${known}.` : `Did you mean "${near}"?`
    report('image/matrix', keyOffset, `"${id}" has no cell "${name}". ${hint}`, id)
  }
}

/** A value of an axis as part of an id: blanks become hyphens. */
export function slug(value: string): string {
  return value.normalize('NFC').trim().replaceAll(/\s+/g, '-')
}

/** What `each` says, by cell. */
function eachOf(image: MapTree): ReadonlyMap<string, MapTree> {
  const each = image.entries.get('each')?.value
  if (each?.kind !== 'map') return new Map()
  return new Map(
    [...each.entries].flatMap(([name, { value }]) => (value.kind === 'map' ? [[slug(name), value]] : [])),
  )
}
