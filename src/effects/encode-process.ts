import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { OutputSpec } from '../core/recipes.ts'
import { usableCores } from './cores.ts'
import { EncodeError } from './encode-error.ts'
import type { EncodeJob, EncodeResult, EncodeTask, FinishedOutput, Smallest } from './encode.ts'
import { freeMessages } from './free-messages.ts'

/** What the process is told. */
export type Order =
  | { readonly type: 'encode'; readonly job: number; readonly task: EncodeTask }
  /** The outputs cannot be taken; nothing more of that job is begun. */
  | { readonly type: 'stop'; readonly job: number }

/** What it answers. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'output'; readonly job: number; readonly output: FinishedOutput }
  | {
      readonly type: 'too-large'
      readonly job: number
      readonly output: OutputSpec
      readonly smallest: Smallest
    }
  | { readonly type: 'done'; readonly job: number; readonly result: EncodeResult }
  | {
      readonly type: 'failed'
      readonly job: number
      readonly error: Error
      /** Of an `EncodeError`; null for what nobody expected. */
      readonly why: EncodeError['why'] | null
    }

/** An original to encode, and who takes what is made of it. */
export type EncodeWork = EncodeTask & Pick<EncodeJob, 'onOutput' | 'onTooLarge'>

/** A process that encodes: what it takes of memory, or a codec that crashes, is not ours. */
export interface EncodeProcess {
  /** As `encodeOutputs`; rejects with `ProcessEnded` when the process does not live that long. */
  readonly encode: (work: EncodeWork) => Promise<EncodeResult>
  readonly hasEnded: () => boolean
  readonly close: () => void
}

/** The process ended before its work was done, or could not be started at all. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded'
  readonly started: boolean

  constructor(started: boolean, how: string) {
    super(how)
    this.started = started
  }
}

/**
 * glibc keeps a heap for each thread at the size of its fullest moment, and gives large blocks back only to ask for
 * them again. One heap that keeps what it has takes half of the memory and less time. Others do not read these.
 */
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
}
/**
 * Thumbnails take little memory, and threads that wait for one heap a third of the time: six files of 16 to 32 pixels
 * are made in 19 ms with heaps enough, in 29 with one; of 160 to 480 pixels in 60 and 65; of 960 it is the same.
 */
const SMALL_WIDTH = 640
const HEAPS_PER_CORE = 2

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What the process is started with: threads for every core, heaps by the width of the widest file and, of what is set
 * here, all but the key, which is not for those who read pictures from outside.
 */
export function encodeEnvironment(
  environment: Environment = process.env,
  cores: number = usableCores(),
  widest: number = Infinity,
): Environment {
  const { APIFRAME_API_KEY: _, ...rest } = environment
  const heaps = widest <= SMALL_WIDTH ? { MALLOC_ARENA_MAX: String(cores * HEAPS_PER_CORE) } : {}
  return { UV_THREADPOOL_SIZE: String(cores + 2), ...ALLOCATOR, ...heaps, ...rest }
}

/** Not there in the sources, which Node 20 cannot run, nor where this package was put into a bundle. */
const SCRIPT = fileURLToPath(new URL('encode-child.js', import.meta.url))

/** Starts one for files of at most such a width. */
export function startEncodeProcess(widest: number): EncodeProcess {
  const waiting = new Map<number, Waiting>()
  let next = 0
  let started = false
  let ended: ProcessEnded | null = null
  const end = (how: string): void => {
    ended ??= new ProcessEnded(started, how)
    for (const job of waiting.values()) void conclude(job, { error: ended })
    waiting.clear()
  }
  const child = launch(encodeEnvironment(process.env, usableCores(), widest))
  const onTaken = freeMessages()
  child?.on('message', (answer: Answer) => {
    if (answer.type === 'ready') {
      started = true
      return
    }
    const job = waiting.get(answer.job)
    const stop = (): void => tell(child, { type: 'stop', job: answer.job })
    if (job) hear(answer, job, { stop, onTaken })
    if (answer.type === 'done' || answer.type === 'failed') waiting.delete(answer.job)
  })
  child?.on('error', (error) => end(error.message))
  // Both have to come, in whatever order: what it said before its end is still on the way after it.
  for (const event of ['exit', 'disconnect'] as const) {
    child?.on(event, () => {
      const { connected, exitCode, signalCode } = child
      if (!connected && (exitCode ?? signalCode) !== null) end(signalCode ?? `exit code ${exitCode}`)
    })
  }
  if (!child) end('it cannot be started here')
  return {
    encode: ({ onOutput, onTooLarge, ...task }) =>
      new Promise((resolve, reject) => {
        if (!child || ended) {
          reject(ended ?? new ProcessEnded(false, 'it was closed'))
          return
        }
        const job = next
        next += 1
        waiting.set(job, { onOutput, onTooLarge, resolve, reject, taken: [], failure: null })
        tell(child, { type: 'encode', job, task })
      }),
    hasEnded: () => ended !== null,
    close: () => child?.connected === true && child.disconnect(),
  }
}

/** Null where that is not allowed. */
function launch(env: Environment): ChildProcess | null {
  if (!existsSync(SCRIPT)) return null
  try {
    const child = fork(SCRIPT, {
      env,
      // Its garbage is pixels, which V8 does not see the size of. V8's four threads are of no use to so little
      // JavaScript, and on two cores they make a start a tenth longer.
      execArgv: ['--expose-gc', '--v8-pool-size=1'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    beNice(child)
    return child
  } catch {
    return null
  }
}

/**
 * A place at the service that waits for its next request costs a run more than a file that comes later: with all at one
 * priority a thousand purchases took 0.3 s longer. At once, for a thread has the priority of the one that starts it.
 */
function beNice({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, Math.min(getPriority() + NICER, constants.priority.PRIORITY_LOW))
  } catch {
    // It has ended, or that is not allowed here.
  }
}

const NICER = 5

/** Of a process that is gone its end tells. */
function tell(child: ChildProcess | null, order: Order): void {
  child?.send(order, () => undefined)
}

interface Waiting extends Pick<EncodeJob, 'onOutput' | 'onTooLarge'> {
  readonly resolve: (result: EncodeResult) => void
  readonly reject: (error: unknown) => void
  /** What takes the outputs that have come. */
  readonly taken: Promise<void>[]
  /** The first output that could not be taken. */
  failure: { readonly error: unknown } | null
}

interface Replies {
  readonly stop: () => void
  /** An output has been taken; its bytes are needed no more. */
  readonly onTaken: (bytes: number) => void
}

function hear(answer: Exclude<Answer, { type: 'ready' }>, job: Waiting, { stop, onTaken }: Replies): void {
  switch (answer.type) {
    case 'output': {
      const { length } = answer.output.bytes
      const failed = (error: unknown): void => {
        job.failure ??= { error }
        stop()
      }
      const taken = job.onOutput(answer.output).catch(failed)
      job.taken.push(taken.then(() => onTaken(length)))
      return
    }
    case 'too-large':
      return job.onTooLarge(answer.output, answer.smallest)
    case 'done':
      return void conclude(job, { result: answer.result })
    case 'failed':
      return void conclude(job, { error: errorOf(answer) })
  }
}

/** An error's class does not come through to another process. */
function errorOf({ error, why }: Answer & { type: 'failed' }): Error {
  return why === null ? error : new EncodeError(error.message, { why, cause: error })
}

async function conclude(
  job: Waiting,
  end: { readonly result: EncodeResult } | { readonly error: unknown },
): Promise<void> {
  await Promise.all(job.taken)
  if (job.failure) job.reject(job.failure.error)
  else if ('error' in end) job.reject(end.error)
  else job.resolve(end.result)
}
