import pLimit from 'p-limit'
import { pixelsOf } from '../core/recipes.ts'
import type { OutputSpec } from '../core/recipes.ts'
import { usableCores } from './cores.ts'
import { EncodeError } from './encode-error.ts'
import { encodeEnvironment, ProcessEnded, startEncodeProcess } from './encode-process.ts'
import type { EncodeProcess, EncodeWork } from './encode-process.ts'
import type { EncodeResult } from './encode.ts'
import { createSchedule, encodeSlots } from './schedule.ts'

/** Encodes the originals of a run. */
export interface Encoder {
  /** How many encodes run at once. */
  readonly slots: number
  /** Begins to start what encodes, ahead of the first original: at a moment when nothing else is to be done. */
  readonly prepare: () => void
  readonly encode: Encode
  readonly close: () => void
}

type Encode = EncodeProcess['encode']

/** From so many originals on a process of its own takes less time in all: its start is a tenth of a second. */
const APART_FROM = 5

/**
 * Heaps come apart with what is encoded: after so many pixels another process takes over, so that memory does not grow
 * with a run. Processes of 130 originals have needed up to 330 MB, one of a thousand 350; each new one touches its
 * memory for the first time, which takes about a second of a core.
 */
const RENEW_AFTER_PIXELS = 600e6

/**
 * A few originals are encoded here; more, or where more threads can be had so, in a process of their own. `widest` is
 * the most pixels that a file is wide.
 */
export function openEncoder(originals: number, widest: number = Infinity): Encoder {
  const slots = encodeSlots()
  const slotsApart = encodeSlots(encodeEnvironment())
  const here = encodeHere(slots)
  if (originals < (slotsApart > slots ? 1 : APART_FROM)) {
    return { slots, prepare: () => undefined, encode: here, close: () => undefined }
  }
  return { slots: slotsApart, ...encodeApart(here, () => startEncodeProcess(widest)) }
}

function encodeHere(slots: number): Encode {
  const schedule = createSchedule(slots, usableCores())
  return async (job) => (await import('./encode.ts')).encodeOutputs({ ...job, schedule })
}

/**
 * When the process dies it is not known which of its originals did that: each is tried again in one that has no
 * other. Where none can be started, `here` does it.
 */
function encodeApart(here: Encode, start: () => EncodeProcess): Omit<Encoder, 'slots'> {
  const one = pLimit(1)
  const running = new Set<Promise<EncodeResult>>()
  let shared: EncodeProcess | null = null
  const started = (): EncodeProcess => {
    if (shared === null || shared.hasEnded()) shared = start()
    return shared
  }
  let pixels = 0
  let renewed = Promise.resolve()
  const renew = async (): Promise<void> => {
    await Promise.allSettled(running)
    shared?.close()
    shared = null
  }
  const apart: Encode = async (job) => {
    if (pixels >= RENEW_AFTER_PIXELS) {
      pixels = 0
      renewed = renewed.then(renew)
    }
    pixels += pixelsOf(job.outputs)
    await renewed
    const made = started().encode(job)
    running.add(made)
    return made.finally(() => running.delete(made))
  }
  const encode: Encode = async (job) => {
    const rest = restOf(job)
    try {
      return await apart(rest())
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
    }
    try {
      return await one(() => alone(rest(), start()))
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error
      if (!error.started) return here(rest())
      const how = error.message === 'SIGKILL' ? 'SIGKILL, mostly for want of memory' : error.message
      throw new EncodeError(`the encoder died of it (${how}), and once more with nothing else to do`)
    }
  }
  return { prepare: started, encode, close: () => shared?.close() }
}

async function alone(job: EncodeWork, own: EncodeProcess): Promise<EncodeResult> {
  return own.encode(job).finally(own.close)
}

/** The job, each time it is asked for without the outputs that have come by then. */
function restOf(job: EncodeWork): () => EncodeWork {
  const came = new Set<string>()
  return () => ({
    ...job,
    outputs: job.outputs.filter((output) => !came.has(nameOf(output))),
    onOutput: (output) => {
      came.add(nameOf(output))
      return job.onOutput(output)
    },
    onTooLarge: (output, smallest) => {
      came.add(nameOf(output))
      job.onTooLarge(output, smallest)
    },
  })
}

function nameOf({ format, width }: OutputSpec): string {
  return `${format} ${width}`
}
