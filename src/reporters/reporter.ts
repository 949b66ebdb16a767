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

/** The last event of a run. */
export type Finished = BuildEvent & { type: 'finished' }

/** What the end is told about, beside its event. */
export interface Told {
  /** The command, for its own way of saying that nothing was to do. */
  readonly command: string
  /** The project's folder as the person would type it; empty for the present one. */
  readonly folder: string
}
