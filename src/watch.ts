import { WATCH_START, watchStep } from './core/watch-step.ts'
import type { Order, WatchAction, WatchInput } from './core/watch-step.ts'
import { systemClock } from './effects/clock.ts'
import type { WatchEvent, WatchOptions, Watcher } from './watch/options.ts'
import { openPasses } from './watch/passes.ts'
import type { Passes } from './watch/passes.ts'
import { openProjectFiles } from './watch/project-files.ts'
import { createWait } from './watch/wait.ts'
import type { Wait } from './watch/wait.ts'

const CALM_MS = 3_000

/**
 * Watches a project: makes files again as soon as something is saved, draws sketches of what is not bought, and says
 * what is pending. It buys only what `buy()` names, or by itself with `buy: true`, under the budget. See
 * `core/watch-step.ts` for its states.
 */
export function watch(options: WatchOptions = {}): Watcher {
  const tell = (event: WatchEvent): void => options.onEvent?.(event)
  const passes = openPasses(options, tell)
  const { send, done } = drive(options, passes, tell)
  const close = (): Promise<void> => {
    send({ type: 'close' })
    return done
  }
  const abort = (): void => void close().catch(() => undefined)
  if (options.signal?.aborted === true) abort()
  else options.signal?.addEventListener('abort', abort, { once: true })
  send({ type: 'start' })
  return {
    pending: () => passes.standing()?.pending ?? [],
    buy: (ids, { budget } = {}) => {
      const order = orderOf(passes, ids, budget)
      if (order) send({ type: 'buy', order })
    },
    rebuild: () => send({ type: 'rebuild' }),
    close,
    done,
  }
}

/** Does what the states ask for, one thing at a time, and tells them what came of it. */
function drive(
  options: WatchOptions,
  passes: Passes,
  tell: (event: WatchEvent) => void,
): { readonly send: (input: WatchInput) => void; readonly done: Promise<void> } {
  let state = WATCH_START
  const stop = new AbortController()
  const files = openProjectFiles(options, {
    passes,
    changed: () => send({ type: 'changed' }),
    isWorking: () => ['building', 'buying', 'closing'].includes(state.at),
    tell,
  })
  const wait: Wait = createWait(options.clock ?? systemClock, () => send({ type: 'quiet' }))
  const waiting: ((result: Promise<void>) => void)[] = []
  const done = new Promise<void>((resolve) => {
    waiting.push(resolve)
  })
  // Whoever asks for `done` hears of a bug; nobody has to.
  done.catch(() => undefined)
  const end = async (result: () => Promise<void>): Promise<void> => {
    state = { at: 'closed' }
    wait.cancel()
    await files.close()
    tell({ type: 'closed' })
    for (const finish of waiting.splice(0)) finish(result())
  }
  const work = (task: () => Promise<void>, may: () => Order | null): void => {
    const all = async (): Promise<void> => {
      await files.begin()
      await task()
      await files.rest()
      send({ type: 'done', may: stop.signal.aborted ? null : may() })
    }
    all().catch((error: unknown) => end(() => Promise.reject(error)))
  }
  const act = (action: WatchAction): void => {
    if (action.do === 'nothing') return
    if (action.do === 'wait') {
      if (action.for === 'calm') wait.calm(options.calmMs ?? CALM_MS)
      else wait.saves(options.settleMs, files.isHalfSaved)
      return
    }
    wait.cancel()
    if (action.do === 'stop') stop.abort()
    if (action.do === 'end') void end(() => Promise.resolve())
    if (action.do === 'build') work(() => passes.build(stop.signal), passes.may)
    if (action.do === 'buy')
      work(
        () => passes.buy(action.order, stop.signal),
        () => null,
      )
  }
  const send = (input: WatchInput): void => {
    const [next, action] = watchStep(state, input)
    state = next
    act(action)
  }
  return { send, done }
}

/** An order for ids of the list last told; null when there is nothing to do for it. */
function orderOf(
  passes: Passes,
  ids: readonly string[] | undefined,
  budget: number | undefined,
): Order | null {
  const standing = passes.standing()
  if (!standing) return null
  const wanted = standing.pending.filter(
    ({ images }) => ids === undefined || images.some((id) => ids.includes(id)),
  )
  const purchases = wanted.flatMap((entry) => entry.purchases)
  const follows = standing.open.images.some((id) => ids === undefined || ids.includes(id))
  return purchases.length > 0 || follows ? { purchases, budget: budget ?? null, by: 'person' } : null
}
