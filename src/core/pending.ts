import type { Lock } from './lock.ts'
import type { Plan } from './plan.ts'

/** A picture, or several of the same words, that only a purchase can bring. */
export interface Pending {
  /** The first image that waits for it. */
  readonly id: string
  /** Every image that waits for it. */
  readonly images: readonly string[]
  /** `prompt changed`, `new image`. */
  readonly reason: string
  readonly model: string
  readonly pictures: number
  /** Null when the price is not known. */
  readonly credits: number | null
  /** Idempotency keys of the purchases it takes. */
  readonly purchases: readonly string[]
  readonly request: string
  /** What its files show meanwhile: a stand-in, the picture bought for earlier words, or nothing. */
  readonly shows: 'draft' | 'bought' | 'nothing'
  /** It was tried in this session and failed; only a person or other words try again. */
  readonly failed: boolean
}

/** What a plan would buy, one entry per request, in the manifest's order. */
export function pendingOf(plan: Plan, lock: Lock, failed: ReadonlySet<string>): readonly Pending[] {
  const entries = new Map<string, Pending>()
  for (const job of plan.jobs) {
    if (job.kind !== 'buy') continue
    const [id] = job.images
    if (id === undefined) continue
    const earlier = entries.get(job.requestKey)
    const entry = lock.images.get(id)
    entries.set(job.requestKey, {
      id,
      images: job.images,
      reason: job.reason,
      model: job.request.model,
      pictures: (earlier?.pictures ?? 0) + job.count,
      credits: sumOf(earlier ? earlier.credits : 0, job.credits),
      purchases: [...(earlier?.purchases ?? []), job.purchase],
      request: job.requestKey,
      shows: entry?.bought ? 'bought' : entry?.draft ? 'draft' : 'nothing',
      failed: failed.has(job.requestKey),
    })
  }
  return [...entries.values()]
}

/** Credits of several; null when one of them is not known. */
export function creditsOfAll(pending: readonly Pending[]): number | null {
  return pending.reduce<number | null>((sum, { credits }) => sumOf(sum, credits), 0)
}

/** What fits into so many credits, in the order given; null is no limit. What has no known price never fits unless allowed. */
export function affordable(
  pending: readonly Pending[],
  purse: { readonly credits: number | null; readonly unknownPrices: boolean },
): readonly Pending[] {
  let left = purse.credits ?? Number.POSITIVE_INFINITY
  return pending.filter(({ credits }) => {
    if (credits === null) return purse.unknownPrices
    if (credits > left) return false
    left -= credits
    return true
  })
}

/** Ids whose entry in the lock is another one now, and those that came or went; sorted by code unit. */
export function changedIds(before: Lock | null, after: Lock): readonly string[] {
  const ids = new Set([...(before?.images.keys() ?? []), ...after.images.keys()])
  return [...ids]
    .filter((id) => JSON.stringify(before?.images.get(id)) !== JSON.stringify(after.images.get(id)))
    .sort()
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
