import type { WatchEvent } from '../../watch/options.ts'
import type { Wish } from './pressed.ts'

/** Tells a person what a watch does, and takes their keys. */
export interface WatchReporter {
  readonly onEvent: (event: WatchEvent) => void
  /** Tells something that no event told. */
  readonly say: (text: string) => void
  /** Tells where the gallery is served. */
  readonly gallery: (url: string) => void
  /** Takes one key; what is wanted by it, if anything. */
  readonly press: (key: string) => Wish | null
  /** The person has asked to stop. */
  readonly closing: () => void
  /** Says how the session ended, and restores the terminal; safe to call twice. */
  readonly close: () => void
}
