import type { BuyJob } from './plan-purchases.ts'
import type { Problem } from './problems.ts'

/** How much a run may spend, in credits. */
export interface Allowance {
  /** Null is no limit. */
  readonly credits: number | null
  /** Buy also what has no known price. */
  readonly unknownPrices: boolean
  /** Over the limit, buy in manifest order until it is full, instead of nothing. */
  readonly partial: boolean
}

/** What of a list of purchases fits: all, some (`partial`), or none with the reason. */
export function fit(
  jobs: readonly BuyJob[],
  allowance: Allowance,
): { readonly jobs: readonly BuyJob[]; readonly problem: Problem | null } {
  const unknown = jobs.filter((job) => job.credits === null)
  if (unknown.length > 0 && !allowance.unknownPrices && allowance.credits !== null && !allowance.partial) {
    return { jobs: [], problem: unknownPrice(unknown) }
  }
  if (allowance.credits === null) return { jobs, problem: null }
  const sum = jobs.reduce((total, job) => total + (job.credits ?? 0), 0)
  if (sum <= allowance.credits && (unknown.length === 0 || allowance.unknownPrices))
    return { jobs, problem: null }
  if (!allowance.partial) return { jobs: [], problem: exceeded(jobs.length, sum, allowance.credits) }
  const fitting: BuyJob[] = []
  let left = allowance.credits
  for (const job of jobs) {
    if (job.credits === null ? !allowance.unknownPrices : job.credits > left) continue
    left -= job.credits ?? 0
    fitting.push(job)
  }
  return { jobs: fitting, problem: exceeded(jobs.length, sum, allowance.credits, fitting.length) }
}

/** Guards each submit of one run: what is reserved and what is spent never pass the limit together. */
export interface Purse {
  /** Sets credits aside; false when they do not fit any more. */
  readonly reserve: (credits: number | null) => boolean
  /** Replaces a reservation by what was charged; null keeps the reservation. */
  readonly settle: (reserved: number | null, charged: number | null) => void
  readonly spent: () => number
}

export function createPurse(limit: number | null): Purse {
  let reserved = 0
  let spent = 0
  return {
    reserve: (credits) => {
      if (limit !== null && reserved + spent + (credits ?? 0) > limit) return false
      reserved += credits ?? 0
      return true
    },
    settle: (credits, charged) => {
      reserved -= credits ?? 0
      spent += charged ?? credits ?? 0
    },
    spent: () => spent,
  }
}

/** What the purchases of a run come to, as it goes: the planned price, or what another of the same kind came to. */
export interface PriceList {
  readonly of: (job: BuyJob) => number | null
  readonly learn: (job: BuyJob, charged: number | null) => void
}

/** Knows the planned prices only. */
export function createPriceList(): PriceList {
  const dearest = new Map<string, number>()
  return {
    of: (job) => {
      const came = dearest.get(kindOf(job))
      return came === undefined ? job.credits : Math.max(came, job.credits ?? 0)
    },
    learn: (job, charged) => {
      if (charged !== null) dearest.set(kindOf(job), Math.max(charged, dearest.get(kindOf(job)) ?? 0))
    },
  }
}

function kindOf({ request, credits, count }: BuyJob): string {
  return JSON.stringify([request.provider, request.model, credits, count])
}

/** The problem of a purchase that the purse has nothing left for. */
export function overBudget(job: BuyJob, credits: number | null): Problem {
  return {
    code: 'budget/exceeded',
    message: `${job.images.join(', ')}: ${credits ?? '?'} credits more would pass the budget of this run. It was not bought.`,
    ...(job.images[0] === undefined ? {} : { image: job.images[0] }),
  }
}

function unknownPrice(jobs: readonly BuyJob[]): Problem {
  const names = [...new Set(jobs.map((job) => job.request.model))].join(', ')
  return {
    code: 'budget/unknown-price',
    message: `The price of ${names} is not known, so it counts as over the budget. Give it in the config ("prices"), or allow it with --allow-unknown-prices. Nothing was bought.`,
  }
}

function exceeded(count: number, sum: number, limit: number, bought?: number): Problem {
  const what = `${count} ${count === 1 ? 'purchase needs' : 'purchases need'} ${sum} credits, and the budget is ${limit}.`
  const how =
    bought === undefined
      ? `Nothing was bought. Raise it (--budget ${sum}), or buy what fits with --partial.`
      : `${bought} were bought in the manifest's order.`
  return { code: 'budget/exceeded', message: `${what} ${how}` }
}
