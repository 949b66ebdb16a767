import type { BuildOptions } from './options.ts'
import type { Session } from './session.ts'

const GRACE_MS = 10_000

/** The two stages of an interruption: no new purchases, and, after a grace, nothing more at all. */
export interface StopSignals {
  readonly stopping: AbortSignal
  readonly abort: AbortSignal
  readonly dispose: () => void
}

export function stopSignals(
  session: Session,
  options: Pick<BuildOptions, 'signal' | 'graceMs'>,
): StopSignals {
  const abort = new AbortController()
  const done = new AbortController()
  const stopping = options.signal ?? new AbortController().signal
  const begin = (): void => {
    void session.clock.sleep(options.graceMs ?? GRACE_MS, done.signal).then(() => {
      if (!done.signal.aborted) abort.abort()
      return null
    })
  }
  if (stopping.aborted) begin()
  else stopping.addEventListener('abort', begin, { once: true })
  return {
    stopping,
    abort: abort.signal,
    dispose: () => {
      stopping.removeEventListener('abort', begin)
      done.abort()
    },
  }
}
