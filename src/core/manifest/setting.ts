import type { Json } from '../image.ts'

/** One value to be written into a manifest's text, or (undefined) to be taken out of it. */
export interface Setting {
  /** Keys from the top: `images`, the image, its setting; below `each` and a cell, or `variants` and a number in the list. */
  readonly path: Path
  readonly value: Json | undefined
}

/** Keys of maps, and numbers of list items from 0. */
export type Path = readonly (string | number)[]
