import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/effects/clock.ts'

/** Lengths of a watch's own waits in tests, told apart from every other wait by their oddness. */
export const HELD = { settleMs: 81, calmMs: 3_001 }

/** See `heldClock`. */
export interface HeldClock extends Clock {
  /** Lets time go by, without waking anybody. */
  readonly leap: (ms: number) => void
  /** Resolves once a held wait of that length has begun, and ends it; what follows from that has then begun. */
  readonly quiet: (ms?: number) => Promise<void>
}

/** A clock whose `HELD` waits end only when a test says so; all others end at once, their time having gone by. */
export function heldClock(startMs: number = Date.now()): HeldClock {
  let nowMs = startMs
  const held = new Map<() => void, number>()
  return {
    now: () => nowMs,
    random: () => 0.5,
    leap: (ms) => {
      nowMs += ms
    },
    sleep: async (delayMs, signal) => {
      if (delayMs !== HELD.settleMs && delayMs !== HELD.calmMs) {
        nowMs += delayMs
        await setImmediate()
        return
      }
      await new Promise<void>((resolve) => {
        held.set(resolve, delayMs)
        signal?.addEventListener('abort', () => {
          held.delete(resolve)
          resolve()
        })
      })
    },
    quiet: async (ms = HELD.settleMs) => {
      for (;;) {
        for (const [wake, delayMs] of held) {
          if (delayMs !== ms) continue
          held.delete(wake)
          nowMs += ms
          wake()
          // What follows from it has begun when this returns.
          await setImmediate()
          return
        }
        await setImmediate()
      }
    },
  }
}
