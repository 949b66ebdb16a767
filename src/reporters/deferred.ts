import type { BuildEvent } from '../core/events.ts'
import type { Finished } from './end-text.ts'
import type { Reporter } from './reporter.ts'

/**
 * Loads a reporter when the run turns out to have work: one that has nothing to do only says its end. Events that come
 * while it loads are told in their order.
 */
export function createDeferredReporter(
  load: () => Promise<Reporter>,
  tellEnd: (end: Finished) => void,
): Reporter {
  let reporter: Reporter | null = null
  let loading: Promise<void> | null = null
  const early: BuildEvent[] = []
  const begin = async (): Promise<void> => {
    const loaded = await load()
    for (const event of early) loaded.onEvent(event)
    reporter = loaded
  }
  return {
    onEvent: (event) => {
      if (reporter) return reporter.onEvent(event)
      if (!loading && event.type === 'finished') return tellEnd(event)
      early.push(event)
      if (event.type !== 'note' && event.type !== 'problem') loading ??= begin()
    },
    done: async () => {
      await loading
      await reporter?.done()
    },
    close: () => reporter?.close(),
  }
}
