import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/effects/clock.ts'

/** A clock that tests drive: nobody really waits. */
export interface DrivenClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: readonly number[]
  /** Moves the time on and wakes whoever is due. */
  readonly advance: (ms: number) => Promise<void>
  /** Resolves once so many sleepers wait at the same time. */
  readonly sleeping: (count: number) => Promise<void>
}

const START_MS = Date.UTC(2026, 6, 1)

/** A clock whose sleepers wake at once, the time moving on as if they had slept. */
export function hurryingClock(random = 0.5): DrivenClock {
  return makeClock(random, true)
}

/** A clock that stands still until `advance`. */
export function standingClock(random = 0.5): DrivenClock {
  return makeClock(random, false)
}

function makeClock(random: number, hurries: boolean): DrivenClock {
  let nowMs = START_MS
  const waits: number[] = []
  const sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>()
  return {
    waits,
    now: () => nowMs,
    random: () => random,
    sleep: async (delayMs, signal) => {
      waits.push(delayMs)
      if (hurries) {
        nowMs += delayMs
        await setImmediate()
        return
      }
      await new Promise<void>((resolve) => {
        const sleeper = { dueMs: nowMs + delayMs, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          resolve()
        })
      })
    },
    advance: async (ms) => {
      nowMs += ms
      for (const sleeper of [...sleepers].filter(({ dueMs }) => dueMs <= nowMs)) {
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await setImmediate()
    },
    sleeping: async (count) => {
      while (sleepers.size < count) await setImmediate()
    },
  }
}
