import type { Clock } from '../../src/effects/clock.ts'

/** See `leapingClock`. */
export interface LeapingClock extends Clock {
  /** Lets so many milliseconds go by at once; wakes nobody. */
  readonly leap: (ms: number) => void
}

/**
 * Time that moves only when somebody waits: whoever sleeps wakes a thousandth of the delay later and finds the whole
 * delay gone by. Waits that overlap are not added up. Try budgets and patience run out in milliseconds that way, and
 * a busy machine does not use them up.
 */
export function leapingClock(): LeapingClock {
  let nowMs = Date.now()
  return {
    now: () => nowMs,
    sleep: (delayMs, signal) => {
      const dueMs = nowMs + delayMs
      return new Promise((resolve) => {
        if (signal?.aborted === true) return resolve()
        const stop = (): void => {
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', stop)
          nowMs = Math.max(nowMs, dueMs)
          resolve()
        }, delayMs / 1000)
        signal?.addEventListener('abort', stop, { once: true })
        return undefined
      })
    },
    random: () => 0.5,
    leap: (ms) => {
      nowMs += ms
    },
  }
}
