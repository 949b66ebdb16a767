/** One encode at one quality. */
export interface Trial {
  readonly quality: number
  readonly bytes: Uint8Array
}

export interface FitTerms {
  /** The recipe's own quality: the best that is wanted. */
  readonly start: number
  /** Nothing is encoded below it, however small the limit. */
  readonly floor: number
  readonly maxBytes: number
  /** By how much the logarithm of the size grows with a step of quality, to begin with. */
  readonly slope: number
}

/** `fits` is the best encode within the limit, null when there is none; `smallest` the smallest that was reached. */
export interface Fitted {
  readonly fits: Trial | null
  readonly smallest: Trial
  readonly encodes: number
}

export const MOST_ENCODES = 6
/** This near to the limit, another encode would gain too little. */
const CLOSE = 0.97

/**
 * Looks for the highest quality whose bytes are within a limit: a secant in the logarithm of the size, which is nearly
 * straight over quality, inside a bracket. Takes at most six encodes; the floor is among them before it gives up. The
 * same sizes give the same answer.
 */
export async function fitBytes(
  encode: (quality: number) => Promise<Trial>,
  terms: FitTerms,
): Promise<Fitted> {
  const trials: Trial[] = []
  let quality: number | null = terms.start
  while (quality !== null && trials.length < MOST_ENCODES) {
    trials.push(await encode(quality))
    quality = nextQuality(trials, terms)
  }
  const bySize = trials.toSorted((a, b) => a.bytes.length - b.bytes.length)
  const [smallest] = bySize
  if (!smallest) throw new RangeError('at least one encode is needed')
  const fits = fitting(trials, terms.maxBytes)
  return { fits, smallest, encodes: trials.length }
}

/** The best of those within the limit. */
function fitting(trials: readonly Trial[], maxBytes: number): Trial | null {
  const within = trials.filter(({ bytes }) => bytes.length <= maxBytes)
  return within.toSorted((a, b) => b.quality - a.quality)[0] ?? null
}

function nextQuality(trials: readonly Trial[], terms: FitTerms): number | null {
  const { maxBytes, floor } = terms
  const over = trials.filter(({ bytes }) => bytes.length > maxBytes).toSorted((a, b) => a.quality - b.quality)
  const [lowest, second] = over
  const best = fitting(trials, maxBytes)
  if (!lowest) return null
  if (best) {
    if (best.quality + 1 >= lowest.quality || best.bytes.length >= maxBytes * CLOSE) return null
    return between(best.quality + 1, lowest.quality - 1, meeting(best, slopeOf(best, lowest), maxBytes))
  }
  if (lowest.quality <= floor) return null
  if (trials.length === MOST_ENCODES - 1) return floor
  // A picture that hardly shrinks would send a bare secant far below what it needs.
  const slope = second ? Math.max(slopeOf(lowest, second), terms.slope / 4) : terms.slope
  return between(floor, lowest.quality - 1, meeting(lowest, slope, maxBytes))
}

function slopeOf(low: Trial, high: Trial): number {
  return (Math.log(high.bytes.length) - Math.log(low.bytes.length)) / (high.quality - low.quality)
}

/** The quality at which a line through a trial meets the limit. */
function meeting(from: Trial, slope: number, maxBytes: number): number {
  return Math.floor(from.quality + (Math.log(maxBytes) - Math.log(from.bytes.length)) / slope)
}

function between(least: number, most: number, value: number): number {
  return Math.min(Math.max(value, least), most)
}
