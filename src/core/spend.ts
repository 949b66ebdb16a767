import { costOf, standing } from './journal.ts'
import type { JournalPurchase } from './journal.ts'

/** What a group of purchases came to. */
export interface Spent {
  /** What the service said, else what was reserved. */
  readonly credits: number
  readonly purchases: number
  /** Pictures that were kept. */
  readonly pictures: number
  /** Purchases whose cost nobody knows; they count for nothing in `credits`. */
  readonly unpriced: number
}

export interface SpentByDay extends Spent {
  /** `2026-11-24`, in UTC: when the purchase was begun. */
  readonly day: string
}

export interface SpentByRun extends Spent {
  readonly run: string
  /** When its first purchase was begun, ISO 8601 in UTC. */
  readonly at: string
}

export interface SpentByImage extends Spent {
  /** Ids at the time of the purchase; several when they share one. */
  readonly images: readonly string[]
}

/** A purchase that is not settled, or ended without its pictures. */
export interface Unspent {
  readonly purchase: string
  readonly images: readonly string[]
  readonly model: string
  readonly at: string
  /** Credits reserved or, for what came back, charged before; null is unknown. */
  readonly credits: number | null
}

/** The ledger. Each of the three views adds up to `total`; what is in `underWay`, `inDoubt` and `refunded` is in none of them. */
export interface Ledger {
  readonly total: Spent
  /** Oldest first. */
  readonly days: readonly SpentByDay[]
  /** Oldest first. */
  readonly runs: readonly SpentByRun[]
  /** By their first id, by code unit. */
  readonly images: readonly SpentByImage[]
  /** Begun and not finished: the next run follows them up. */
  readonly underWay: readonly Unspent[]
  /** May have been charged, and nobody can say; also those that a person has given up. */
  readonly inDoubt: readonly Unspent[]
  /** Charged and given back. What never became a job is nowhere: it cost nothing. */
  readonly refunded: readonly Unspent[]
}

/** Sums a journal's purchases up, each counted once. */
export function ledgerOf(purchases: Iterable<JournalPurchase>): Ledger {
  const all = [...purchases].sort((a, b) => order(a.intended.at, b.intended.at))
  const kept = all.filter((purchase) => fate(purchase) === 'spent')
  const of = (wanted: Fate): readonly Unspent[] =>
    all.filter((purchase) => fate(purchase) === wanted).map(unspent)
  const days = groupsOf(kept, ({ intended }) => intended.at.slice(0, 10))
  const runs = groupsOf(kept, ({ intended }) => intended.run)
  const images = groupsOf(kept, ({ intended }) => JSON.stringify([...intended.images].sort(order)))
  return {
    total: sum(kept),
    days: days.map(([day, group]) => ({ day, ...sum(group) })),
    runs: runs.map(([run, group]) => ({ run, at: group[0]?.intended.at ?? '', ...sum(group) })),
    images: images
      .map(([, group]) => ({ images: [...(group[0]?.intended.images ?? [])].sort(order), ...sum(group) }))
      .sort((a, b) => order(a.images[0] ?? '', b.images[0] ?? '') || a.images.length - b.images.length),
    underWay: of('under-way'),
    inDoubt: of('in-doubt'),
    refunded: of('refunded'),
  }
}

type Fate = 'spent' | 'under-way' | 'in-doubt' | 'refunded' | 'never-charged'

function fate(purchase: JournalPurchase): Fate {
  const { failed, job } = purchase
  const stands = standing(purchase)
  if (stands !== 'settled') return stands === 'open' ? 'under-way' : 'in-doubt'
  switch (failed?.class) {
    case undefined:
      return 'spent'
    case 'refused':
    case 'capacity':
    case 'other':
      return job === null ? 'never-charged' : 'refunded'
    case 'invalid':
    case 'not-sent':
    case 'absent':
      return 'never-charged'
    default:
      // A person gave it up: known to be charged when the service had said so by then, else for ever in doubt.
      return chargedFor(purchase) === null ? 'in-doubt' : 'spent'
  }
}

function chargedFor({ failed, finished }: JournalPurchase): number | null {
  return failed?.credits ?? finished?.credits ?? null
}

function unspent(purchase: JournalPurchase): Unspent {
  const { intended } = purchase
  const { images, model, at, reserved } = intended
  // What came back is what had been set aside; `costOf` says 0 for it.
  const credits = fate(purchase) === 'refunded' ? reserved : costOf(purchase)
  return { purchase: intended.purchase, images, model, at, credits }
}

/** Groups in the order in which their first members come. */
function groupsOf(
  purchases: readonly JournalPurchase[],
  nameOf: (purchase: JournalPurchase) => string,
): readonly (readonly [string, readonly JournalPurchase[]])[] {
  const groups = new Map<string, JournalPurchase[]>()
  for (const purchase of purchases) {
    const name = nameOf(purchase)
    const group = groups.get(name)
    if (group) group.push(purchase)
    else groups.set(name, [purchase])
  }
  return [...groups]
}

function sum(purchases: readonly JournalPurchase[]): Spent {
  const costs = purchases.map(costOf)
  return {
    // In thousandths, so that prices such as 2.5 add up to the same in any order.
    credits: costs.reduce<number>((total, cost) => total + Math.round((cost ?? 0) * 1000), 0) / 1000,
    purchases: purchases.length,
    pictures: purchases.reduce((total, { stored }) => total + (stored?.length ?? 0), 0),
    unpriced: costs.filter((cost) => cost === null).length,
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
