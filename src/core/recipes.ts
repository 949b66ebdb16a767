import type { Aspect } from './aspect.ts'
import type { Format, Recipe } from './image.ts'

/** One file to be made: its exact pixel size. */
export interface OutputSpec {
  readonly format: Format
  readonly width: number
  readonly height: number
}

/** The size in pixels of what is left of an original once it has the recipe's shape; `contain` never loses a pixel. */
export function shapedSize(
  original: { readonly width: number; readonly height: number },
  recipe: Pick<Recipe, 'aspect' | 'fit'>,
): Aspect {
  const { width, height } = original
  const ratio = recipe.aspect.width / recipe.aspect.height
  const wider = width / height > ratio
  if (recipe.fit === 'contain') {
    return wider
      ? { width, height: Math.max(1, Math.round(width / ratio)) }
      : { width: Math.max(1, Math.round(height * ratio)), height }
  }
  return wider
    ? { width: Math.max(1, Math.round(height * ratio)), height }
    : { width, height: Math.max(1, Math.round(width / ratio)) }
}

/**
 * Every file a recipe makes of an original: per format, widths ascending. Never upscaled: a width beyond the shaped
 * original is made once, at the original's own width.
 */
export function outputsOf(
  recipe: Recipe,
  original: { readonly width: number; readonly height: number },
): readonly OutputSpec[] {
  const shaped = shapedSize(original, recipe)
  const widths = [...new Set(recipe.widths.map((width) => Math.min(width, shaped.width)))].sort(
    (a, b) => a - b,
  )
  return recipe.formats.flatMap((format) =>
    widths.map((width) => ({
      format,
      width,
      height: Math.max(1, Math.round((width * shaped.height) / shaped.width)),
    })),
  )
}

/** The name of an output below the asset folder, from the recipe's template. `key` is its `OutputKey`. */
export function outputPath(template: string, id: string, output: OutputSpec, key: string): string {
  return template
    .replaceAll('{id}', id)
    .replaceAll('{width}', String(output.width))
    .replaceAll('{format}', output.format)
    .replaceAll('{hash}', key.slice(0, 8))
}
