/**
 * The states of a watch, and what moves it on:
 *
 * ```
 *            changed              quiet, rebuild                 changed meanwhile
 *    idle ─────────────▶ settling ──────────────▶ building ──────────────────────────▶ settling
 *     ▲ │                   ▲                      ▲  │ │ │
 *     │ │ rebuild, start    │                      │  │ │ │ done, nothing to buy
 *     │ └───────────────────┼──────────────────────┘  │ │ └──────────────────────────▶ idle
 *     │                     │ changed                 │ │
 *     │                     │        done, may buy    │ │ done, ordered
 *     │ buy              calming ◀────────────────────┘ │
 *     │                     │                           ▼         changed meanwhile
 *     │                     └──────── quiet, buy ───▶ buying ────────────────────────▶ settling
 *     └──────────────────────────────────────────────▲  │
 *                                                       └── done ────────────────────▶ building
 * ```
 *
 * `building` is the free pass: it makes files and sketches and never buys. `buying` carries an order out. In both a
 * change is noted (`again`) and an order kept (`order`): whatever comes meanwhile, exactly one more pass follows.
 * `close` ends every state at once, but for these two: they are `closing` until their run has come home.
 */
export type WatchState =
  | { readonly at: 'idle' }
  /** Something was saved; more may come. */
  | { readonly at: 'settling'; readonly order: Order | null }
  | { readonly at: 'building' | 'buying'; readonly again: boolean; readonly order: Order | null }
  /** All is made, and what may be bought unasked waits until nobody edits. */
  | { readonly at: 'calming'; readonly order: Order }
  | { readonly at: 'closing' }
  | { readonly at: 'closed' }

/** What is agreed to be bought: the purchases by the keys that were shown, so that words edited since are not bought. */
export interface Order {
  readonly purchases: readonly string[]
  /** Credits; null is what the session has. */
  readonly budget: number | null
  /** Whether a person said so, or the session may do it by itself. */
  readonly by: 'person' | 'session'
}

export type WatchInput =
  | { readonly type: 'start' }
  /** A file that counts was touched. */
  | { readonly type: 'changed' }
  /** The wait that was asked for is over. */
  | { readonly type: 'quiet' }
  | { readonly type: 'rebuild' }
  | { readonly type: 'buy'; readonly order: Order }
  /** The pass or the order came to its end; `may` is what the session may now buy by itself. */
  | { readonly type: 'done'; readonly may: Order | null }
  | { readonly type: 'close' }

/** What has to be done on a step. `wait` replaces an earlier wait, `nothing` lets it be, every other one ends it. */
export type WatchAction =
  | { readonly do: 'wait'; readonly for: 'saves' | 'calm' }
  | { readonly do: 'build' }
  | { readonly do: 'buy'; readonly order: Order }
  /** Tell the run that works to come home. */
  | { readonly do: 'stop' }
  | { readonly do: 'end' }
  | { readonly do: 'nothing' }

/** One step: the next state, and the one thing to do. */
export type WatchStep = readonly [next: WatchState, action: WatchAction]

export const WATCH_START: WatchState = { at: 'idle' }

/** Moves a watch on. Pure: no timer, no disk. */
export function watchStep(state: WatchState, input: WatchInput): WatchStep {
  switch (state.at) {
    case 'idle':
    case 'settling':
    case 'calming':
      return fromRest(state, input)
    case 'building':
    case 'buying':
      return fromWork(state, input)
    case 'closing':
      return input.type === 'done' ? [{ at: 'closed' }, { do: 'end' }] : stay(state)
    case 'closed':
      return stay(state)
  }
}

type Rest = WatchState & { readonly at: 'idle' | 'settling' | 'calming' }
type Work = WatchState & { readonly at: 'building' | 'buying' }

function fromRest(state: Rest, input: WatchInput): WatchStep {
  const kept = state.at === 'settling' ? state.order : null
  switch (input.type) {
    case 'changed':
      return settle(kept)
    case 'start':
    case 'rebuild':
      return pass(kept)
    case 'quiet':
      if (state.at === 'idle') return stay(state)
      return state.at === 'settling' ? pass(kept) : carryOut(state.order)
    case 'buy':
      // What was saved a moment ago comes first: the order may be about words that are no longer there.
      return state.at === 'settling' ? settle(both(kept, input.order)) : carryOut(input.order)
    case 'close':
      return [{ at: 'closed' }, { do: 'end' }]
    case 'done':
      return stay(state)
  }
}

function fromWork(state: Work, input: WatchInput): WatchStep {
  switch (input.type) {
    case 'changed':
    case 'rebuild':
      return stay({ ...state, again: true })
    case 'buy':
      return stay({ ...state, order: both(state.order, input.order) })
    case 'close':
      return [{ at: 'closing' }, { do: 'stop' }]
    case 'done':
      if (state.again) return settle(state.order)
      if (state.at === 'buying') return pass(state.order)
      if (state.order) return carryOut(state.order)
      return input.may
        ? [
            { at: 'calming', order: input.may },
            { do: 'wait', for: 'calm' },
          ]
        : rest()
    case 'start':
    case 'quiet':
      return stay(state)
  }
}

/** Two orders that wait become one, which may cost what both may. */
function both(first: Order | null, second: Order): Order {
  if (!first) return second
  const purchases = new Set([...first.purchases, ...second.purchases])
  const sum = first.budget === null || second.budget === null ? second.budget : first.budget + second.budget
  return { ...second, purchases: [...purchases], budget: sum }
}

function settle(order: Order | null): WatchStep {
  return [
    { at: 'settling', order },
    { do: 'wait', for: 'saves' },
  ]
}

function pass(order: Order | null): WatchStep {
  return [{ at: 'building', again: false, order }, { do: 'build' }]
}

function carryOut(order: Order): WatchStep {
  return [
    { at: 'buying', again: false, order: null },
    { do: 'buy', order },
  ]
}

function rest(): WatchStep {
  return [{ at: 'idle' }, { do: 'nothing' }]
}

function stay(state: WatchState): WatchStep {
  return [state, { do: 'nothing' }]
}
