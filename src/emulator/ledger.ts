import type { FaultRule, Faults } from './faults.ts'
import { isRefunded, momentOf } from './jobs.ts'
import type { Records } from './records.ts'

/** What was counted since this start of the emulator; charges, replays and refusals are in the records instead. */
export interface Tally {
  readonly countRequest: (route: string) => void
  readonly countPoll: (job: string) => void
  readonly countDownload: (job: string) => void
  readonly requests: ReadonlyMap<string, number>
  readonly polls: ReadonlyMap<string, number>
  readonly downloads: ReadonlyMap<string, number>
  readonly clear: () => void
}

/** Charges that belong together: those of one idempotency key, or of one prompt. */
interface Charges {
  /** Jobs that were charged. */
  readonly charges: number
  /** Of these, how many were given back. */
  readonly refunds: number
  readonly charged: number
  readonly refunded: number
  readonly jobs: readonly string[]
}

/** One job in the ledger. */
interface LedgerJob {
  readonly id: string
  readonly idempotencyKey: string | null
  readonly model: string
  readonly prompt: string
  readonly status: string
  readonly credits: number
  readonly refunded: boolean
  readonly replays: number
  readonly polls: number
  readonly downloads: number
}

/** Everything the emulator was asked and paid. */
export interface Ledger {
  readonly credits: {
    readonly granted: number
    readonly charged: number
    readonly refunded: number
    readonly balance: number
  }
  readonly submissions: {
    readonly accepted: number
    readonly replayed: number
    readonly refused: number
    /** By HTTP status, or `reset`. */
    readonly refusals: Readonly<Record<string, number>>
  }
  /** By idempotency key; a job without one stands under its id. */
  readonly keys: Readonly<Record<string, Charges>>
  readonly prompts: Readonly<Record<string, Charges>>
  /** Oldest first. */
  readonly jobs: readonly LedgerJob[]
  /** Requests by route since the start. */
  readonly requests: Readonly<Record<string, number>>
  readonly faults: readonly { readonly rule: FaultRule; readonly seen: number; readonly struck: number }[]
}

export function createTally(): Tally {
  const requests = new Map<string, number>()
  const polls = new Map<string, number>()
  const downloads = new Map<string, number>()
  return {
    countRequest: (route) => count(requests, route),
    countPoll: (job) => count(polls, job),
    countDownload: (job) => count(downloads, job),
    requests,
    polls,
    downloads,
    clear: () => {
      for (const map of [requests, polls, downloads]) map.clear()
    },
  }
}

function count(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1)
}

/** The ledger at a moment, as plain data. */
export function ledgerOf(
  service: { readonly records: Records; readonly tally: Tally; readonly faults: Faults },
  nowMs: number,
): Ledger {
  const { records, tally, faults } = service
  const jobs = [...records.jobs.values()].map((job): LedgerJob => ({
    id: job.id,
    idempotencyKey: job.idempotencyKey,
    model: job.model,
    prompt: job.prompt,
    status: momentOf(job, nowMs).status,
    credits: job.cost,
    refunded: isRefunded(job, nowMs),
    replays: records.replays.get(job.id) ?? 0,
    polls: tally.polls.get(job.id) ?? 0,
    downloads: tally.downloads.get(job.id) ?? 0,
  }))
  const all = chargesOf(jobs)
  return {
    credits: {
      granted: records.granted(),
      charged: all.charged,
      refunded: all.refunded,
      balance: records.balance(nowMs),
    },
    submissions: {
      accepted: jobs.length,
      replayed: sum([...records.replays.values()]),
      refused: sum([...records.refusals.values()]),
      refusals: Object.fromEntries(records.refusals),
    },
    keys: grouped(jobs, (job) => job.idempotencyKey ?? job.id),
    prompts: grouped(jobs, (job) => job.prompt),
    jobs,
    requests: Object.fromEntries(tally.requests),
    faults: faults.list(),
  }
}

function grouped(
  jobs: readonly LedgerJob[],
  nameOf: (job: LedgerJob) => string,
): Readonly<Record<string, Charges>> {
  const groups = new Map<string, LedgerJob[]>()
  for (const job of jobs) {
    const members = groups.get(nameOf(job))
    if (members) members.push(job)
    else groups.set(nameOf(job), [job])
  }
  return Object.fromEntries([...groups].map(([name, members]) => [name, chargesOf(members)]))
}

function chargesOf(jobs: readonly LedgerJob[]): Charges {
  const returned = jobs.filter((job) => job.refunded)
  return {
    charges: jobs.length,
    refunds: returned.length,
    charged: sum(jobs.map((job) => job.credits)),
    refunded: sum(returned.map((job) => job.credits)),
    jobs: jobs.map((job) => job.id),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
