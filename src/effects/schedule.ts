import pLimit from 'p-limit'
import { usableCores } from './cores.ts'

/** Runs a task when a slot is free; of those that wait, the one with the largest size first. Rejects as the task does. */
export type Schedule = <T>(size: number, task: () => Promise<T>) => Promise<T>

/**
 * Makes the limiter: at most `slots` tasks run at once. One queue over all images, largest job first: a queue per
 * image, or first come first served, leaves cores idle at the end while one long AVIF is encoded.
 */
export function createSchedule(slots: number): Schedule {
  const limit = pLimit(slots)
  const waiting: Waiting[] = []
  return (size, task) =>
    new Promise((resolve, reject) => {
      insert(waiting, { size, start: async () => begin(task).then(resolve, reject) })
      // The limiter is first come first served and knows no sizes: each of its turns takes whichever task is largest by then.
      void limit(async () => waiting.pop()?.start())
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
