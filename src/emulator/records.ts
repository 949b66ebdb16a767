import type { Log } from './disk.ts'
import { type JobRecord, isRefunded } from './jobs.ts'

/** Every job, idempotency key and credit the service knows; each change is in the log before it is here. */
export interface Records {
  readonly jobs: ReadonlyMap<string, JobRecord>
  /** Throws `DiskError`, and then there is no such job. */
  readonly accept: (job: JobRecord) => void
  /** The job that an idempotency key of an account stands for, for 24 hours. */
  readonly replayOf: (account: string, key: string, nowMs: number) => JobRecord | null
  /** How many pictures of a prompt have been promised so far. */
  readonly takesOf: (prompt: string) => number
  /** When a job that is accepted now can begin if only so many may run at once. */
  readonly slotFreeAt: (maxConcurrentJobs: number, nowMs: number) => number
  readonly balance: (nowMs: number) => number
  readonly granted: () => number
  readonly grant: (credits: number) => void
  readonly countReplay: (job: string) => void
  readonly countRefusal: (why: string) => void
  readonly replays: ReadonlyMap<string, number>
  readonly refusals: ReadonlyMap<string, number>
  readonly webhookStatus: (job: JobRecord) => 'pending' | 'delivered' | 'failed' | null
  readonly settleWebhook: (job: string, status: 'pending' | 'delivered' | 'failed') => void
  /** Forgets everything, on disk too, and begins with so many credits. */
  readonly reset: (credits: number) => void
}

type Entry =
  | JobRecord
  | { readonly type: 'granted'; readonly credits: number }
  | { readonly type: 'replayed'; readonly job: string }
  | { readonly type: 'refused'; readonly why: string }
  | {
      readonly type: 'webhook'
      readonly job: string
      readonly status: 'pending' | 'delivered' | 'failed'
    }

const KEY_LIFE_MS = 24 * 60 * 60 * 1000

/** Reads the log's entries back; a new log begins with so many credits. */
export function openRecords(log: Log, credits: number): Records {
  const books = createBooks()
  // Lines of our own file; unknown ones are of another version and change nothing.
  for (const entry of log.entries) apply(books, entry as Entry)
  const record = (entry: Entry): void => {
    log.append(entry)
    apply(books, entry)
  }
  if (log.entries.length === 0) record({ type: 'granted', credits })
  return {
    jobs: books.jobs,
    accept: record,
    replayOf: (account, key, nowMs) => {
      const job = books.jobs.get(books.keys.get(keyOf(account, key)) ?? '')
      return job !== undefined && nowMs - job.createdMs < KEY_LIFE_MS ? job : null
    },
    takesOf: (prompt) => books.takes.get(prompt) ?? 0,
    slotFreeAt: (maxConcurrentJobs, nowMs) => {
      if (maxConcurrentJobs === Infinity) return nowMs
      const ends = [...books.jobs.values()].flatMap((job) => (job.endMs > nowMs ? [job.endMs] : []))
      if (ends.length < maxConcurrentJobs) return nowMs
      return ends.sort((a, b) => a - b)[ends.length - maxConcurrentJobs] ?? nowMs
    },
    balance: (nowMs) => balanceOf(books, nowMs),
    granted: () => books.granted,
    grant: (credits) => record({ type: 'granted', credits }),
    countReplay: (job) => record({ type: 'replayed', job }),
    countRefusal: (why) => record({ type: 'refused', why }),
    replays: books.replays,
    refusals: books.refusals,
    webhookStatus: (job) => (job.webhook === null ? null : (books.webhooks.get(job.id) ?? 'pending')),
    settleWebhook: (job, status) => record({ type: 'webhook', job, status }),
    reset: (credits) => {
      log.clear()
      clear(books)
      record({ type: 'granted', credits })
    },
  }
}

interface Books {
  granted: number
  charged: number
  /** Jobs that give their credits back sooner or later. */
  readonly refundable: JobRecord[]
  readonly jobs: Map<string, JobRecord>
  /** Job id by account and idempotency key. */
  readonly keys: Map<string, string>
  readonly takes: Map<string, number>
  readonly replays: Map<string, number>
  readonly refusals: Map<string, number>
  readonly webhooks: Map<string, 'pending' | 'delivered' | 'failed'>
}

function createBooks(): Books {
  return {
    granted: 0,
    charged: 0,
    refundable: [],
    jobs: new Map(),
    keys: new Map(),
    takes: new Map(),
    replays: new Map(),
    refusals: new Map(),
    webhooks: new Map(),
  }
}

function clear(books: Books): void {
  books.granted = 0
  books.charged = 0
  books.refundable.length = 0
  for (const map of [books.jobs, books.keys, books.takes, books.replays, books.refusals, books.webhooks]) {
    map.clear()
  }
}

function apply(books: Books, entry: Entry): void {
  switch (entry.type) {
    case 'job':
      books.jobs.set(entry.id, entry)
      books.charged += entry.cost
      if (isRefunded(entry, Infinity)) books.refundable.push(entry)
      books.takes.set(entry.prompt, entry.firstTake + entry.count - 1)
      if (entry.idempotencyKey !== null) {
        books.keys.set(keyOf(entry.account, entry.idempotencyKey), entry.id)
      }
      return
    case 'granted':
      books.granted += entry.credits
      return
    case 'replayed':
      books.replays.set(entry.job, (books.replays.get(entry.job) ?? 0) + 1)
      return
    case 'refused':
      books.refusals.set(entry.why, (books.refusals.get(entry.why) ?? 0) + 1)
      return
    case 'webhook':
      books.webhooks.set(entry.job, entry.status)
  }
}

/** Never negative, not even when the clock goes back behind a refund that was spent again. */
function balanceOf(books: Books, nowMs: number): number {
  const refunded = books.refundable.reduce((sum, job) => sum + (isRefunded(job, nowMs) ? job.cost : 0), 0)
  return Math.max(0, books.granted - books.charged + refunded)
}

function keyOf(account: string, key: string): string {
  return `${account} ${key}`
}
