import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asDiskError } from './files.ts'

/** Hears from the service that a job has ended, so that its next poll need not wait. */
export interface Receiver {
  readonly port: number
  /** Resolves when a verified webhook about this job comes; never rejects. */
  readonly heard: (job: string) => Promise<void>
  readonly close: () => Promise<void>
}

export interface ReceiverOptions {
  /** Port on 127.0.0.1; 0 is any free one. */
  readonly port: number
  readonly apiKey: string
  /** Whether this run follows that job. */
  readonly follows: (job: string) => boolean
}

const MAX_BYTES = 1_000_000
const TIMEOUT_MS = 10_000
const EVENTS = ['completed', 'failed'] as const

/**
 * Listens on this machine only; a tunnel brings the service's calls here. What a webhook says is never trusted further
 * than this: "ask about this job now". Refuses wrong signatures, replays, bodies over 1 MB and jobs that this run does
 * not follow. Rejects with `DiskError` when the port is not to be had.
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const waiting = new Map<string, () => void>()
  /** Told about while nobody was waiting, but polling. */
  const told = new Set<string>()
  const seen = new Set<string>()
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
    (request, response) => {
      void receive(request, options, seen).then(({ status, job }) => {
        answer(response, status)
        if (job === null) return
        const wake = waiting.get(job)
        if (wake) wake()
        else told.add(job)
      })
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(asDiskError(`127.0.0.1:${options.port}`, error)))
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    heard: (job) =>
      new Promise((resolve) => {
        if (told.delete(job)) return resolve()
        waiting.set(job, () => {
          waiting.delete(job)
          resolve()
        })
        return undefined
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end()
}

/** The status to answer with, and the job that was told about when everything is in order. */
async function receive(
  request: IncomingMessage,
  { apiKey, follows }: ReceiverOptions,
  seen: Set<string>,
): Promise<{ readonly status: number; readonly job: string | null }> {
  if (request.method !== 'POST') return refused(405)
  const body = await readBody(request)
  if (body === null) return refused(413)
  const signature = request.headers['x-webhook-signature']
  if (typeof signature !== 'string' || !isSigned(body, signature, apiKey)) return refused(401)
  const told = parse(body)
  if (told === null) return refused(400)
  if (!follows(told.job)) return refused(404)
  const name = `${told.job} ${told.event}`
  if (seen.has(name)) return refused(409)
  seen.add(name)
  return { status: 204, job: told.job }
}

function refused(status: number): { readonly status: number; readonly job: null } {
  return { status, job: null }
}

/** Null when it is too large or breaks off. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return null
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > MAX_BYTES) return null
      pieces.push(piece)
    }
  } catch {
    return null
  }
  return Buffer.concat(pieces)
}

/**
 * The HMAC key is SHA-256 of the API key: its 32 bytes in the official SDK, their hex text in deliveries that were seen
 * in use. Either is accepted, both are always compared, each in constant time.
 */
function isSigned(body: Buffer, signature: string, apiKey: string): boolean {
  const given = Buffer.from(signature.replace(/^sha256=/, ''), 'latin1')
  const digest = createHash('sha256').update(apiKey).digest()
  const matches = [digest, digest.toString('hex')].map((secret) => {
    const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'), 'latin1')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return matches.includes(true)
}

function parse(body: Buffer): { readonly job: string; readonly event: string } | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value !== 'object' || value === null || !('jobId' in value) || !('event' in value)) return null
    const { jobId, event } = value
    const known = EVENTS.find((name) => name === event)
    return typeof jobId === 'string' && known ? { job: jobId, event: known } : null
  } catch {
    return null
  }
}
