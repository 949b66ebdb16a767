import type { Clock } from '../../src/effects/clock.ts'

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time on, waking every sleeper in the order of its hour, and lets what they do next begin. */
  readonly advance: (delayMs: number) => Promise<void>
  /** Moves time on until something is settled. */
  readonly run: (task: Promise<unknown>) => Promise<void>
  /** How many are asleep. */
  readonly sleepers: () => number
}

/** Starts at a fixed hour; its chance is always one half. */
export function createManualClock(startMs: number = Date.UTC(2026, 2, 15, 10)): ManualClock {
  let nowMs = startMs
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>()
  const advance = async (delayMs: number): Promise<void> => {
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
  }
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
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake)
      })
    },
    advance,
    run: async (task) => {
      const state = { settled: false }
      const settle = (): void => {
        state.settled = true
      }
      task.then(settle, settle)
      while (!state.settled) await advance(100)
    },
  }
}

/** One turn of the event loop. */
async function letOthersRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
