import { createHash } from 'node:crypto'
import type { Faults } from './faults.ts'
import type { JobRecord, ViewOptions } from './jobs.ts'
import type { Settings } from './options.ts'
import type { Pictures } from './pictures.ts'
import type { Records } from './records.ts'
import type { Tally } from './ledger.ts'
import type { Webhooks } from './webhooks.ts'

/** Everything the routes work with. */
export interface Service {
  readonly settings: Settings
  readonly records: Records
  readonly faults: Faults
  readonly pictures: Pictures
  readonly webhooks: Webhooks
  readonly tally: Tally
  /** Origin of this server, `http://127.0.0.1:4010`; known once it listens. */
  readonly origin: () => string
  /** Aborted when the server closes. */
  readonly signal: AbortSignal
}

/** Who is calling. */
export interface Caller {
  readonly key: string
  /** Fingerprint of the key; the key itself is never written down. */
  readonly account: string
  readonly user: string
}

/** Fills the balance up to what a first start has, where the settings say so. Throws `DiskError`. */
export function refill({ settings, records }: Pick<Service, 'settings' | 'records'>): void {
  const missing = settings.credits - records.balance(settings.clock.now())
  if (settings.refills && missing > 0) records.grant(missing)
}

/** Digest of a text, hex, so many digits. */
export function digestOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}

/** A UUID that follows from a text. */
export function uuidFrom(text: string): string {
  const hex = digestOf(text, 32)
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}

/** How jobs are shown at this moment. */
export function viewOptions(service: Service, job: JobRecord): ViewOptions {
  return {
    nowMs: service.settings.clock.now(),
    retentionMs: service.settings.retentionMs,
    origin: service.origin(),
    webhookStatus: service.records.webhookStatus(job),
  }
}
