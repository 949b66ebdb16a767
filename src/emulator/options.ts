import { type Clock, systemClock } from '../effects/clock.ts'
import { isLoopbackHost } from '../core/base-url.ts'
import type { FaultRule } from './faults.ts'

/** How the emulator behaves; every option may be left out. */
export interface EmulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined
  /** A loopback name or address; others are refused. Default `127.0.0.1`. */
  readonly host?: string | undefined
  /** How long a job takes on average. Default 2000. */
  readonly latencyMs?: number | undefined
  /** By what share of that single jobs are shorter or longer, from 0 to 1. Default 0.2. */
  readonly spread?: number | undefined
  /** Leaves out the header `x-pixelkiln-emulator`, by which answers are told from the real service's. */
  readonly plain?: boolean | undefined
  readonly keys?: KeyRules | undefined
  /** The role of every user; only a MEMBER may not list the team's jobs. Default ADMIN. */
  readonly role?: 'ADMIN' | 'MEMBER' | 'OWNER' | undefined
  /**
   * The team's balance at the first start. Default 1000; left out, and with a folder, it is filled up again to that at
   * every start and whenever it does not suffice, so that a demo never runs dry.
   */
  readonly credits?: number | undefined
  /** Keeps jobs, idempotency keys and credits in `service.jsonl` of this folder, so that they survive a kill. Without it they live in memory. */
  readonly folder?: string | undefined
  /** `sketch` draws each picture from its prompt; `canned` serves one small picture, a little different each time, for tests and benches. */
  readonly picture?: 'sketch' | 'canned' | undefined
  readonly faults?: readonly FaultRule[] | undefined
  /** Makes job ids and latencies the same in every run. Without it ids are random. */
  readonly seed?: string | undefined
  readonly clock?: Clock | undefined
  /** How long result files live after a job completed. Default 24 hours. */
  readonly retentionMs?: number | undefined
  /** Beyond so many calls in a minute, per key, the answer is 429. Default: no limit. */
  readonly rateLimit?: { readonly perMinute: number } | undefined
  /** How many jobs run at once. Default: no limit. */
  readonly maxConcurrentJobs?: number | undefined
  /** What happens to a job beyond that: it waits in QUEUED (default), or its submit is answered 429. */
  readonly beyondConcurrency?: 'queue' | '429' | undefined
  /** The form of the HMAC key of webhooks: hex text or bytes of the hashed API key. Default hex. */
  readonly webhookForm?: 'hex' | 'bytes' | undefined
  /** Credits per picture (Midjourney: per job) by model, over the table's. */
  readonly prices?: Readonly<Record<string, number>> | undefined
}

/** Which keys are accepted: any that begins with `afk_`, but for these. */
interface KeyRules {
  /** When given, no other key is known. */
  readonly known?: readonly string[]
  readonly unknown?: readonly string[]
  readonly inactive?: readonly string[]
  /** Whose a key is, by any name; keys that are not named belong to one and the same user. */
  readonly users?: Readonly<Record<string, string>>
}

/** The options with every default in place. */
export interface Settings {
  readonly port: number
  readonly host: string
  readonly latencyMs: number
  readonly spread: number
  readonly plain: boolean
  readonly keys: KeyRules
  readonly role: 'ADMIN' | 'MEMBER' | 'OWNER'
  readonly credits: number
  /** Whether the balance is filled up again when it runs low. */
  readonly refills: boolean
  readonly folder: string | null
  readonly picture: 'sketch' | 'canned'
  readonly faults: readonly FaultRule[]
  readonly seed: string | null
  readonly clock: Clock
  readonly retentionMs: number
  readonly callsPerMinute: number
  readonly maxConcurrentJobs: number
  readonly beyondConcurrency: 'queue' | '429'
  readonly webhookForm: 'hex' | 'bytes'
  readonly prices: Readonly<Record<string, number>>
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Puts the defaults in place. Throws RangeError for a host that is not this machine. */
export function settle(options: EmulatorOptions): Settings {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopbackHost(host)) {
    throw new RangeError('The emulator listens on this machine only: 127.0.0.1, ::1 or localhost.')
  }
  return {
    port: options.port ?? 0,
    host,
    latencyMs: options.latencyMs ?? 2000,
    spread: options.spread ?? 0.2,
    plain: options.plain ?? false,
    keys: options.keys ?? {},
    role: options.role ?? 'ADMIN',
    credits: options.credits ?? 1000,
    refills: options.credits === undefined && options.folder !== undefined,
    folder: options.folder ?? null,
    picture: options.picture ?? 'sketch',
    faults: options.faults ?? [],
    seed: options.seed ?? null,
    clock: options.clock ?? systemClock,
    retentionMs: options.retentionMs ?? DAY_MS,
    callsPerMinute: options.rateLimit?.perMinute ?? Infinity,
    maxConcurrentJobs: options.maxConcurrentJobs ?? Infinity,
    beyondConcurrency: options.beyondConcurrency ?? 'queue',
    webhookForm: options.webhookForm ?? 'hex',
    prices: options.prices ?? {},
  }
}
