/** Numbers that look random and follow from a seed alone: the same seed gives the same series on every machine. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** From `low` up to `high`. */
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T
  /** True in `share` (0..1) of all calls. */
  chance(share: number): boolean
}

/** Starts a series from a seed text. */
export function createRandom(seed: string): Random {
  let state = hash(seed)
  const next = (): number => {
    // Mulberry32: 32 bits of state are plenty for choosing shapes.
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor((high - low + 1) * next()),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    chance: (share) => next() < share,
  }
}

// FNV-1a over UTF-16 code units, then a final mix so that near seeds give far series.
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
