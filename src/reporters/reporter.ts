import type { BuildEvent } from '../core/events.ts'

/** Where words go. */
export interface Screen {
  readonly write: (text: string) => void
  /** Live size. */
  readonly columns: () => number
  readonly isTerminal: boolean
  readonly colour: boolean
  readonly unicode: boolean
  readonly onResize?: (listener: () => void) => () => void
}

/** Time as a reporter needs it; `every` returns what stops it. */
export interface Ticker {
  readonly now: () => number
  readonly every: (delayMs: number, listener: () => void) => () => void
}

/** Turns the events of one run into something to read. */
export interface Reporter {
  readonly onEvent: (event: BuildEvent) => void
  /** Resolves when everything that was told is written. */
  readonly done: () => Promise<void>
  /** Restores the terminal; safe to call twice, also from a signal handler. */
  readonly close: () => void
}
