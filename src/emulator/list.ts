import { type JobRecord, listItemOf, momentOf } from './jobs.ts'
import { type Reply, json, refusal } from './reply.ts'
import { type Caller, type Service, viewOptions } from './service.ts'
import { type Details, noneOf } from './words.ts'

const STATUSES = ['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** Answers `GET /v2/jobs`: newest first, page by page. */
export function listJobs(service: Service, caller: Caller, query: URLSearchParams): Reply {
  const details = checkQuery(query)
  const cursor = readCursor(query.get('cursor'))
  if (cursor === 'invalid') details['cursor'] = ['Invalid cursor']
  if (cursor === 'invalid' || Object.keys(details).length > 0) {
    return json(400, { error: 'Invalid query parameters', details })
  }
  const team = query.get('scope') === 'team'
  if (team && service.settings.role === 'MEMBER')
    return refusal(403, 'Only admins can list the jobs of the team')
  const nowMs = service.settings.clock.now()
  const own = [...service.records.jobs.values()].filter((job) => team || job.user === caller.user)
  const wanted = own.filter((job) => matches(job, query, nowMs)).sort(newestFirst)
  const from = cursor === null ? 0 : wanted.findIndex((job) => newestFirst(cursor, job) < 0)
  const limit = Number(query.get('limit') ?? 20)
  const page = from < 0 ? [] : wanted.slice(from, from + limit)
  const last = page.at(-1)
  const hasMore = last !== undefined && from + limit < wanted.length
  return json(200, {
    jobs: page.map((job) => listItemOf(job, viewOptions(service, job))),
    nextCursor: hasMore ? printCursor(last) : null,
    hasMore,
    ...(query.get('include_models') === 'true'
      ? { models: [...new Set(own.map((job) => job.model))].sort() }
      : {}),
  })
}

function checkQuery(query: URLSearchParams): Record<string, Details[string]> {
  const details: Record<string, Details[string]> = {}
  const expect = (name: string, fits: (value: string) => boolean, text: string): void => {
    const value = query.get(name)
    if (value !== null && !fits(value)) details[name] = [text]
  }
  expect('status', (value) => STATUSES.includes(value), noneOf(STATUSES))
  expect('scope', (value) => ['user', 'team'].includes(value), noneOf(['user', 'team']))
  expect('include_models', (value) => ['true', 'false'].includes(value), noneOf(['true', 'false']))
  expect('search', isUuid, 'Invalid UUID')
  expect('limit', (value) => /^-?\d+$/.test(value), 'Invalid input: expected number, received NaN')
  expect('limit', (value) => !(Number(value) > 100), 'Too big: expected number to be <=100')
  expect('limit', (value) => !(Number(value) < 1), 'Too small: expected number to be >=1')
  return details
}

function matches(job: JobRecord, query: URLSearchParams, nowMs: number): boolean {
  const [status, model, search] = [query.get('status'), query.get('model'), query.get('search')]
  if (model !== null && job.model !== model) return false
  if (search !== null && job.id !== search.toLowerCase()) return false
  return status === null || momentOf(job, nowMs).status === status
}

type Position = Pick<JobRecord, 'createdMs' | 'id'>

function newestFirst(a: Position, b: Position): number {
  if (a.createdMs !== b.createdMs) return b.createdMs - a.createdMs
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}

function printCursor(job: Position): string {
  return Buffer.from(`${job.createdMs} ${job.id}`).toString('base64url')
}

function readCursor(text: string | null): Position | null | 'invalid' {
  if (text === null) return null
  const [, createdMs, id = ''] = /^(\d+) (\S+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  return isUuid(id) ? { createdMs: Number(createdMs), id } : 'invalid'
}
