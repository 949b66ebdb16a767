/** The process behind `startEncodeProcess`. */
import { pixelsOf } from '../core/recipes.ts'
import { usableCores } from './cores.ts'
import { EncodeError } from './encode-error.ts'
import type { Answer, Order } from './encode-process.ts'
import { encodeOutputs } from './encode.ts'
import type { EncodeTask } from './encode.ts'
import { createSchedule, encodeSlots } from './schedule.ts'

/** Garbage is pixels, which V8 hardly counts: about half of what one photograph leaves. For thumbnails it would cost more than their files. */
const COLLECT_AFTER_PIXELS = 2e6
const schedule = createSchedule(encodeSlots(), usableCores())
let pixels = 0
const stops = new Map<number, AbortController>()

process.on('message', (order: Order) => {
  if (order.type === 'stop') stops.get(order.job)?.abort()
  else void encode(order.job, order.task)
})
// Nobody is there to encode for, and nothing here has to be finished.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// A Ctrl-C reaches every process of a terminal; what has been begun is still wanted.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
answer({ type: 'ready' })

async function encode(job: number, task: EncodeTask): Promise<void> {
  const stop = new AbortController()
  stops.set(job, stop)
  try {
    const result = await encodeOutputs({
      ...task,
      schedule,
      signal: stop.signal,
      onOutput: async (output) => answer({ type: 'output', job, output }),
      onTooLarge: (output, smallest) => answer({ type: 'too-large', job, output, smallest }),
    })
    answer({ type: 'done', job, result })
  } catch (error) {
    const why = error instanceof EncodeError ? error.why : null
    answer({ type: 'failed', job, error: error instanceof Error ? error : new Error(String(error)), why })
  } finally {
    stops.delete(job)
    pixels += pixelsOf(task.outputs)
    if (pixels >= COLLECT_AFTER_PIXELS) {
      pixels = 0
      globalThis.gc?.()
    }
  }
}

/** Nobody hears the end of a run that has closed this process before it was ready; without a callback that is an error of its own. */
function answer(said: Answer): void {
  process.send?.(said, undefined, {}, () => undefined)
}
