import type { Palette } from './palette.ts'
import type { Random } from './random.ts'
import type { Defs } from './svg.ts'
import type { Words } from './words.ts'

/** All a scene draws with. */
export interface Stage {
  readonly width: number
  readonly height: number
  /** A thousandth of the side of a square with the picture's area: sizes in it look alike in every shape. */
  readonly unit: number
  readonly palette: Palette
  readonly random: Random
  readonly words: Words
  readonly defs: Defs
  /** What the prompt puts in quotation marks, to be lettered; empty for nothing. */
  readonly lettering: string
}

/** Draws a whole picture: SVG elements that cover the stage. The lower left is often hidden by the caption. */
export type Scene = (stage: Stage) => string
