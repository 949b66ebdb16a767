import { usableCores } from './cores.ts'

/** Whether a task takes so much memory that it counts how many of its like run at once. */
export type Weight = 'light' | 'heavy'

/** Runs a task when a slot is free and its turn has come. Light unless it is said to be heavy. Rejects as the task does. */
export type Run = <T>(size: number, task: () => Promise<T>, weight?: Weight) => Promise<T>

/** Takes an image in, whose tasks `run` runs: it is in work until what is done with it has ended. */
export type Schedule = <T>(image: (run: Run) => Promise<T>) => Promise<T>

/**
 * Makes the limiter: at most `slots` tasks run at once, and of heavy ones at most `cores`; a lighter one takes the
 * turn of one that may not. One queue over all images.
 *
 * As many images in work as slots mean that more will come. Then the image that came first goes first, so that they do
 * not all end together and leave the cores to one straggler, and every slot is taken. Fewer mean that the end is near.
 * Then the largest task goes first, and no more of them run than there are cores: with a third on two cores the longest
 * would get two thirds of one, and go on alone when all others have ended.
 */
export function createSchedule(slots: number, cores: number = slots): Schedule {
  const waiting: Task[] = []
  const running = new Set<Task>()
  let images = 0
  let came = 0
  const next = (): Task | undefined => {
    const many = images >= slots
    if (running.size >= (many ? slots : Math.min(slots, cores))) return undefined
    const heavyFull = [...running].filter(({ weight }) => weight === 'heavy').length >= cores
    const may = waiting.filter(({ weight }) => weight === 'light' || !heavyFull)
    return may.length === 0
      ? undefined
      : may.reduce((first, task) => (isBefore(task, first, many) ? task : first))
  }
  const begin = (): void => {
    for (let task = next(); task; task = next()) {
      waiting.splice(waiting.indexOf(task), 1)
      running.add(task)
      void end(task)
    }
  }
  const end = async (task: Task): Promise<void> => {
    await task.start()
    running.delete(task)
    begin()
  }
  return async (work) => {
    const image = came
    came += 1
    images += 1
    const run: Run = (size, task, weight = 'light') =>
      new Promise((resolve, reject) => {
        waiting.push({ image, size, weight, start: async () => promised(task).then(resolve, reject) })
        // Not at once: of all that come in one go the largest is the first.
        queueMicrotask(begin)
      })
    try {
      return await work(run)
    } finally {
      images -= 1
    }
  }
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

interface Task {
  /** Which image came before which. */
  readonly image: number
  readonly size: number
  readonly weight: Weight
  readonly start: () => Promise<void>
}

/** Whether a task goes before one that has waited longer. */
function isBefore(task: Task, other: Task, imageFirst: boolean): boolean {
  if (imageFirst && task.image !== other.image) return task.image < other.image
  return task.size > other.size
}

/** A task that throws before it gives a promise is one that rejects. */
async function promised<T>(task: () => Promise<T>): Promise<T> {
  return task()
}
