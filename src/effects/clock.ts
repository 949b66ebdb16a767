import { setTimeout as wait } from 'node:timers/promises'

/** Time and chance, so that tests can drive them. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after so many milliseconds, at once when the signal is aborted. Never rejects. */
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** The machine's own clock; the only file that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (delayMs, signal) => {
    await wait(delayMs, undefined, signal ? { signal } : {}).catch(() => undefined)
  },
  random: () => Math.random(),
}
