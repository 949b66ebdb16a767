import type { Clock } from '../../src/effects/clock.ts'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on, waking every sleeper in the order of its hour, and lets what they do next begin. */
  readonly advance: (delayMs: number) => Promise<void>
  /** How many are asleep. */
  readonly sleepers: () => number
}

/** Starts at a fixed hour; its chance is always one half. */
export function createManualClock(startMs: number = Date.UTC(2026, 2, 15, 10)): ManualClock {
  let nowMs = startMs
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>()
  return {
    now: () => nowMs,
    random: () => 0.5,
    sleepers: () => sleepers.size,
    sleep: async (delayMs, signal) => {
      if (delayMs <= 0 || signal?.aborted) return
      await new Promise<void>((resolve) => {
        const sleeper = {
          untilMs: nowMs + delayMs,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      })
    },
    advance: async (delayMs) => {
      const endMs = nowMs + delayMs
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.untilMs - b.untilMs)
        if (next === undefined || next.untilMs > endMs) break
        nowMs = Math.max(nowMs, next.untilMs)
        next.wake()
        await letOthersRun()
      }
      nowMs = endMs
      await letOthersRun()
    },
  }
}

/** One turn of the event loop. */
async function letOthersRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
