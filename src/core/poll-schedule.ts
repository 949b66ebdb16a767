const FIRST_DELAY_MS = 250
const GROWTH = 1.3
const LONGEST_DELAY_MS = 3_000
const ENOUGH_JOBS = 5
const REMEMBERED_JOBS = 50
/** A job is asked for at most so often within the times that earlier ones took. */
const MARKS = 8
const FINEST_STEP_MS = 50
/** By such a share of its time a job may differ from the only one that is known. */
const UNSURE_SHARE = 0.02
/** Multiples of it lie as far from each other as can be, wherever the row ends. */
const GOLDEN_RATIO = 0.618034

/** When to ask for jobs: learns from finished ones of the same model. */
export interface PollSchedule {
  /** Begins with a job of a model. */
  readonly follow: (model: string) => JobSchedule
  /** Tells how a job was found finished. */
  readonly learn: (model: string, end: FoundEnd) => void
}

/** When to ask for one job. */
export interface JobSchedule {
  /**
   * Milliseconds from the last question, or from the acceptance, to the next. `asked` is how many there were, `elapsedMs`
   * the time from the job's acceptance to the last of them.
   */
  readonly delayMs: (asked: number, elapsedMs: number) => number
  /** Resolves when another job of the model has ended and the next delay may be a shorter one. Null once the model is known well. */
  readonly news: () => Promise<void> | null
}

/** A job's end as it was seen, in milliseconds: somewhere in the last step before it was found. */
export interface FoundEnd {
  /** From acceptance to the answer that told of it. */
  readonly foundMs: number
  /** From the last question before that. */
  readonly stepMs: number
  /** What the service says that it took; null where it says nothing. */
  readonly tookMs: number | null
}

/** What is known of a model. */
interface Known {
  followed: number
  readonly times: number[]
  readonly waiting: (() => void)[]
}

/**
 * First after 250 ms, then 1.3 times longer each time up to 3 s. Jobs of a model that nobody knows ask at different
 * moments, the one between the other's, so that the first end is seen soon; the others then wait for that time at most.
 * Once five jobs of a model have finished, at the eighths of the times they took: where jobs end close together the
 * questions do, too. Measured with jobs of 1.6 to 2.4 s: 3.9 questions each, 4 % of the time lost with waiting; steps of
 * one length need 5 for that. Pure but for what it is told.
 */
export function createPollSchedule(): PollSchedule {
  const models = new Map<string, Known>()
  const knownOf = (model: string): Known => {
    const known = models.get(model) ?? { followed: 0, times: [], waiting: [] }
    models.set(model, known)
    return known
  }
  return {
    follow: (model) => {
      const known = knownOf(model)
      const phase = (known.followed * GOLDEN_RATIO) % 1
      known.followed += 1
      return {
        delayMs: (asked, elapsedMs) =>
          known.times.length < ENOUGH_JOBS
            ? unsureDelay(known.times, { asked, elapsedMs, phase })
            : knownDelay(known.times, elapsedMs),
        news: () =>
          known.times.length < ENOUGH_JOBS ? new Promise((resolve) => known.waiting.push(resolve)) : null,
      }
    },
    learn: (model, end) => {
      const known = knownOf(model)
      known.times.push(likelyMs(end))
      if (known.times.length > REMEMBERED_JOBS) known.times.shift()
      for (const tell of known.waiting.splice(0)) tell()
    },
  }
}

/** Growing delays, cut short where one of the few that have ended would have been found, and soon after it. */
function unsureDelay(
  times: readonly number[],
  job: { readonly asked: number; readonly elapsedMs: number; readonly phase: number },
): number {
  const { asked, elapsedMs, phase } = job
  // The first one by as much longer that a later job's second question is the earlier one's third.
  const growing =
    asked === 0
      ? (FIRST_DELAY_MS * (GROWTH ** (1 + phase) - 1)) / (GROWTH - 1)
      : FIRST_DELAY_MS * GROWTH ** (asked + phase)
  const marks = times.filter((time) => time >= elapsedMs + FINEST_STEP_MS)
  const next = marks.length > 0 ? Math.min(...marks) - elapsedMs : unsureLateDelay(times, elapsedMs)
  return Math.min(growing, LONGEST_DELAY_MS, next)
}

/**
 * The few times that are known are a little off, by what answers and acceptances were delayed: a job that was not over
 * then mostly is a moment later. Without any time known nothing is late.
 */
function unsureLateDelay(times: readonly number[], elapsedMs: number): number {
  if (times.length === 0) return LONGEST_DELAY_MS
  const lateMs = elapsedMs - Math.max(...times)
  return Math.max(FINEST_STEP_MS, elapsedMs * UNSURE_SHARE, lateMs * (GROWTH - 1))
}

function knownDelay(times: readonly number[], elapsedMs: number): number {
  const marks = marksOf(times)
  const next = marks.find((mark) => mark >= elapsedMs + FINEST_STEP_MS)
  return next === undefined ? lateDelay(marks, elapsedMs) : next - elapsedMs
}

/**
 * The service's own word, as far as it agrees with what was seen: on a busy machine answers come late, and times that
 * grow by that would make the next questions later still. Without it the middle of the last step, but not much of a
 * long one: or the first mark could never move down, for nothing is found finished before it.
 */
function likelyMs({ foundMs, stepMs, tookMs }: FoundEnd): number {
  if (tookMs !== null && tookMs >= 0) return Math.min(Math.max(tookMs, foundMs - stepMs), foundMs)
  return foundMs - Math.min(stepMs / 2, foundMs / 10)
}

function marksOf(times: readonly number[]): readonly number[] {
  const sorted = [...times].sort((a, b) => a - b)
  return Array.from(
    { length: MARKS },
    (_, index) => sorted[Math.ceil((sorted.length * (index + 1)) / MARKS) - 1] ?? FIRST_DELAY_MS,
  )
}

/** It takes longer than all before it: first one mean step more, then ever longer ones. */
function lateDelay(marks: readonly number[], elapsedMs: number): number {
  const [first = 0, last = 0] = [marks[0], marks.at(-1)]
  const step = Math.max(FINEST_STEP_MS, (last - first) / MARKS)
  return Math.min(Math.max(step, (elapsedMs - last) * (GROWTH - 1)), LONGEST_DELAY_MS)
}
