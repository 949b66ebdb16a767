import type { ModelFacts } from '../core/catalog.ts'
import type { Json } from '../core/image.ts'

/** The emulator's price of a picture whose real price no source names. */
const UNKNOWN_PRICE = 5

/** Longer side of a picture that is not square, in pixels. */
const LONG_SIDE = 1536

type Params = Readonly<Record<string, Json>>

/** Credits of one job: the documented figure, or `prices`, times the count where the model has a count field. */
export function costOf(facts: ModelFacts, params: Params, prices: Readonly<Record<string, number>>): number {
  const each = prices[facts.id] ?? documentedPrice(facts.credits, params) ?? UNKNOWN_PRICE
  return Math.ceil(each * (facts.countParam === null ? 1 : countOf(facts, params)))
}

function documentedPrice(credits: ModelFacts['credits'], params: Params): number | null {
  if (credits === null || typeof credits === 'number') return credits
  const value = params[credits.param]
  return (typeof value === 'string' ? credits.by[value] : undefined) ?? credits.default
}

/** The range of `costOf` for one picture, as the catalogue route shows it. */
export function costRange(
  facts: ModelFacts,
  prices: Readonly<Record<string, number>>,
): { readonly min: number; readonly max: number } {
  const { credits } = facts
  const fixed = prices[facts.id] ?? (typeof credits === 'number' ? credits : null)
  const all =
    fixed !== null
      ? [fixed]
      : credits === null || typeof credits === 'number'
        ? [UNKNOWN_PRICE]
        : Object.values(credits.by)
  return {
    min: Math.min(...all),
    max: Math.max(...all) * facts.perJob.max ** (facts.countParam === null ? 0 : 1),
  }
}

/** How many pictures a job makes. */
export function countOf(facts: ModelFacts, params: Params): number {
  const asked = facts.countParam === null ? undefined : params[facts.countParam]
  return typeof asked === 'number' ? asked : facts.perJob.min
}

/**
 * Pixels of the pictures: `width` and `height` where both are asked for, 1024 × 1024 for squares, otherwise 1536 for
 * the longer side and the other in the ratio asked for. The real service documents no sizes.
 */
export function sizeOf(
  facts: ModelFacts,
  params: Params,
): { readonly width: number; readonly height: number } {
  const { width, height } = params
  if (typeof width === 'number' && typeof height === 'number') return { width, height }
  const ratio = ratioOf(facts, params)
  if (ratio === 1) return { width: 1024, height: 1024 }
  return ratio > 1
    ? { width: LONG_SIDE, height: roundTo8(LONG_SIDE / ratio) }
    : { width: roundTo8(LONG_SIDE * ratio), height: LONG_SIDE }
}

/** Width by height; free text that is no ratio, and ratios beyond 8, count as square. */
function ratioOf(facts: ModelFacts, params: Params): number {
  const asked = facts.aspectParam === null ? undefined : params[facts.aspectParam]
  const named = Object.entries(facts.aspectNames ?? {}).find(([, name]) => name === asked)?.[0]
  const [, width, height] = /^(\d+):(\d+)$/.exec(named ?? (typeof asked === 'string' ? asked : '')) ?? []
  const ratio = Number(width) / Number(height)
  return ratio >= 1 / 8 && ratio <= 8 ? ratio : 1
}

function roundTo8(pixels: number): number {
  return Math.round(pixels / 8) * 8
}
