import type { Original } from './image.ts'
import type { JournalPurchase } from './journal.ts'

/** What is true on disk, seen once per run; all a plan knows of the world. */
export interface Facts {
  /** Takes in the store, by RequestKey, first take first. Only keys that were looked for. */
  readonly takes: ReadonlyMap<string, readonly Original[]>
  /** RequestKeys in the store by the declared digest they were bought for. */
  readonly requestsByDeclared: ReadonlyMap<string, string>
  /** Whether an original's bytes can be read from the store, by sha256. Absent means not there. */
  readonly originals: ReadonlyMap<string, OriginalFact>
  /** Originals by the full sha256 that a pin names; keyed by the pin as written. */
  readonly pinned: ReadonlyMap<string, Original>
  /** Output files by path below the asset folder: content as the lock counts it. */
  readonly outputs: ReadonlyMap<string, OutputFact>
  /** Every purchase of the journal. */
  readonly purchases: ReadonlyMap<string, JournalPurchase>
}

export type OriginalFact = 'present' | 'lfs-pointer' | 'damaged'

export interface OutputFact {
  /** First 32 hex digits. */
  readonly sha256: string
  readonly bytes: number
  /** The OutputKey this file was derived under on this machine, where that is remembered. */
  readonly derivedUnder?: string
}
