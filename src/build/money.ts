import { fit } from '../core/budget.ts'
import type { Config } from '../core/config.ts'
import { costOf } from '../core/journal.ts'
import type { JournalPurchase } from '../core/journal.ts'
import { sumOf } from '../core/plan-purchases.ts'
import type { BuyJob } from '../core/plan-purchases.ts'
import type { Problem } from '../core/problems.ts'
import type { BuildOptions } from './options.ts'

/** Where nobody can be asked and no budget was given, a run may spend this much. */
export const UNASKED_LIMIT = 300

export interface Agreed {
  /** What may be bought. */
  readonly jobs: readonly BuyJob[]
  /** Credits of this run; null is no limit. */
  readonly limit: number | null
  readonly problems: readonly Problem[]
}

/** Decides what of the planned purchases may be bought: told to buy, a key, the budgets, a person's yes. */
export async function agreeOn(
  jobs: readonly BuyJob[],
  terms: {
    readonly options: BuildOptions
    readonly hasKey: boolean
    /** A service on this machine costs nothing: no question, and no budget but one that was given. */
    readonly loopback: boolean
    readonly budget: { readonly run?: number; readonly day?: number }
    /** Spent today before this run. */
    readonly today: number
    /** Whether manifest and lock are still what the purchases were planned by: a person may take an hour to answer. */
    readonly stillStands: () => boolean
  },
): Promise<Agreed> {
  const { options } = terms
  if (jobs.length === 0) return { jobs, limit: null, problems: [] }
  if (options.buy === 'settle') return { jobs: [], limit: 0, problems: [] }
  if (options.buy !== true) return { jobs: [], limit: 0, problems: [notBought(jobs)] }
  if (!terms.hasKey) return { jobs: [], limit: 0, problems: [keyMissing(jobs)] }
  const limit = limitOf(terms)
  const fitting = fit(jobs, {
    credits: limit,
    unknownPrices: options.allowUnknownPrices ?? false,
    partial: options.partial ?? false,
  })
  const problems = fitting.problem ? [fitting.problem] : []
  if (fitting.jobs.length === 0) return { jobs: [], limit, problems }
  if (options.agree && options.budget === undefined && !terms.loopback) {
    const credits = sumOf(fitting.jobs)
    const pictures = fitting.jobs.reduce((sum, job) => sum + job.count, 0)
    const yes = await options.agree({ pictures, purchases: fitting.jobs.length, credits })
    if (options.signal?.aborted === true) return { jobs: [], limit, problems }
    if (!yes) return { jobs: [], limit, problems: [...problems, notAgreed(jobs)] }
    if (!terms.stillStands()) return { jobs: [], limit, problems: [...problems, changedMeanwhile(jobs)] }
    // A yes is to what was shown: where prices have risen since, the rest waits for another.
    return { jobs: fitting.jobs, limit: least(limit, credits), problems }
  }
  return { jobs: fitting.jobs, limit, problems }
}

/** Whether somebody said how much may be spent. */
export function hasBudget(given: number | undefined, config: Config): boolean {
  return given !== undefined || config.budget?.run !== undefined || config.budget?.day !== undefined
}

/** Credits that were or may have been spent since midnight UTC. */
export function spentToday(purchases: Iterable<JournalPurchase>, nowMs: number): number {
  const day = new Date(nowMs).toISOString().slice(0, 10)
  let spent = 0
  for (const purchase of purchases) {
    // What a clock dated that was ahead is no gift: it counts from now until its day is over.
    if (purchase.intended.at.slice(0, 10) >= day) spent += costOf(purchase) ?? 0
  }
  return spent
}

function limitOf(terms: {
  readonly options: BuildOptions
  readonly budget: { readonly run?: number; readonly day?: number }
  readonly today: number
  readonly loopback: boolean
}): number | null {
  const { options, budget, today } = terms
  const run = options.budget ?? budget.run ?? (options.agree || terms.loopback ? null : UNASKED_LIMIT)
  const day = budget.day === undefined ? null : Math.max(0, budget.day - today)
  if (run === null) return day
  return day === null ? run : Math.min(run, day)
}

function least(limit: number | null, credits: number | null): number | null {
  return limit === null || credits === null ? (limit ?? credits) : Math.min(limit, credits)
}

function counted(jobs: readonly BuyJob[]): string {
  const images = new Set(jobs.flatMap((job) => job.images))
  const ids = [...images].slice(0, 5).join(', ')
  const rest = images.size > 5 ? ` and ${images.size - 5} more` : ''
  const credits = sumOf(jobs)
  return `${ids}${rest} (${credits === null ? 'price not known' : `${credits} credits`})`
}

function notBought(jobs: readonly BuyJob[]): Problem {
  return {
    code: 'stale/pending',
    message: `Not bought yet: ${counted(jobs)}. Nothing is bought here unless told; run "pixelkiln build" to buy.`,
  }
}

function keyMissing(jobs: readonly BuyJob[]): Problem {
  return {
    code: 'service/key-missing',
    message: `Still to be bought: ${counted(jobs)}, and there is no API key. Set APIFRAME_API_KEY to buy, or use --draft to work with sketches for now.`,
  }
}

function changedMeanwhile(jobs: readonly BuyJob[]): Problem {
  return {
    code: 'budget/not-agreed',
    message: `Not bought: ${counted(jobs)}. Manifest, config or lock were changed after the question had been asked. Run again to be asked about what they say now.`,
  }
}

function notAgreed(jobs: readonly BuyJob[]): Problem {
  return {
    code: 'budget/not-agreed',
    message: `Not bought: ${counted(jobs)}. Run again and say yes, or give a budget (--budget N).`,
  }
}
