import type { Recipe } from './image.ts'
import { shapedSize } from './recipes.ts'

/** A point as shares of width and height, 0..1, three decimals. */
export type FocalPoint = readonly [x: number, y: number]

/** Whole pixels from the upper left corner. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * The largest rectangle of the recipe's shape, with the focal point as near to its centre as the edges allow. Equal
 * arguments give one rectangle, so that every width of an image shows the same part of it.
 */
export function cropAround(
  original: { readonly width: number; readonly height: number },
  recipe: Pick<Recipe, 'aspect'>,
  focus: FocalPoint,
): Rectangle {
  const { width, height } = shapedSize(original, { aspect: recipe.aspect, fit: 'cover' })
  return {
    left: clamp(Math.round(focus[0] * original.width - width / 2), original.width - width),
    top: clamp(Math.round(focus[1] * original.height - height / 2), original.height - height),
    width,
    height,
  }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}
