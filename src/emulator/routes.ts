import type { IncomingMessage, ServerResponse } from 'node:http'
import { showCaller, showModels } from './account.ts'
import type { Gate } from './callers.ts'
import { CONTROL_PREFIX, control } from './control.ts'
import { earlyReply } from './early-faults.ts'
import type { FaultRoute } from './faults.ts'
import { pictureAt, sendPicture } from './files.ts'
import { jobViewOf } from './jobs.ts'
import { isUuid, listJobs } from './list.ts'
import { type Reply, deliver, refusal, reset, send } from './reply.ts'
import { type Caller, type Service, viewOptions } from './service.ts'
import { submit } from './submit.ts'

interface Parts {
  readonly service: Service
  readonly gate: Gate
}

/** One request, read whole. */
interface Question {
  readonly route: FaultRoute
  readonly path: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  /** The parsed body; undefined when there is none or it is no JSON. */
  readonly body: unknown
  /** What the request is about, as far as one can tell: faults are aimed at it. */
  readonly prompt: string | null
  readonly model: string | null
}

/**
 * Answers one request. Faults that strike before come first, then the key (but for models and files, which need none),
 * then the route.
 */
export async function handle(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { service } = parts
  const { path, query } = targetOf(request.url ?? '/')
  const body = parseBody(request, await readBody(request))
  if (path.startsWith(CONTROL_PREFIX)) return send(response, control(service, request, body))
  const route = routeOf(request.method ?? 'GET', path)
  service.tally.countRequest(route ?? 'unknown')
  if (route === null) return send(response, refusal(404, 'Not found'))
  const question = { route, path, query, request, body, ...subjectOf(service, path, body) }
  const { prompt, model } = question
  const early = service.faults.strike({ stage: 'before', route, prompt, model })
  if (early !== null) {
    const reply = earlyReply(early, service.settings.clock.now())
    if (route === 'submit') service.records.countRefusal(reply === 'reset' ? reply : String(reply.status))
    return reply === 'reset' ? reset(response) : send(response, reply)
  }
  if (route === 'file') {
    const picture = pictureAt(service, path)
    return picture === null
      ? send(response, refusal(404, 'Not found'))
      : sendPicture(service, response, picture)
  }
  const reply = replyTo(parts, question)
  if (route === 'submit' && reply.status !== 202) service.records.countRefusal(String(reply.status))
  const late = reply.status < 300 ? service.faults.strike({ stage: 'after', route, prompt, model }) : null
  await deliver(response, reply, { fault: late, clock: service.settings.clock, signal: service.signal })
}

/** Cut by hand: `//` and the like are paths here, where a URL parser would see a host, or nothing at all. */
function targetOf(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const cut = target.indexOf('?')
  return cut < 0
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, cut), query: new URLSearchParams(target.slice(cut)) }
}

const MOST_BODY_BYTES = 1024 * 1024

/** The body, or null when it is larger than any the service could take. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    const bytes = Buffer.from(piece as Uint8Array)
    size += bytes.length
    if (size <= MOST_BODY_BYTES) pieces.push(bytes)
  }
  return size > MOST_BODY_BYTES ? null : Buffer.concat(pieces)
}

/** As a server does that reads JSON only from requests that say so. */
function parseBody(request: IncomingMessage, bytes: Buffer | null): unknown {
  if (bytes === null || !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function routeOf(method: string, path: string): FaultRoute | null {
  if (method === 'POST') return path === '/v2/images/generate' ? 'submit' : null
  if (method !== 'GET' && method !== 'HEAD') return null
  if (path.startsWith('/images/')) return 'file'
  if (/^\/v2\/jobs\/[^/]+$/.test(path)) return 'job'
  switch (path) {
    case '/v2/jobs':
      return 'list'
    case '/v2/me':
      return 'me'
    case '/v2/models':
      return 'models'
    default:
      return null
  }
}

function subjectOf(
  service: Service,
  path: string,
  body: unknown,
): { readonly prompt: string | null; readonly model: string | null } {
  const named = pictureAt(service, path)?.job ?? service.records.jobs.get(jobIdIn(path)) ?? body
  if (typeof named !== 'object' || named === null) return { prompt: null, model: null }
  const { prompt, model } = named as { readonly prompt?: unknown; readonly model?: unknown }
  return {
    prompt: typeof prompt === 'string' ? prompt : null,
    model: typeof model === 'string' ? model : null,
  }
}

function jobIdIn(path: string): string {
  return path.slice('/v2/jobs/'.length).toLowerCase()
}

function replyTo({ service, gate }: Parts, question: Question): Reply {
  if (question.route === 'models') return showModels(service, question.query)
  const caller = gate.admit(question.request)
  if ('status' in caller) return caller
  switch (question.route) {
    case 'submit': {
      const header = question.request.headers['idempotency-key']
      const idempotencyKey = typeof header === 'string' && header !== '' ? header : null
      return submit(service, { caller, body: question.body, idempotencyKey })
    }
    case 'job':
      return showJob(service, caller, jobIdIn(question.path))
    case 'list':
      return listJobs(service, caller, question.query)
    case 'me':
      return showCaller(service, caller)
    case 'file':
      return refusal(404, 'Not found')
  }
}

function showJob(service: Service, caller: Caller, id: string): Reply {
  if (!isUuid(id)) return refusal(400, 'Invalid job id')
  const job = service.records.jobs.get(id)
  if (job === undefined || job.user !== caller.user) return refusal(404, 'Job not found')
  service.tally.countPoll(id)
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(jobViewOf(job, viewOptions(service, job))),
  }
}
