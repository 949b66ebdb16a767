import { type ProviderIo, type Reply, SendError, type Submitted } from '../../core/provider.ts'
import { errorText, fieldsOf, keyRefusal, oneLine, sentence, statusInWords } from './replies.ts'

/**
 * Sends a prepared purchase, the one call that can cost money. `rejected` is answered only where it is certain that no
 * job exists: when an earlier try of the same call may have arrived, a refusal of the last one is `unknown`. Messages
 * say what happened and leave the advice to the caller; those of `unknown` are phrases, the others sentences.
 */
export async function submit(
  purchase: { readonly key: string; readonly body: string },
  io: ProviderIo,
): Promise<Submitted> {
  try {
    const reply = await io.send({
      method: 'POST',
      path: '/v2/images/generate',
      body: purchase.body,
      idempotencyKey: purchase.key,
    })
    return readSubmit(reply)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    if (error.mayHaveArrived) return { type: 'unknown', message: error.message }
    const why = error.why === 'stopped' ? 'stopped' : 'unreachable'
    return { type: 'rejected', why, message: sentence(error.message) }
  }
}

function readSubmit(reply: Reply): Submitted {
  if (reply.status >= 200 && reply.status < 300) return readAccepted(reply)
  const answer = readRefusal(reply)
  // Also a 400: something in front of the service may refuse the second try of what the service took at the first.
  if (answer.type !== 'rejected' || !reply.earlierMayHaveArrived) return answer
  const { why } = answer
  const message = `an earlier try got no answer, and the last one ended with ${statusInWords(reply)}`
  return { type: 'unknown', message, ...(why === 'key' || why === 'credits' ? { stop: why } : {}) }
}

function readAccepted(reply: Reply): Submitted {
  const job = fieldsOf(reply.json)?.['jobId']
  // The id becomes part of a path and a line of the journal.
  if (typeof job === 'string' && /^[\w.:-]{1,200}$/.test(job)) return { type: 'accepted', job }
  return {
    type: 'unknown',
    message: `HTTP ${reply.status} without a job id that could be read`,
  }
}

function readRefusal(reply: Reply): Submitted {
  switch (reply.status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return { type: 'rejected', why: 'invalid', message: invalidInWords(reply) }
    case 401:
    case 403:
      return { type: 'rejected', why: 'key', message: capital(sentence(keyRefusal(reply))) }
    case 402:
      return { type: 'rejected', why: 'credits', message: creditsInWords(reply) }
    case 409:
      return { type: 'conflict', message: conflictInWords(reply) }
    case 429:
      return {
        type: 'rejected',
        why: 'busy',
        message: `Apiframe is limiting calls, and went on doing so for as long as was worth waiting: ${statusInWords(reply)}.`,
      }
    case 301:
    case 307:
    case 308:
    case 404:
    case 405:
    case 410:
      return {
        type: 'rejected',
        why: 'unreachable',
        message: `There is no Apiframe v2 API at this address (${statusInWords(reply)}). Check APIFRAME_BASE_URL.`,
      }
    default:
      return {
        type: 'unknown',
        message: statusInWords(reply),
      }
  }
}

/** The service's `details`, path by path, as one sentence each. */
function invalidInWords(reply: Reply): string {
  const details = Object.entries(fieldsOf(fieldsOf(reply.json)?.['details']) ?? {})
  const lines = details.slice(0, 10).flatMap(([path, texts]) => {
    const said = (Array.isArray(texts) ? texts : [texts]).map(oneLine).filter((text) => text !== null)
    return said.length === 0 ? [] : [`${oneLine(path) ?? 'the body'}: ${said.slice(0, 5).join(', ')}`]
  })
  const said = [errorText(reply), ...lines].filter((text) => text !== null)
  const reason = said.length === 0 ? `HTTP ${reply.status} without a reason` : said.join('; ')
  return `Apiframe refused the request as invalid: ${sentence(reason)}`
}

function creditsInWords(reply: Reply): string {
  const fields = fieldsOf(reply.json)
  const required = fields?.['creditsRequired']
  const available = fields?.['creditsAvailable']
  const figures =
    typeof required === 'number' && typeof available === 'number'
      ? `this job needs ${required}, the team has ${available}`
      : (errorText(reply) ?? 'no figures given')
  return `Not enough Apiframe credits: ${sentence(figures)}`
}

function conflictInWords(reply: Reply): string {
  const said = errorText(reply)
  return `Apiframe knows this purchase's idempotency key with another body, so a job exists${said === null ? '' : ` (${said})`}.`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
