import {
  type JobState,
  type OfferedPicture,
  type ProviderIo,
  type Reply,
  SendError,
} from '../../core/provider.ts'
import { type Fields, fieldsOf, keyRefusal, oneLine, sentence, statusInWords } from './replies.ts'

/** Asks once what a job is doing. Odd answers become `unreachable` or a completion without pictures, never an exception. */
export async function poll(job: string, io: ProviderIo): Promise<JobState> {
  try {
    return readJob(await io.send({ method: 'GET', path: `/v2/jobs/${encodeURIComponent(job)}` }), job)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    return { type: 'unreachable', message: error.message }
  }
}

function readJob(reply: Reply, asked: string): JobState {
  // Only the service itself can say that a job is gone; a page of some proxy or outage cannot.
  if (reply.status === 404 && fieldsOf(reply.json) !== null) {
    return { type: 'gone', message: `Apiframe does not know job ${asked}.` }
  }
  if (reply.status === 401 || reply.status === 403) return { type: 'locked-out', message: keyRefusal(reply) }
  const job = fieldsOf(reply.json)
  if (reply.status !== 200 || job === null || typeof job['status'] !== 'string') {
    return {
      type: 'unreachable',
      message: `no usable answer about the job: ${statusInWords(reply)}`,
    }
  }
  const id = job['id']
  if (typeof id === 'string' && id.toLowerCase() !== asked.toLowerCase()) {
    return { type: 'unreachable', message: `an answer about another job than ${asked}` }
  }
  return stateOf(job, job['status'])
}

function stateOf(job: Fields, status: string): JobState {
  const cost = job['creditCost']
  const credits = Number.isSafeInteger(cost) && Number(cost) >= 0 ? Number(cost) : null
  switch (status) {
    case 'COMPLETED':
      return {
        type: 'completed',
        pictures: picturesOf(job['result']),
        credits,
        expired: job['expired'] === true,
        tookMs: tookOf(job),
      }
    case 'FAILED': {
      const text = oneLine(job['error'])
      return {
        type: 'failed',
        why: failureOf(text ?? ''),
        message: sentence(text ?? 'no reason given'),
        credits,
      }
    }
    case 'CANCELLED': {
      const message = sentence(oneLine(job['error']) ?? 'the job was cancelled there')
      return { type: 'failed', why: 'cancelled', message, credits }
    }
    default:
      // QUEUED, PROCESSING, and whatever the service may come up with: not over, as far as anyone can tell.
      return { type: 'running', progress: progressOf(job['progress']) }
  }
}

/** The pictures of a result: `{ images: [url, …] }`, or the bare URL of older editions. Midjourney's grid is a preview, no picture. */
function picturesOf(result: unknown): readonly OfferedPicture[] {
  const fields = fieldsOf(result)
  const images = typeof result === 'string' ? [result] : fields?.['images']
  if (!Array.isArray(images)) return []
  return images
    .filter(
      (url): url is string => typeof url === 'string' && url.trim() !== '' && url !== fields?.['gridUrl'],
    )
    .map((url) => ({ type: 'url', url }))
}

/** [OAS] Job.createdAt and completedAt; null where one is missing or no time. */
function tookOf(job: Fields): number | null {
  const tookMs = Date.parse(String(job['completedAt'])) - Date.parse(String(job['createdAt']))
  return Number.isNaN(tookMs) ? null : tookMs
}

function progressOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : null
}

// The service has no error codes, only free text: these are the words met in its documents and in use.
const REFUSAL =
  /content[ _-]?(policy|filter)|safety|moderat|nsfw|violat|prohibited|inappropriate|sensitive (content|words?)|flagged|banned|guidelines|copyright/i
const CAPACITY = /capacity|overload|too many (requests|jobs)|rate.?limit|\bbusy\b|temporarily|retry shortly/i

/** Refusal words win: they come with a prompt that would be refused again, and again be paid for in time. */
function failureOf(text: string): 'refused' | 'capacity' | 'other' {
  if (REFUSAL.test(text)) return 'refused'
  return CAPACITY.test(text) ? 'capacity' : 'other'
}
