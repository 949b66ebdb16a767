import type { BuildOptions, ReadOptions } from '../build/options.ts'
import type { BuildEvent } from '../core/events.ts'
import type { Pending } from '../core/pending.ts'
import type { Note, Problem } from '../core/problems.ts'

/** Everything a watch can tell: what its builds tell, and its own. */
export type WatchEvent =
  | BuildEvent
  /** The first pass is over; from now on a save is seen. Paths relative to the project. */
  | { readonly type: 'watching'; readonly files: readonly string[]; readonly out: string }
  /** Files were saved and stand still; a pass follows. Relative to the project. */
  | { readonly type: 'changed'; readonly files: readonly string[] }
  /** Manifest, config, lock or journal cannot be used; what was made last stays as it is. */
  | { readonly type: 'broken'; readonly problems: readonly Problem[] }
  /** Files, words or alt texts of these images are other ones now. */
  | { readonly type: 'rebuilt'; readonly images: readonly string[] }
  | PendingEvent
  /** The session would buy these by itself, and may not: nothing fits into what is left of the budget, or none was given where one is needed. */
  | {
      readonly type: 'held-back'
      readonly why: 'budget' | 'day-budget' | 'no-budget'
      readonly images: readonly string[]
      readonly limit: number | null
      readonly spent: number
    }
  /** These were no longer what somebody had agreed to buy, because their words were edited since; they were not bought. */
  | { readonly type: 'withdrawn'; readonly images: readonly string[] }
  | { readonly type: 'closed' }

/** How things stand after a pass: what only a purchase can bring, and what stands in the way of others. */
export interface PendingEvent {
  readonly type: 'pending'
  readonly pending: readonly Pending[]
  /** Credits of all that is pending; null when a price is not known. */
  readonly total: number | null
  /** Credits that were or may have been spent since midnight UTC, by the journal. */
  readonly today: number
  /** Credits that this session has spent or reserved. */
  readonly spent: number
  /** Credits that it may spend in all; null is no limit. */
  readonly limit: number | null
  /** Every image of the manifest. */
  readonly images: readonly string[]
  /** Images whose purchase was submitted and not followed to its end; the next order follows it up for nothing. */
  readonly open: readonly string[]
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
}

/** Options of `watch`. */
export interface WatchOptions
  extends
    Omit<ReadOptions, 'only' | 'draft' | 'onEvent'>,
    Pick<BuildOptions, 'allowUnknownPrices' | 'concurrency' | 'service' | 'graceMs'> {
  /**
   * Buy by itself what is pending, once nobody edits; `with-budget` only where a budget is given. Default false: only
   * `buy()` buys.
   */
  readonly buy?: boolean | 'with-budget'
  /** Credits this session may spend. Default: the config's `budget.run`; where `buy` has none, 300 (a service on this machine: no limit). */
  readonly budget?: number
  readonly onEvent?: (event: WatchEvent) => void
  /** Closes the watch when it aborts. */
  readonly signal?: AbortSignal
  /** Milliseconds without another save before a pass. Default 80. */
  readonly settleMs?: number
  /** Milliseconds without an edit before `buy` buys. Default 3,000. */
  readonly calmMs?: number
}

/** A watch that runs. */
export interface Watcher {
  /** What the last pass found to be bought. */
  readonly pending: () => readonly Pending[]
  /** Buys these images of the list last told, or all of it: calling it is the consent. Words edited since are not bought. */
  readonly buy: (ids?: readonly string[], options?: { readonly budget?: number }) => void
  /** Makes a pass as if something had been saved. */
  readonly rebuild: () => void
  /** Ends it: nothing more is bought, what is in flight has its grace. Resolves when all is written. */
  readonly close: () => Promise<void>
  /** Resolves when the watch is closed; rejects when it ended by a bug. */
  readonly done: Promise<void>
}
