import type { Json } from '../core/image.ts'
import type { FaultName } from './fault-names.ts'

/** What was decided when a job was accepted; everything else follows from it and the clock. */
export interface JobRecord {
  readonly type: 'job'
  readonly id: string
  readonly user: string
  /** Fingerprint of the API key. */
  readonly account: string
  readonly idempotencyKey: string | null
  readonly bodyHash: string
  /** The request body without webhook fields. */
  readonly input: Readonly<Record<string, Json>>
  readonly model: string
  readonly prompt: string
  readonly cost: number
  /** Pictures that were asked for. */
  readonly count: number
  /** Counts the pictures of one prompt through all jobs, so that asking again gives other pictures. */
  readonly firstTake: number
  readonly width: number
  readonly height: number
  readonly createdMs: number
  /** When it leaves the queue. */
  readonly startMs: number
  readonly endMs: number
  /** How it goes wrong; null when it does not. */
  readonly outcome: FaultName | null
  readonly webhook: WebhookWish | null
}

/** Where a job's webhooks go. */
interface WebhookWish {
  readonly url: string
  readonly events: readonly string[]
  readonly fault: FaultName | null
}

/** What a job is doing at one moment. */
export interface Moment {
  readonly status: string
  readonly progress: number
  readonly over: boolean
}

/**
 * QUEUED ─startMs─▶ PROCESSING ─endMs─▶ COMPLETED | FAILED | CANCELLED, all by the clock alone; `stuck` and
 * `unknown-status` never leave the second state. Progress rises in steps of ten.
 */
export function momentOf(job: JobRecord, nowMs: number): Moment {
  const { outcome, startMs, endMs } = job
  if (nowMs < startMs) return { status: 'QUEUED', progress: 0, over: false }
  const share = endMs > startMs ? (nowMs - startMs) / (endMs - startMs) : 1
  if (outcome === 'unknown-status') return { status: 'REVIEWING', progress: 50, over: false }
  if (outcome === 'stuck' || share < 1) {
    const progress = Math.min(90, Math.floor(share * 10) * 10)
    return { status: 'PROCESSING', progress, over: false }
  }
  if (outcome !== null && outcome in FAILURES) return { status: 'FAILED', progress: 0, over: true }
  if (outcome === 'cancelled') return { status: 'CANCELLED', progress: 0, over: true }
  return { status: 'COMPLETED', progress: 100, over: true }
}

/** The error texts; those about capacity and content were met in the service's documents and in use. */
const FAILURES: Readonly<Partial<Record<FaultName, string>>> = {
  'failed-capacity': 'No available capacity — please retry shortly',
  'failed-policy': 'Provider returned an error: content policy violation',
  'failed-other': 'Provider returned an error: unexpected end of stream',
  'failed-unrefunded': 'Provider returned an error: unexpected end of stream',
}

const REFUNDED: ReadonlySet<FaultName> = new Set([
  'failed-capacity',
  'failed-policy',
  'failed-other',
] as const)

/** True once the credits of a job have been given back. */
export function isRefunded(job: JobRecord, nowMs: number): boolean {
  return job.outcome !== null && REFUNDED.has(job.outcome) && momentOf(job, nowMs).over
}

/** True once the files of a completed job are gone. */
export function isExpired(job: JobRecord, nowMs: number, retentionMs: number): boolean {
  if (momentOf(job, nowMs).status !== 'COMPLETED') return false
  return job.outcome === 'expired' || nowMs >= job.endMs + retentionMs
}

/** What a view of a job needs beside it. */
export interface ViewOptions {
  readonly nowMs: number
  readonly retentionMs: number
  /** Origin of the result files. */
  readonly origin: string
  readonly webhookStatus: 'pending' | 'delivered' | 'failed' | null
}

/** A job as items of the list show it: without `input`. */
export function listItemOf(job: JobRecord, options: ViewOptions): Readonly<Record<string, Json>> {
  const { status, progress, over } = momentOf(job, options.nowMs)
  return {
    id: job.id,
    status,
    model: job.model,
    progress,
    result: status === 'COMPLETED' ? resultOf(job, options.origin) : null,
    error: status === 'FAILED' && job.outcome !== null ? (FAILURES[job.outcome] ?? null) : null,
    creditCost: creditCostOf(job, options.nowMs),
    webhookStatus: options.webhookStatus,
    createdAt: new Date(job.createdMs).toISOString(),
    completedAt: over ? new Date(job.endMs).toISOString() : null,
    expired: isExpired(job, options.nowMs, options.retentionMs),
  }
}

/** A job as `GET /v2/jobs/{id}` shows it. */
export function jobViewOf(job: JobRecord, options: ViewOptions): Readonly<Record<string, Json>> {
  return { ...listItemOf(job, options), input: job.input }
}

function creditCostOf(job: JobRecord, nowMs: number): number | null {
  if (isRefunded(job, nowMs)) return 0
  return job.outcome === 'failed-unrefunded' && momentOf(job, nowMs).over ? null : job.cost
}

/** The `result` of a completed job: URLs counted from 1, and Midjourney's grid. */
export function resultOf(job: JobRecord, origin: string): Json {
  const base = `${originOf(job, origin)}/images/${job.id}`
  if (job.outcome === 'string-result') return `${base}-1.png`
  const images = Array.from({ length: deliveredCount(job) }, (_, index) => `${base}-${index + 1}.png`)
  return job.model === 'midjourney' ? { images, gridUrl: `${base}-grid.png` } : { images }
}

function originOf(job: JobRecord, origin: string): string {
  if (job.outcome === 'private-url') return 'http://169.254.169.254'
  return job.outcome === 'file-url' ? 'file:///tmp' : origin
}

/** How many pictures a completed job has files of. */
export function deliveredCount(job: JobRecord): number {
  if (job.outcome === 'empty-images') return 0
  return job.outcome === 'fewer-images' ? Math.max(0, job.count - 1) : job.count
}
