import type { BuildEvent } from '../core/events.ts'
import type { Finished, Reporter, Told } from './reporter.ts'
import { amountOf, spanOf } from './words.ts'

/**
 * Loads a reporter when the run turns out to have work: one that has nothing to do only says its end. Events that come
 * while it loads are told in their order.
 */
export function createDeferredReporter(
  load: () => Promise<Reporter>,
  tellEnd: (end: Finished) => Promise<void>,
): Reporter {
  let reporter: Reporter | null = null
  let loading: Promise<void> | null = null
  let telling: Promise<void> | null = null
  const early: BuildEvent[] = []
  const begin = async (): Promise<void> => {
    const loaded = await load()
    for (const event of early) loaded.onEvent(event)
    reporter = loaded
  }
  return {
    onEvent: (event) => {
      if (reporter) return reporter.onEvent(event)
      if (!loading && event.type === 'finished') {
        telling = tellEnd(event)
        return
      }
      early.push(event)
      if (event.type !== 'note' && event.type !== 'problem') loading ??= begin()
    },
    done: async () => {
      await loading
      await telling
      await reporter?.done()
    },
    close: () => reporter?.close(),
  }
}

/** True for an end that needs no more words than that nothing was to do. */
export function isIdle({ problems, notes, bought, drafts, encoded }: Finished): boolean {
  return problems.length + notes.length + bought + drafts + encoded === 0
}

/** The folder with the files, as the person would type it. */
export function placeOf(end: Finished, told: Told): string {
  return [told.folder, end.out].filter((part) => part !== '' && part !== '.').join('/')
}

/** Says that nothing was to do. It stands here so that a run of that kind loads no other words. */
export function idleText(end: Finished, told: Told): string {
  const { fresh, seconds } = end
  const { command } = told
  const where = placeOf(end, told)
  if (command === 'resume') return 'Nothing to settle: no purchase is open.'
  const state =
    fresh === 0
      ? 'every file is as the lock says'
      : `${amountOf(fresh, 'image')} ${fresh === 1 ? 'is' : 'are'} up to date`
  const place = where === '' ? '' : ` in ${where}`
  return command === 'check'
    ? `Good: ${state}${place}.`
    : `Nothing to do: ${state}${place} (${spanOf(seconds)}).`
}
