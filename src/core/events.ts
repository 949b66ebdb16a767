import type { Problem, Note } from './problems.ts'

/** Everything a run can tell; reporters turn it into words, `--json` prints it as it is. */
export type BuildEvent =
  /** What the run is about to do. `credits` is null when a price is unknown. */
  | {
      readonly type: 'planned'
      readonly pictures: number
      readonly purchases: number
      readonly credits: number | null
      readonly drafts: number
      readonly outputs: number
      readonly fresh: number
    }
  | { readonly type: 'note'; readonly note: Note }
  /** Another process holds the project; the run waits for it. */
  | { readonly type: 'waiting'; readonly holder: string }
  /** A purchase is on its way; `purchase` names it in later events. `usualSeconds` is what such a job mostly takes, or null. */
  | {
      readonly type: 'buying'
      readonly purchase: string
      readonly images: readonly string[]
      readonly model: string
      readonly count: number
      readonly credits: number | null
      readonly usualSeconds: number | null
      readonly reason: string
    }
  | { readonly type: 'accepted'; readonly purchase: string; readonly job: string }
  | { readonly type: 'progress'; readonly purchase: string; readonly percent: number | null }
  /** Stored, decoded and journalled. */
  | {
      readonly type: 'bought'
      readonly purchase: string
      readonly images: readonly string[]
      readonly pictures: number
      readonly credits: number | null
      readonly bytes: number
    }
  /** A purchase ended without a picture; its problem is told by `problem`. */
  | { readonly type: 'not-bought'; readonly purchase: string; readonly images: readonly string[] }
  /** The service asks for patience; all purchases wait together. */
  | { readonly type: 'braked'; readonly seconds: number; readonly why: string }
  | {
      readonly type: 'encoded'
      readonly image: string
      readonly outputs: number
      readonly bytes: number
      /** True when it is a stand-in, not the real picture. */
      readonly draft: boolean
      /** The smallest of its files, relative to the asset folder; null when it has none. */
      readonly smallest: { readonly path: string; readonly bytes: number } | null
    }
  | { readonly type: 'removed'; readonly path: string; readonly why: string }
  /** A data file or module was written for templates or code. */
  | { readonly type: 'emitted'; readonly path: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** The first Ctrl-C: no new purchases; so many are still in flight. */
  | { readonly type: 'stopping'; readonly inFlight: number }
  | {
      readonly type: 'finished'
      readonly ok: boolean
      readonly bought: number
      readonly credits: number
      readonly encoded: number
      readonly fresh: number
      readonly drafts: number
      readonly bytes: number
      readonly seconds: number
      readonly problems: readonly Problem[]
      readonly notes: readonly Note[]
      /** The asset folder, relative to the project. */
      readonly out: string
    }
