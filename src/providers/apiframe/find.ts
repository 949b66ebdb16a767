import type { Json } from '../../core/image.ts'
import { canonicalJson, canonicalText } from '../../core/keys.ts'
import { type Found, type OpenPurchase, type ProviderIo, type Reply, SendError } from '../../core/provider.ts'
import { type Fields, fieldsOf } from './replies.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Clocks differ: jobs from a little before the purchase was intended are looked at too. */
const SKEW_MS = 10 * MINUTE_MS
const MOST_PAGES = 100
const MOST_JOBS_READ = 1000

/**
 * Looks for the job of a purchase whose answer never came: lists the model's jobs back to ten minutes before it was
 * intended, reads each one's `input`, and compares it with the stored body. Exactly one match is the job; none in a
 * window that was read whole, nor in the day before, is `absent`; anything that leaves a doubt is `unknown`, because `absent` permits another
 * purchase. Ids in `known` belong to other purchases. Two purchases with equal bodies must be looked for one after the
 * other, the first one's job put into `known`.
 */
export async function find(
  purchase: OpenPurchase,
  known: ReadonlySet<string>,
  io: ProviderIo,
): Promise<Found> {
  if (purchase.job !== null) return { type: 'job', job: purchase.job }
  const sent = readBody(purchase.body)
  if (sent === null) return { type: 'unknown' }
  try {
    const window = await readWindow(purchase, io, SKEW_MS)
    if (window === null) return { type: 'unreachable' }
    const found = await searchWindow({ window, sent, known }, io)
    return found.type === 'absent' ? await absentAllDay(purchase, { sent, known }, io) : found
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return { type: 'unreachable' }
  }
}

/**
 * Whether the whole day before holds no such job either: ours may have been a clock that was ahead when it wrote the
 * intent down. A job from then may be another's as well, so it only keeps the purchase from being called absent.
 */
async function absentAllDay(
  purchase: OpenPurchase,
  search: { readonly sent: SentBody; readonly known: ReadonlySet<string> },
  io: ProviderIo,
): Promise<Found> {
  const window = await readWindow(purchase, io, DAY_MS)
  if (window === null) return { type: 'unreachable' }
  const found = await searchWindow({ ...search, window }, io)
  return found.type === 'job' ? { type: 'unknown' } : found
}

interface Window {
  /** Ids of the model's jobs, newest first. */
  readonly jobs: readonly string[]
  /** False when some of the list may be missing, so that nothing can be called absent. */
  readonly whole: boolean
}

/** Pages through the list until it is older than the window, without trusting that it is sorted. Null when it is not to be had. */
async function readWindow(purchase: OpenPurchase, io: ProviderIo, beforeMs: number): Promise<Window | null> {
  const jobs = new Set<string>()
  let since: WindowStart | null = null
  let cursor: string | null = null
  let previousMs = Infinity
  let oldestMs = Infinity
  let sorted = true
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply = await io.send({ method: 'GET', path: listPath(purchase.model, cursor) })
    if (reply.status !== 200) return null
    const list = readList(reply)
    if (list === null) return { jobs: [...jobs], whole: false }
    since ??= windowStart(purchase.intendedMs, reply, beforeMs)
    for (const job of list.jobs) {
      if (job.createdMs > previousMs) sorted = false
      previousMs = job.createdMs
      oldestMs = Math.min(oldestMs, previousMs)
      if (job.createdMs >= since.ms && job.model === purchase.model) jobs.add(job.id)
    }
    const past = previousMs < since.ms
    if (past || list.next === null) {
      const reaches = since.kept || oldestMs < purchase.intendedMs - SKEW_MS
      return { jobs: [...jobs], whole: since.sure && reaches && (sorted || !past) }
    }
    if (list.next === cursor) break
    cursor = list.next
  }
  return { jobs: [...jobs], whole: false }
}

/**
 * Normally ten minutes before the intent. When the service's clock says that the intent lies in the future, ours was
 * wrong when it was written down: then the whole last day is looked at, and nothing can be called absent.
 */
function windowStart(intendedMs: number, reply: Reply, beforeMs: number): WindowStart {
  const serviceMs = Date.parse(reply.headers['date'] ?? '')
  if (Number.isNaN(serviceMs) || serviceMs + SKEW_MS >= intendedMs) {
    return { ms: intendedMs - beforeMs, sure: true, kept: serviceMs - intendedMs <= DAY_MS }
  }
  return { ms: serviceMs - DAY_MS - SKEW_MS, sure: false, kept: false }
}

interface WindowStart {
  readonly ms: number
  /** False when our clock was wrong at the intent. */
  readonly sure: boolean
  /**
   * True when a job of that time must still be listed. For how long jobs are is not documented, only that they outlast
   * their files, which are kept for a day: a job from before that may have left the list, unless an older one is in it.
   */
  readonly kept: boolean
}

function listPath(model: string, cursor: string | null): string {
  const query = `model=${encodeURIComponent(model)}&limit=100`
  return `/v2/jobs?${query}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
}

interface ListedJob {
  readonly id: string
  readonly model: string
  readonly createdMs: number
}

/** One page; null when it, or any job on it, cannot be read. */
function readList(
  reply: Reply,
): { readonly jobs: readonly ListedJob[]; readonly next: string | null } | null {
  const page = fieldsOf(reply.json)
  if (page === null || !Array.isArray(page['jobs'])) return null
  const jobs: ListedJob[] = []
  for (const item of page['jobs']) {
    const job = fieldsOf(item)
    const createdMs = Date.parse(String(job?.['createdAt']))
    if (typeof job?.['id'] !== 'string' || typeof job['model'] !== 'string') return null
    if (Number.isNaN(createdMs)) return null
    jobs.push({ id: job['id'], model: job['model'], createdMs })
  }
  const next = page['nextCursor']
  if (typeof next === 'string' && next !== '') return { jobs, next }
  return page['hasMore'] === true ? null : { jobs, next: null }
}

async function searchWindow(
  search: { readonly window: Window; readonly sent: SentBody; readonly known: ReadonlySet<string> },
  io: ProviderIo,
): Promise<Found> {
  const candidates = search.window.jobs.filter((job) => !search.known.has(job))
  let certain = search.window.whole && candidates.length <= MOST_JOBS_READ
  const matches: string[] = []
  for (const job of candidates.slice(0, MOST_JOBS_READ)) {
    const reply = await io.send({ method: 'GET', path: `/v2/jobs/${encodeURIComponent(job)}` })
    const likeness = reply.status === 200 ? compare(search.sent, fieldsOf(reply.json)?.['input']) : 'unclear'
    if (likeness === 'same') matches.push(job)
    if (likeness === 'unclear') certain = false
  }
  const [only, another] = matches
  if (only !== undefined) return another === undefined ? { type: 'job', job: only } : { type: 'unknown' }
  return { type: certain ? 'absent' : 'unknown' }
}

interface SentBody {
  readonly prompt: string
  readonly model: string
  readonly paramsKey: string | null
  readonly params: Fields
}

/** What counts in a request body; webhook fields do not. Null when it cannot be read. */
function readBody(text: string): SentBody | null {
  try {
    return readInput(JSON.parse(text))
  } catch {
    return null
  }
}

function readInput(value: unknown): SentBody | null {
  const body = fieldsOf(value)
  if (typeof body?.['prompt'] !== 'string' || typeof body['model'] !== 'string') return null
  const paramsKey = Object.keys(body).find((key) => key.endsWith('Params')) ?? null
  const params = paramsKey === null ? {} : fieldsOf(body[paramsKey])
  if (params === null) return null
  return { prompt: canonicalText(body['prompt']), model: body['model'], paramsKey, params }
}

/**
 * Whether a job's `input` is the body that was sent. How the service echoes it is not documented: an echo that lacks
 * params or has more of them, defaults filled in perhaps, is neither a match nor a difference.
 */
function compare(sent: SentBody, input: unknown): 'same' | 'different' | 'unclear' {
  const echoed = readInput(input)
  if (echoed === null) return 'unclear'
  if (echoed.prompt !== sent.prompt || echoed.model !== sent.model) return 'different'
  const names = new Set([...Object.keys(sent.params), ...Object.keys(echoed.params)])
  let likeness: 'same' | 'unclear' = echoed.paramsKey === sent.paramsKey ? 'same' : 'unclear'
  for (const name of names) {
    const inBoth = Object.hasOwn(sent.params, name) && Object.hasOwn(echoed.params, name)
    if (!inBoth) likeness = 'unclear'
    else if (!equal(sent.params[name], echoed.params[name])) return 'different'
  }
  return likeness
}

function equal(a: unknown, b: unknown): boolean {
  // Both come from JSON.parse, so they are Json.
  return canonicalJson(a as Json) === canonicalJson(b as Json)
}
