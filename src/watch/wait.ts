import type { Clock } from '../effects/clock.ts'

const SETTLE_MS = 80
/** A file that never stands still is read all the same. */
const SETTLE_AT_MOST_MS = 1_000

/** The one wait of a watch; a new one takes the place of the old. */
export interface Wait {
  /** Until so many milliseconds went by without another call. `isHalfSaved` makes it wait on, for a second at most. */
  readonly saves: (settleMs: number | undefined, isHalfSaved: () => boolean) => void
  readonly calm: (calmMs: number) => void
  readonly cancel: () => void
}

export function createWait(clock: Clock, over: () => void): Wait {
  let running: AbortController | null = null
  let sinceMs: number | null = null
  const begin = (delayMs: number, then: () => void): void => {
    running?.abort()
    const mine = new AbortController()
    running = mine
    void clock.sleep(delayMs, mine.signal).then(() => (mine.signal.aborted ? null : then()))
  }
  const saves: Wait['saves'] = (settleMs = SETTLE_MS, isHalfSaved) => {
    sinceMs ??= clock.now()
    const leftMs = Math.max(0, sinceMs + SETTLE_AT_MOST_MS - clock.now())
    begin(Math.min(settleMs, leftMs), () => {
      if (leftMs > 0 && isHalfSaved()) saves(settleMs, isHalfSaved)
      else over()
    })
  }
  return {
    saves,
    calm: (calmMs) => begin(calmMs, over),
    cancel: () => {
      running?.abort()
      running = null
      sinceMs = null
    },
  }
}
