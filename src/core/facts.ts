import type { RequestParts } from './image.ts'
import type { JournalPurchase } from './journal.ts'
import type { Take } from './take-index.ts'

/** What is true on disk, seen once per run; all a plan knows of the world. */
export interface Facts {
  /** Takes in the store, by RequestKey, first take first. Only keys that were looked for. */
  readonly takes: ReadonlyMap<string, readonly Take[]>
  /** RequestKeys in the store by the declared digest they were bought for. */
  readonly requestsByDeclared: ReadonlyMap<string, string>
  /** RequestKeys whose takes cannot be told, because their list in the store is damaged. */
  readonly unreadable: ReadonlySet<string>
  /** Whether an original's bytes can be read from the store, by sha256. Absent means not there. */
  readonly originals: ReadonlyMap<string, OriginalFact>
  /** Originals that pins name; keyed by the pin as written. */
  readonly pinned: ReadonlyMap<string, PinnedOriginal>
  /** Output files by path below the asset folder: content as the lock counts it. */
  readonly outputs: ReadonlyMap<string, OutputFact>
  /** Every purchase of the journal. */
  readonly purchases: ReadonlyMap<string, JournalPurchase>
}

/** An original of the store, and what it was made for. */
export interface PinnedOriginal extends Take {
  readonly request: string
  readonly declared: string
  /** Null in what was stored before they were kept there. */
  readonly parts: RequestParts | null
  /** How many takes that request has. */
  readonly takes: number
}

export type OriginalFact = 'present' | 'lfs-pointer' | 'damaged'

export interface OutputFact {
  /** First 32 hex digits. */
  readonly sha256: string
  readonly bytes: number
  /** The OutputKey this file was derived under on this machine, where that is remembered. */
  readonly derivedUnder?: string
}
