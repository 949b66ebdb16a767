import { setMaxListeners } from 'node:events'
import type { BuildEvent } from '../core/events.ts'
import type { BuildOptions } from './options.ts'
import type { Session } from './session.ts'

const GRACE_MS = 10_000

/** The two stages of an interruption: no new purchases, and, after a grace, nothing more at all. */
export interface StopSignals {
  /** The session, with its events counted, so that the first stage can say what is still in flight. */
  readonly session: Session
  readonly stopping: AbortSignal
  readonly abort: AbortSignal
  readonly dispose: () => void
}

export function stopSignals(given: Session, options: Pick<BuildOptions, 'signal' | 'graceMs'>): StopSignals {
  const flying = new Set<string>()
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'buying') flying.add(event.purchase)
    if (event.type === 'bought' || event.type === 'not-bought') flying.delete(event.purchase)
    given.onEvent(event)
  }
  const abort = new AbortController()
  // Every purchase that waits listens to it, and fifty at once are no leak.
  setMaxListeners(0, abort.signal)
  const done = new AbortController()
  const stopping = options.signal ?? new AbortController().signal
  // Every exchange and every wait listens; Node would warn of the eleventh.
  setMaxListeners(0, abort.signal, stopping)
  const begin = (): void => {
    onEvent({ type: 'stopping', inFlight: flying.size })
    void given.clock.sleep(options.graceMs ?? GRACE_MS, done.signal).then(() => {
      if (!done.signal.aborted) abort.abort()
      return null
    })
  }
  if (stopping.aborted) begin()
  else stopping.addEventListener('abort', begin, { once: true })
  return {
    session: { ...given, onEvent },
    stopping,
    abort: abort.signal,
    dispose: () => {
      stopping.removeEventListener('abort', begin)
      done.abort()
    },
  }
}
