/** A shape as positive whole numbers without a common divisor. */
export interface Aspect {
  readonly width: number
  readonly height: number
}

/** What models with a free ratio field are asked for. */
export const COMMON_ASPECTS: readonly string[] = ['1:1', '3:2', '2:3', '4:3', '3:4', '16:9', '9:16']

/** Reads `W:H` with whole positive numbers up to 10,000; null when it is anything else. */
export function parseAspect(text: string): Aspect | null {
  const match = /^([1-9]\d{0,4}):([1-9]\d{0,4})$/.exec(text)
  if (!match) return null
  const width = Number(match[1])
  const height = Number(match[2])
  if (width > 10_000 || height > 10_000) return null
  const divisor = greatestCommonDivisor(width, height)
  return { width: width / divisor, height: height / divisor }
}

/** Prints an aspect as `W:H`. */
export function printAspect(aspect: Aspect): string {
  return `${aspect.width}:${aspect.height}`
}

/**
 * Of the ratios a model offers, the one that keeps most of its area when it is cropped to the wanted shape.
 * Ties go to the ratio named first. Null when none is offered.
 */
export function nearestAspect(wanted: Aspect, offered: readonly string[]): string | null {
  let best: string | null = null
  let bestKept = -1
  for (const text of offered) {
    const aspect = parseAspect(text)
    const kept = aspect === null ? -1 : keptShare(aspect, wanted)
    if (kept > bestKept + 1e-9) {
      best = text
      bestKept = kept
    }
  }
  return best
}

/** The share (0..1) of a picture of one shape that is left when it is cropped to another. */
export function keptShare(from: Aspect, to: Aspect): number {
  const fromRatio = from.width / from.height
  const toRatio = to.width / to.height
  return Math.min(fromRatio, toRatio) / Math.max(fromRatio, toRatio)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
