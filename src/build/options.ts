import type { BuildEvent } from '../core/events.ts'
import type { Clock } from '../effects/clock.ts'

/** What a purchase would cost, for the person who is asked. */
export interface Question {
  readonly pictures: number
  readonly purchases: number
  /** Null when a price is unknown. */
  readonly credits: number | null
}

/** Options of `plan`, `check` and `build`; every one may be left out. */
export interface ReadOptions {
  /** Folder that paths are given from. Default: the process's. */
  readonly cwd?: string
  /** Path of the manifest. Default: `pixelkiln.yaml`. */
  readonly manifest?: string
  /** Ids or globs (`home/*`); everything is validated, only matches are worked on. */
  readonly only?: readonly string[]
  /** Draw sketches instead of buying. Never buys. */
  readonly draft?: boolean
  /** The service is the emulator: store and journal are its own, and what it delivers is a draft. */
  readonly emulator?: boolean
  /** Every event of the run. */
  readonly onEvent?: (event: BuildEvent) => void
  /** Variables such as APIFRAME_API_KEY. Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Time and chance, for tests. */
  readonly clock?: Clock
}

export interface BuildOptions extends ReadOptions {
  /** Buy what is missing; `settle` only follows up what was submitted earlier. Default false: a library never spends unless told. */
  readonly buy?: boolean | 'settle'
  /** Of what is missing, make these purchases only, by their keys as `plan` names them; the rest waits. Default: all. */
  readonly purchases?: readonly string[]
  /** Credits this run may spend. Default: the config's, else 300 where nobody can be asked. */
  readonly budget?: number
  /** Buy also what has no known price. Default false. */
  readonly allowUnknownPrices?: boolean
  /** Over the budget, buy in manifest order until it is full. Default false: buy nothing. */
  readonly partial?: boolean
  /** Where to buy; asked for only when something is to be bought. Default: APIFRAME_BASE_URL and APIFRAME_API_KEY. */
  readonly service?: () => Promise<{ readonly baseUrl: string; readonly apiKey: string }>
  /** Asked before buying when no budget was given. Default: nobody is asked. */
  readonly agree?: (question: Question) => Promise<boolean>
  /** Buys nothing and never changes the lock; `unless-budget` (for CI) only while no budget is given. Default false. */
  readonly frozen?: boolean | 'unless-budget'
  /** Removes files and lock entries of images that the manifest no longer names. Default false. */
  readonly prune?: boolean
  /** Purchases at once. Default: the config's, else 4. */
  readonly concurrency?: number
  /** Wait for another run that holds the project. Default true. */
  readonly wait?: boolean
  /** First abort: no new purchases, a short grace for what is in flight. */
  readonly signal?: AbortSignal
  /** Milliseconds of that grace. Default 10,000. */
  readonly graceMs?: number
  /** Milliseconds for one try at fetching a picture, so that a drip ends. Default 60,000. */
  readonly downloadMs?: number
}
