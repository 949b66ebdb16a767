import { randomUUID } from 'node:crypto'
import { canonicalJson } from '../core/keys.ts'
import { type GenerateBody, checkBody } from './body.ts'
import { type JobRecord, momentOf } from './jobs.ts'
import { type Reply, json, refusal } from './reply.ts'
import type { Settings } from './options.ts'
import { type Caller, type Service, digestOf, refill, uuidFrom } from './service.ts'
import { costOf, countOf, sizeOf } from './terms.ts'

/** A submit as it arrived; the caller's key has been accepted. */
export interface Submission {
  readonly caller: Caller
  /** The parsed body; undefined when it was not sent as JSON. */
  readonly body: unknown
  readonly idempotencyKey: string | null
}

/**
 * Answers `POST /v2/images/generate`, in this order: body (400), idempotency replay (202 or 409), concurrency (429),
 * credits (402), acceptance (202). The service documents no order; this one charges nothing by mistake. Credits are
 * taken at acceptance. Refused requests are not remembered for their idempotency key.
 */
export function submit(service: Service, submission: Submission): Reply {
  const { idempotencyKey, caller } = submission
  if (idempotencyKey !== null && idempotencyKey.length > 255) {
    return refusal(400, 'Idempotency-Key must be at most 255 characters')
  }
  const body = checkBody(submission.body)
  if ('details' in body) return json(400, { error: 'Invalid request body', details: body.details })
  const { records, settings } = service
  const nowMs = settings.clock.now()
  const bodyHash = hashOf(submission.body)
  const known = idempotencyKey === null ? null : records.replayOf(caller.account, idempotencyKey, nowMs)
  if (known !== null) {
    if (known.bodyHash !== bodyHash) {
      return refusal(409, 'Idempotency-Key was already used with a different request body')
    }
    records.countReplay(known.id)
    return json(202, { jobId: known.id, status: momentOf(known, nowMs).status })
  }
  const startMs = records.slotFreeAt(settings.maxConcurrentJobs, nowMs)
  if (startMs > nowMs && settings.beyondConcurrency === '429') {
    const seconds = String(Math.ceil((startMs - nowMs) / 1000))
    return refusal(429, 'Too many concurrent jobs', { 'retry-after': seconds })
  }
  const cost = costOf(body.facts, body.params, settings.prices)
  if (cost > records.balance(nowMs)) refill(service)
  const balance = records.balance(nowMs)
  if (cost > balance) {
    return json(402, { error: 'Insufficient credits', creditsRequired: cost, creditsAvailable: balance })
  }
  const job = makeJob(service, { submission, body, bodyHash, cost, nowMs, startMs })
  records.accept(job)
  service.webhooks.follow(job, caller.key)
  return json(202, { jobId: job.id, status: 'QUEUED' })
}

/** Equal for bodies that mean the same, whatever the order of their members. */
function hashOf(body: unknown): string {
  // It was parsed from JSON and checked.
  return digestOf(canonicalJson(body as Parameters<typeof canonicalJson>[0]), 32)
}

interface Terms {
  readonly submission: Submission
  readonly body: GenerateBody
  readonly bodyHash: string
  readonly cost: number
  readonly nowMs: number
  readonly startMs: number
}

function makeJob(service: Service, terms: Terms): JobRecord {
  const { settings, records, faults } = service
  const { submission, body, startMs } = terms
  const { facts, prompt, params } = body
  const number = records.jobs.size + 1
  const occasion = { route: 'submit', prompt, model: facts.id } as const
  const latencyMs = latencyOf(settings, `${settings.seed ?? ''} ${number} ${terms.bodyHash}`)
  const webhookFault = body.webhook && faults.strike({ ...occasion, stage: 'webhook' })
  return {
    type: 'job',
    id: settings.seed === null ? randomUUID() : uuidFrom(`${settings.seed} job ${number}`),
    user: submission.caller.user,
    account: submission.caller.account,
    idempotencyKey: submission.idempotencyKey,
    bodyHash: terms.bodyHash,
    input: body.input,
    model: facts.id,
    prompt,
    cost: terms.cost,
    count: countOf(facts, params),
    firstTake: records.takesOf(prompt) + 1,
    ...sizeOf(facts, params),
    createdMs: terms.nowMs,
    // A tenth of the time is spent in the queue.
    startMs: startMs + Math.round(latencyMs / 10),
    endMs: startMs + latencyMs,
    outcome: faults.strike({ ...occasion, stage: 'outcome' })?.fault ?? null,
    webhook: body.webhook && { ...body.webhook, fault: webhookFault?.fault ?? null },
  }
}

/** Around the wish by its spread, following from the text. */
function latencyOf({ latencyMs, spread }: Pick<Settings, 'latencyMs' | 'spread'>, text: string): number {
  const share = Number.parseInt(digestOf(text, 8), 16) / 0xffff_ffff
  return Math.round(latencyMs * (1 + spread * (2 * share - 1)))
}
