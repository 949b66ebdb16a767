const FIRST_DELAY_MS = 250
const GROWTH = 1.3
const LONGEST_DELAY_MS = 3_000
const ENOUGH_JOBS = 5
const REMEMBERED_JOBS = 50

/** When to ask for a job: learns from finished jobs of the same model. */
export interface PollSchedule {
  /** Milliseconds until the next question, counted from the last one (or from acceptance); `asked` is how many there were. */
  readonly delayMs: (model: string, asked: number) => number
  /** Tells how long a job took from acceptance, in milliseconds. */
  readonly learn: (model: string, tookMs: number) => void
}

/**
 * First after 250 ms, then 1.3 times longer each time up to 3 s; once five jobs of a model have finished, first at
 * their 20th percentile. Pure but for what it is told.
 */
export function createPollSchedule(): PollSchedule {
  const times = new Map<string, number[]>()
  return {
    delayMs: (model, asked) => {
      const known = times.get(model) ?? []
      const plain = Math.min(FIRST_DELAY_MS * GROWTH ** asked, LONGEST_DELAY_MS)
      if (known.length < ENOUGH_JOBS) return plain
      const sorted = [...known].sort((a, b) => a - b)
      const early = sorted[Math.floor(sorted.length * 0.2)] ?? FIRST_DELAY_MS
      if (asked === 0) return early
      // Fine steps near the expected end: a quarter of the spread between early and late jobs.
      const late = sorted[Math.floor(sorted.length * 0.8)] ?? early
      const step = Math.max(FIRST_DELAY_MS, (late - early) / 4)
      return Math.min(step * GROWTH ** (asked - 1), LONGEST_DELAY_MS)
    },
    learn: (model, tookMs) => {
      const known = times.get(model) ?? []
      times.set(model, [...known, tookMs].slice(-REMEMBERED_JOBS))
    },
  }
}
