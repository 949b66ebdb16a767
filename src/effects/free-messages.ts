import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** So much takes a second of encoding and more, a collection about a millisecond. */
const COLLECT_AFTER_BYTES = 2 ** 20

/**
 * To be told of bytes that came as a message and are needed no more; now and then has them freed. V8 lets buffers
 * without a use lie until they are some thirty megabytes, for it sees only the small objects that stand for them: as
 * much as a third of all else that a run takes beside its encoder. Does nothing where V8 cannot be asked.
 */
export function freeMessages(): (bytes: number) => void {
  let collect: Collector | undefined
  let left = 0
  return (bytes) => {
    left += bytes
    if (left < COLLECT_AFTER_BYTES) return
    left = 0
    // Not before it is due: it takes some milliseconds to make.
    collect ??= collector()
    // Young garbage alone: what is older does not grow with the messages, and to go through it takes longer.
    collect({ type: 'minor' })
  }
}

type Collector = (how: { readonly type: 'minor' }) => unknown

/** A process that has begun without `--expose-gc` gives it to contexts that are made while the flag is on. */
function collector(): Collector {
  if (globalThis.gc) return globalThis.gc
  try {
    setFlagsFromString('--expose-gc')
    const gc: unknown = runInNewContext('gc')
    return typeof gc === 'function' ? (gc as Collector) : () => undefined
  } catch {
    return () => undefined
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}
