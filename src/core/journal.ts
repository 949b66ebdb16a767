import { hash } from 'node:crypto'
import type { RequestParts } from './image.ts'
import type { Problem } from './problems.ts'

/** The version of the journal format this tool writes. */
export const JOURNAL_VERSION = 1

/** One step of a purchase, as a line of the journal. Times are ISO 8601 in UTC. */
export type JournalLine =
  | IntendedLine
  | {
      readonly step: 'accepted'
      readonly purchase: string
      readonly at: string
      readonly job: string
    }
  | {
      readonly step: 'finished'
      readonly purchase: string
      readonly at: string
      /** What the service says it charged; null when it does not say. */
      readonly credits: number | null
      readonly pictures: number
    }
  | {
      readonly step: 'stored'
      readonly purchase: string
      readonly at: string
      readonly takes: readonly { readonly take: number; readonly sha256: string }[]
    }
  | FailedLine

/** Written, and on disk, before the request leaves. */
export interface IntendedLine {
  readonly step: 'intended'
  /** The idempotency key. */
  readonly purchase: string
  readonly at: string
  readonly version: number
  readonly run: string
  readonly request: string
  readonly declared: string
  /** Absent in lines that were written before it was kept there. */
  readonly parts?: RequestParts
  readonly firstTake: number
  readonly count: number
  readonly epoch: number
  readonly provider: string
  readonly revision: string
  readonly model: string
  /** Ids that asked for it, for people. */
  readonly images: readonly string[]
  /** Exactly what is sent. */
  readonly body: string
  /** Credits reserved; null is unknown. */
  readonly reserved: number | null
  /** Origin of the service, `https://api.apiframe.ai`. */
  readonly origin: string
  /** First 8 hex digits of the key's sha256: tells accounts apart, gives nothing away. */
  readonly account: string
}

/**
 * How a purchase ended without all its pictures.
 * - `refused`, `capacity`, `other`, `invalid`: no charge, or a confirmed refund.
 * - `not-sent`: the service turned it away before there was a job (key, credits, rate, no network).
 * - `absent`: looked for and confirmed not to exist.
 * - `refund-unknown`, `incomplete`, `expired`, `gone`, `unreconciled`: charged, or nobody can say: a person decides.
 * - `forgotten`, `resubmitted`: what the person decided.
 */
export type FailureClass =
  | 'refused'
  | 'capacity'
  | 'other'
  | 'invalid'
  | 'not-sent'
  | 'absent'
  | 'refund-unknown'
  | 'incomplete'
  | 'expired'
  | 'gone'
  | 'unreconciled'
  | 'forgotten'
  | 'resubmitted'

export interface FailedLine {
  readonly step: 'failed'
  readonly purchase: string
  readonly at: string
  readonly class: FailureClass
  readonly text: string
  readonly credits: number | null
}

const DOUBTFUL: readonly FailureClass[] = ['refund-unknown', 'incomplete', 'expired', 'gone', 'unreconciled']

/** One purchase, replayed from its lines. */
export interface JournalPurchase {
  readonly intended: IntendedLine
  readonly job: string | null
  readonly finished: {
    readonly credits: number | null
    readonly pictures: number
    readonly at: string
  } | null
  readonly stored: readonly { readonly take: number; readonly sha256: string }[] | null
  readonly failed: FailedLine | null
}

/** Where a purchase stands: settled, to be followed up by the tool, or a person's to decide. */
export function standing(purchase: JournalPurchase): 'settled' | 'open' | 'in-doubt' {
  if (purchase.failed) return DOUBTFUL.includes(purchase.failed.class) ? 'in-doubt' : 'settled'
  return purchase.stored ? 'settled' : 'open'
}

/** The takes that purchases of one request brought, by number: the sha256 of each, which two of them may share. */
export function takesPaidFor(purchases: Iterable<JournalPurchase>): ReadonlyMap<number, string> {
  const takes = [...purchases].flatMap(({ stored }) => stored ?? [])
  return new Map(takes.map(({ take, sha256 }) => [take, sha256]))
}

/** Credits a purchase cost or may have cost: what the service said, else what was reserved; 0 once known to be free. Null is unknown. */
export function costOf(purchase: JournalPurchase): number | null {
  const { failed, finished, intended } = purchase
  if (failed) {
    if (['refused', 'capacity', 'other', 'invalid', 'not-sent', 'absent'].includes(failed.class)) return 0
    return failed.credits ?? finished?.credits ?? intended.reserved
  }
  return finished?.credits ?? intended.reserved
}

/** Purchases by the RequestKey they were made for, or by their declared digest, in the order they were intended. */
export function purchasesBy(
  name: 'request' | 'declared',
  purchases: Iterable<JournalPurchase>,
): ReadonlyMap<string, readonly JournalPurchase[]> {
  const groups = new Map<string, JournalPurchase[]>()
  for (const purchase of purchases) {
    const group = groups.get(purchase.intended[name])
    if (group) group.push(purchase)
    else groups.set(purchase.intended[name], [purchase])
  }
  return groups
}

/**
 * The epoch that the next purchase of a first take has, given the purchases of its request: it grows only after a
 * confirmed, refunded failure or a person's word.
 */
export function nextEpoch(purchases: readonly JournalPurchase[], firstTake: number): number {
  let epoch = 0
  for (const { intended, failed } of purchases) {
    if (intended.firstTake !== firstTake) continue
    const sameKeyAgain = failed === null || failed.class === 'not-sent'
    epoch = Math.max(epoch, sameKeyAgain ? intended.epoch : intended.epoch + 1)
  }
  return epoch
}

/** Prints one line, checksum last, newline included. */
export function printLine(line: JournalLine): string {
  const body = JSON.stringify(line).slice(0, -1)
  return `${body},"sum":"${checksum(body)}"}\n`
}

/**
 * The same purchases in as few lines as tell them: what replays from these lines is what is given, but for the bodies
 * of settled purchases, which nobody sends again.
 */
export function compacted(purchases: Iterable<JournalPurchase>): readonly JournalLine[] {
  return [...purchases].flatMap((purchase): readonly JournalLine[] => {
    const { intended, job, finished, stored, failed } = purchase
    const { purchase: key, at } = intended
    const settled = standing(purchase) === 'settled'
    return [
      settled ? { ...intended, body: '' } : intended,
      ...(job === null ? [] : [{ step: 'accepted', purchase: key, at, job } as const]),
      ...(finished === null ? [] : [{ step: 'finished', purchase: key, ...finished } as const]),
      ...(stored === null
        ? []
        : [{ step: 'stored', purchase: key, at: finished?.at ?? at, takes: stored } as const]),
      ...(failed === null ? [] : [failed]),
    ]
  })
}

export interface Replay {
  /** By idempotency key, in the order they were intended. */
  readonly purchases: ReadonlyMap<string, JournalPurchase>
  /**
   * How the last line ends. `torn` is what a crash left behind: it counts for nothing, and a writer cuts it off.
   * `unended` is whole but for its newline, which a writer adds.
   */
  readonly end: 'whole' | 'torn' | 'unended'
}

/**
 * Replays a journal's text. A torn last line is normal after a crash and is left out; damage anywhere else is a
 * problem, because what was paid for can no longer be told.
 */
export function replay(text: string, file: string): Replay | { readonly problem: Problem } {
  const purchases = new Map<string, JournalPurchase>()
  let at = 0
  for (let number = 1; at < text.length; number += 1) {
    const end = text.indexOf('\n', at)
    const raw = text.slice(at, end === -1 ? text.length : end)
    const line = parseLine(raw)
    if (line === null) {
      const last = end === -1 || end === text.length - 1
      if (!last || !isTorn(raw, end !== -1)) return { problem: damaged(file, number) }
      return { purchases, end: 'torn' }
    }
    if (line.step === 'intended' && line.version > JOURNAL_VERSION) {
      return { problem: newer(file, line.version) }
    }
    apply(purchases, line)
    if (end === -1) return { purchases, end: 'unended' }
    at = end + 1
  }
  return { purchases, end: 'whole' }
}

/**
 * Tells a write that was cut short from damage: it lacks the line's end, or a power cut left zeros where bytes should
 * be. A line that came to its end was on disk, and whatever it says may have been acted upon.
 */
function isTorn(raw: string, ended: boolean): boolean {
  return /\0{8}/.test(raw) || !(ended || /,"sum":"[^"]{8}"\}/.test(raw))
}

function apply(purchases: Map<string, JournalPurchase>, line: JournalLine): void {
  const known = purchases.get(line.purchase)
  if (line.step === 'intended') {
    // Sent again after a certain non-charge (`not-sent`): the same purchase, open again.
    purchases.set(line.purchase, { intended: line, job: null, finished: null, stored: null, failed: null })
    return
  }
  if (!known) return
  if (line.step === 'accepted') purchases.set(line.purchase, { ...known, job: line.job, failed: null })
  if (line.step === 'finished') {
    const { credits, pictures } = line
    purchases.set(line.purchase, { ...known, finished: { credits, pictures, at: line.at } })
  }
  if (line.step === 'stored') purchases.set(line.purchase, { ...known, stored: line.takes })
  if (line.step === 'failed') purchases.set(line.purchase, { ...known, failed: line })
}

function parseLine(raw: string): JournalLine | null {
  const body = raw.slice(0, -SUM_LENGTH)
  if (raw.slice(-SUM_LENGTH) !== `,"sum":"${checksum(body)}"}`) return null
  // The checksum vouches for the bytes, and only printLine makes it.
  return JSON.parse(`${body}}`) as JournalLine
}

/** Characters of `,"sum":"01234567"}`. */
const SUM_LENGTH = 18

function checksum(body: string): string {
  return hash('sha256', body, 'hex').slice(0, 8)
}

function damaged(file: string, line: number): Problem {
  return {
    code: 'journal/damaged',
    message: `${file} is damaged in line ${line}. It is the record of what was paid for, so nothing was bought. Restore the file from a backup; if there is none, delete that line by hand, knowing that the purchase it names may be bought again.`,
  }
}

function newer(file: string, version: number): Problem {
  return {
    code: 'journal/newer',
    message: `${file} was written by a newer pixelkiln (journal version ${version}; this one reads ${JOURNAL_VERSION}). Update pixelkiln; nothing was bought.`,
  }
}

/** Purchases that wait for a person's word, or for another answer of the service. */
export function doubtfulPurchases(known: ReadonlyMap<string, JournalPurchase>): readonly JournalPurchase[] {
  return [...known.values()].filter((purchase) => standing(purchase) === 'in-doubt')
}

/** Purchases that the tool can follow up by itself. */
export function openPurchases(known: ReadonlyMap<string, JournalPurchase>): readonly JournalPurchase[] {
  return [...known.values()].filter((purchase) => standing(purchase) === 'open')
}
