import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import { isLoopbackHost } from '../core/base-url.ts'
import { DiskError } from '../effects/files.ts'
import { type JobRecord, listItemOf, momentOf, resultOf } from './jobs.ts'
import type { Settings } from './options.ts'
import type { Records } from './records.ts'

/** Sends the webhooks of jobs, to this machine only. */
export interface Webhooks {
  /** Follows a job that has just been accepted to its end. */
  readonly follow: (job: JobRecord, key: string) => void
}

interface Post {
  readonly url: string
  readonly event: string
  readonly body: string
  readonly signature: string
}

const TRIES = 3
const RETRY_PAUSE_MS = 1000
const ANSWER_WITHIN_MS = 10_000

/**
 * Jobs of an earlier run of the emulator are not followed any more: the key that signs is not kept, so what was not
 * delivered by then has failed.
 */
export function createWebhooks(options: {
  readonly settings: Settings
  readonly records: Records
  readonly origin: () => string
  readonly signal: AbortSignal
}): Webhooks {
  const { settings, records, origin, signal } = options
  for (const job of records.jobs.values()) {
    if (records.webhookStatus(job) === 'pending') records.settleWebhook(job.id, 'failed')
  }
  const follow = async (job: JobRecord, key: string): Promise<void> => {
    const { webhook } = job
    if (webhook === null || webhook.fault === 'webhook-never') return
    for (const { atMs, event } of eventsOf(job)) {
      await settings.clock.sleep(Math.max(0, atMs - settings.clock.now()), signal)
      if (signal.aborted || !records.jobs.has(job.id)) return
      const last = event !== 'progress'
      let delivered = true
      if (webhook.events.includes(event)) {
        const body = payloadOf(job, { event, atMs, origin: origin() })
        const signature = signatureFor(job, { body, key, form: settings.webhookForm })
        delivered = await deliver({ url: webhook.url, event, body, signature }, { job, settings, signal })
      }
      if (last && !signal.aborted) records.settleWebhook(job.id, delivered ? 'delivered' : 'failed')
    }
  }
  return {
    follow: (job, key) => {
      follow(job, key).catch((error: unknown) => {
        // A full disk loses the note that it was delivered, nothing else.
        if (!(error instanceof DiskError)) throw error
      })
    },
  }
}

/** What happens to a job and when; a job that never ends has progress only. */
function eventsOf(job: JobRecord): readonly { readonly atMs: number; readonly event: string }[] {
  const { startMs, endMs } = job
  const steps = Array.from(
    { length: 9 },
    (_, index) => startMs + Math.ceil(((endMs - startMs) * (index + 1)) / 10),
  )
  const progress = steps
    .filter((atMs) => momentOf(job, atMs).status === 'PROCESSING')
    .map((atMs) => ({ atMs, event: 'progress' }))
  const { over, status } = momentOf(job, endMs)
  return over
    ? [...progress, { atMs: endMs, event: status === 'COMPLETED' ? 'completed' : 'failed' }]
    : progress
}

function payloadOf(
  job: JobRecord,
  at: { readonly event: string; readonly atMs: number; readonly origin: string },
): string {
  const item = listItemOf(job, {
    nowMs: at.atMs,
    retentionMs: Infinity,
    origin: at.origin,
    webhookStatus: null,
  })
  const { status, progress, model, creditCost, completedAt, error } = item
  const head = { event: at.event, jobId: job.id, status }
  if (at.event === 'progress') return JSON.stringify({ ...head, progress, model })
  if (at.event === 'failed') return JSON.stringify({ ...head, error, model })
  const result = resultOf(job, at.origin)
  return JSON.stringify({ ...head, progress, result, model, creditCost, completedAt })
}

function signatureFor(
  job: JobRecord,
  signing: { readonly body: string; readonly key: string; readonly form: 'hex' | 'bytes' },
): string {
  const { body, key, form } = signing
  switch (job.webhook?.fault) {
    case 'webhook-hex':
      return signWebhook(body, key, 'hex')
    case 'webhook-bytes':
      return signWebhook(body, key, 'bytes')
    case 'webhook-forged':
      return signWebhook(body, `${key} of somebody else`, form)
    default:
      return signWebhook(body, key, form)
  }
}

/**
 * `X-Webhook-Signature` of a body: HMAC-SHA256 keyed with SHA-256 of the API key, as its hex text (seen in use) or its
 * bytes (as the official SDK verifies).
 */
export function signWebhook(body: string, apiKey: string, form: 'hex' | 'bytes'): string {
  const digest = createHash('sha256').update(apiKey).digest()
  const secret = form === 'hex' ? digest.toString('hex') : digest
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** True once the receiver answered with 2xx; how often the real service tries is not documented. */
async function deliver(
  post: Post,
  options: { readonly job: JobRecord; readonly settings: Settings; readonly signal: AbortSignal },
): Promise<boolean> {
  const { job, settings, signal } = options
  if (!isHere(post.url)) return false
  for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt += 1) {
    const status = await send(post, signal)
    const ok = status >= 200 && status < 300
    if (ok && job.webhook?.fault === 'webhook-twice') await send(post, signal)
    if (ok) return true
    if (attempt < TRIES) await settings.clock.sleep(RETRY_PAUSE_MS * attempt, signal)
  }
  return false
}

/** The emulator calls nobody but this machine. */
function isHere(url: string): boolean {
  const target = new URL(url)
  return target.protocol === 'http:' && isLoopbackHost(target.hostname)
}

/** Posts once; resolves with the status, 0 when there was no answer. */
async function send(post: Post, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const call = request(post.url, {
      method: 'POST',
      signal,
      timeout: ANSWER_WITHIN_MS,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(post.body)),
        'x-webhook-event': post.event,
        'x-webhook-signature': post.signature,
      },
    })
    call.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(0))
    call.end(post.body)
  })
}
