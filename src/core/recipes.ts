import type { Aspect } from './aspect.ts'
import type { Format, MaxBytes, Original, Recipe } from './image.ts'

export const DEFAULT_FILENAME = '{id}-{width}.{format}'

/** One file to be made: its exact pixel size. */
export interface OutputSpec {
  readonly format: Format
  readonly width: number
  readonly height: number
  /** Most bytes it may have; null or left out for no limit. */
  readonly maxBytes?: number | null
}

/** Pixels of several files together. */
export function pixelsOf(outputs: readonly Pick<OutputSpec, 'width' | 'height'>[]): number {
  return outputs.reduce((sum, { width, height }) => sum + width * height, 0)
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

/** What outputs depend on in an original. */
type Shape = Pick<Original, 'width' | 'height' | 'alpha'>

/** A width that is wider than the one before by less than this gives a page nothing but one more file. */
const NEAR = 1.03

/** The formats that are made of an original: JPEG knows no transparency, so a transparent one gets PNG in its place. */
export function formatsOf(
  recipe: Pick<Recipe, 'formats'>,
  original: Pick<Original, 'alpha'>,
): readonly Format[] {
  if (!original.alpha) return recipe.formats
  return [...new Set(recipe.formats.map((format) => (format === 'jpeg' ? 'png' : format)))]
}

/** What a browser takes that knows no newer format: JPEG, else PNG; null when neither is made. */
export function fallbackOf(formats: readonly Format[]): 'jpeg' | 'png' | null {
  if (formats.includes('jpeg')) return 'jpeg'
  return formats.includes('png') ? 'png' : null
}

/**
 * Every file a recipe makes of an original: per format, widths ascending. Never upscaled: a width beyond the shaped
 * original is made once, at the original's own width. Of widths within 3 per cent of each other only the smallest is
 * made.
 */
export function outputsOf(recipe: Recipe, original: Shape): readonly OutputSpec[] {
  const shaped = shapedSize(original, recipe)
  const widths: { readonly asked: number; readonly width: number }[] = []
  for (const asked of recipe.widths.toSorted((a, b) => a - b)) {
    const width = Math.min(asked, shaped.width)
    if (width >= (widths.at(-1)?.width ?? 0) * NEAR) widths.push({ asked, width })
  }
  return formatsOf(recipe, original).flatMap((format) =>
    widths.map(({ asked, width }) => ({
      format,
      width,
      height: Math.max(1, Math.round((width * shaped.height) / shaped.width)),
      maxBytes: limitOf(recipe.maxBytes, format, asked),
    })),
  )
}

/** The smallest of the limits that name a file. */
function limitOf({ all, formats, widths }: MaxBytes, format: Format, width: number): number | null {
  const limits = [all, formats[format], widths[width]].filter((limit) => typeof limit === 'number')
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The name of an output below the asset folder, from the recipe's template. `key` is its `OutputKey`. */
export function outputPath(template: string, id: string, output: OutputSpec, key: string): string {
  // The same in a tenth of the time, which counts where a lock names sixty thousand files.
  if (template === DEFAULT_FILENAME) return `${id}-${output.width}.${output.format}`
  return template
    .replaceAll('{id}', id)
    .replaceAll('{width}', String(output.width))
    .replaceAll('{format}', output.format)
    .replaceAll('{hash}', key.slice(0, 8))
}
