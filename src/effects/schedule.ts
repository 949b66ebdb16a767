import { usableCores } from './cores.ts'

/** Whether a task takes so much memory that it counts how many of its like run at once. */
export type Weight = 'light' | 'heavy'

/**
 * Runs a task when a slot is free; of those that wait, the one with the largest size first. Light unless it is said to
 * be heavy. Rejects as the task does.
 */
export type Schedule = <T>(size: number, task: () => Promise<T>, weight?: Weight) => Promise<T>

/**
 * Makes the limiter: at most `slots` tasks run at once, and of heavy ones at most `heavySlots`; a lighter one takes the
 * turn of one that may not. One queue over all images, largest job first: a queue per image, or first come first
 * served, leaves cores idle at the end while one long AVIF is encoded.
 */
export function createSchedule(slots: number, heavySlots: number = slots): Schedule {
  const waiting: Waiting[] = []
  const running: Waiting[] = []
  const next = async (): Promise<void> => {
    const full = running.length >= slots
    const heavyFull = running.filter(({ weight }) => weight === 'heavy').length >= heavySlots
    const at = full ? -1 : waiting.findLastIndex(({ weight }) => weight === 'light' || !heavyFull)
    const [task] = at < 0 ? [] : waiting.splice(at, 1)
    if (!task) return
    running.push(task)
    await task.start()
    running.splice(running.indexOf(task), 1)
    void next()
  }
  return (size, task, weight = 'light') =>
    new Promise((resolve, reject) => {
      insert(waiting, { size, weight, start: async () => begin(task).then(resolve, reject) })
      // Not at once: of all that come in one go the largest is the first.
      queueMicrotask(() => void next())
    })
}

/**
 * How many encodes run at once: usable cores and one more, which covers the moments when a finished task waits for
 * JavaScript; never all threads of libuv's pool, for file reads and name look-ups wait there too. The pool's size is
 * read from `UV_THREADPOOL_SIZE` as it was when the process started (libuv: 4 unless set, at most 1024).
 */
export function encodeSlots(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  cores: number = usableCores(),
): number {
  const given = environment['UV_THREADPOOL_SIZE']
  const pool = given === undefined ? 4 : Math.min(1024, Number.parseInt(given, 10) || 1)
  return Math.max(1, Math.min(cores + 1, pool - 1))
}

/** A task that throws before it gives a promise is one that rejects. */
async function begin<T>(task: () => Promise<T>): Promise<T> {
  return task()
}

interface Waiting {
  readonly size: number
  readonly weight: Weight
  readonly start: () => Promise<void>
}

/** Keeps the queue ascending by size, and of equal sizes the earliest last: the next one is taken from the end. */
function insert(waiting: Waiting[], task: Waiting): void {
  let from = 0
  let to = waiting.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((waiting[middle]?.size ?? 0) < task.size) from = middle + 1
    else to = middle
  }
  waiting.splice(from, 0, task)
}
