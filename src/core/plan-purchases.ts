import type { Decision, Lacking, PlanInput } from './decide.ts'
import type { Image, ImageRequest, RequestParts } from './image.ts'
import { nextEpoch, purchasesBy } from './journal.ts'
import type { JournalPurchase } from './journal.ts'
import { purchaseKey } from './keys.ts'
import type { Problem } from './problems.ts'
import type { Take } from './take-index.ts'

/** One purchase: the only kind of job that costs money. */
export interface BuyJob {
  readonly kind: 'buy'
  /** The idempotency key. */
  readonly purchase: string
  readonly request: ImageRequest
  readonly requestKey: string
  readonly declared: string
  readonly parts: RequestParts
  readonly firstTake: number
  readonly count: number
  readonly epoch: number
  /** Every image that waits for these takes; the first one asked first. */
  readonly images: readonly string[]
  readonly reason: string
  readonly credits: number | null
}

/** Groups what is lacking by RequestKey, so that two images with one request buy once, and cuts it into jobs. */
export function purchasesOf(
  decisions: ReadonlyMap<string, Decision>,
  images: ReadonlyMap<string, Image>,
  input: PlanInput,
): {
  readonly jobs: readonly BuyJob[]
  readonly problems: readonly Problem[]
  readonly credits: number | null
} {
  const groups = new Map<string, { image: Image; ids: string[]; lacking: Lacking }>()
  for (const [id, decision] of decisions) {
    const image = images.get(id)
    if (!image || (decision.type !== 'buy' && decision.type !== 'have') || !decision.lacking) continue
    const group = groups.get(image.requestKey)
    if (!group) groups.set(image.requestKey, { image, ids: [id], lacking: decision.lacking })
    else {
      group.ids.push(id)
      const known = Math.max(group.lacking.known, decision.lacking.known)
      const wanted = Math.max(group.lacking.wanted, decision.lacking.wanted)
      group.lacking = { known, wanted, reason: group.lacking.reason }
    }
  }
  const earlier = purchasesBy('request', input.facts.purchases.values())
  const jobs: BuyJob[] = []
  const problems: Problem[] = []
  for (const group of groups.values()) {
    const made = jobsOf(group, input, earlier)
    if (Array.isArray(made)) jobs.push(...made)
    else problems.push(made)
  }
  const credits = jobs.reduce<number | null>(
    (sum, job) => (sum === null || job.credits === null ? null : sum + job.credits),
    0,
  )
  return { jobs, problems, credits }
}

function jobsOf(
  group: { readonly image: Image; readonly ids: readonly string[]; readonly lacking: Lacking },
  input: PlanInput,
  earlier: ReadonlyMap<string, readonly JournalPurchase[]>,
): BuyJob[] | Problem {
  const { image, ids, lacking } = group
  const { request, requestKey, declared, parts } = image
  const provider = input.providers.get(request.provider)
  if (!provider) {
    return {
      code: 'image/model-unknown',
      message: `${image.id} asks for the provider "${request.provider}", which is not there. The built-in ones are apiframe and sketch; others are named in pixelkiln.config.js.`,
      image: image.id,
    }
  }
  const { min, max } = provider.perJob(request.model)
  const purchases = earlier.get(requestKey) ?? []
  const jobs: BuyJob[] = []
  const lacks = takesLacking(lacking, purchases, input.facts.takes.get(requestKey) ?? [])
  for (let at = 0; at < lacks.length;) {
    const take = lacks[at] ?? 1
    const run = lacks.slice(at).filter((other, index) => other === take + index).length
    const count = Math.max(min, Math.min(max, run))
    const epoch = nextEpoch(purchases, take)
    jobs.push({
      kind: 'buy',
      purchase: purchaseKey({ request: requestKey, firstTake: take, count, epoch }),
      request,
      requestKey,
      declared,
      parts,
      firstTake: take,
      count,
      epoch,
      images: ids,
      reason: lacking.reason,
      credits: provider.price(request, count),
    })
    at += count
  }
  return jobs
}

/** Numbers of the takes to buy, ascending. A take that failed while a later one landed leaves a gap, which is filled first. */
function takesLacking(
  lacking: Lacking,
  purchases: readonly JournalPurchase[],
  listed: readonly Take[],
): readonly number[] {
  const known = [...purchases.flatMap(({ stored }) => stored ?? []), ...listed]
  const stored = new Set(known.map(({ take }) => take))
  // Pictures that another machine bought may be in no journal and no store here; they have the lowest numbers.
  let elsewhere = Math.max(0, lacking.known - stored.size)
  const lacks: number[] = []
  for (let take = 1; lacks.length < lacking.wanted - lacking.known; take += 1) {
    if (stored.has(take)) continue
    if (elsewhere > 0) elsewhere -= 1
    else lacks.push(take)
  }
  return lacks
}

/** Credits of several purchases; null when one of them is not known. */
export function sumOf(jobs: readonly BuyJob[]): number | null {
  return jobs.reduce<number | null>(
    (sum, job) => (sum === null || job.credits === null ? null : sum + job.credits),
    0,
  )
}
