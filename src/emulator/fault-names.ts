/** Every way the emulator can go wrong on demand. */
export type FaultName =
  | 'rate-limited'
  | 'rate-limited-date'
  | 'rate-limited-bare'
  | 'unavailable'
  | 'server-error'
  | 'gateway-timeout'
  | 'blocked'
  | 'key-unknown'
  | 'key-inactive'
  | 'reset'
  | 'job-gone'
  | 'reset-after'
  | 'no-answer'
  | 'slow-answer'
  | 'slow-body'
  | 'invalid-json'
  | 'failed-capacity'
  | 'failed-policy'
  | 'failed-other'
  | 'failed-unrefunded'
  | 'cancelled'
  | 'stuck'
  | 'unknown-status'
  | 'string-result'
  | 'empty-images'
  | 'fewer-images'
  | 'expired'
  | 'private-url'
  | 'file-url'
  | 'file-missing'
  | 'picture-truncated'
  | 'picture-cut'
  | 'picture-html'
  | 'picture-empty'
  | 'picture-svg'
  | 'picture-bomb'
  | 'picture-endless'
  | 'picture-slow'
  | 'redirect-private'
  | 'redirect-file'
  | 'redirect-loop'
  | 'webhook-hex'
  | 'webhook-bytes'
  | 'webhook-forged'
  | 'webhook-twice'
  | 'webhook-never'

/** What each fault does, in a sentence for people. */
export const FAULTS: Readonly<Record<FaultName, string>> = {
  'rate-limited': 'Answers 429 with Retry-After in seconds (seconds=N, default 1).',
  'rate-limited-date': 'Answers 429 with Retry-After as an HTTP date (seconds=N from now, default 1).',
  'rate-limited-bare': 'Answers 429 without Retry-After.',
  unavailable: 'Answers 503, as in an outage of the queue or the database.',
  'server-error': 'Answers 500, which the service does not document.',
  'gateway-timeout': 'Answers 504 with a page of HTML.',
  blocked:
    'Answers 403 with the plain text "error code: 1010", as a bot filter in front of the service does.',
  'key-unknown': 'Answers 401, as if the key had been revoked.',
  'key-inactive': 'Answers 403, as if the key had been deactivated.',
  reset: 'Resets the connection; nothing is accepted or charged.',
  'job-gone': 'Answers 404 about a job that was accepted.',
  'reset-after': 'Resets the connection after the work is done: a submitted job exists and is charged.',
  'no-answer': 'Does the work and never answers: a submitted job exists and is charged.',
  'slow-answer': 'Does the work and answers late (seconds=N, default 10).',
  'slow-body': 'Sends the headers at once and the body in small pieces (over seconds=N, default 10).',
  'invalid-json': 'Does the work and answers with JSON that ends in the middle.',
  'failed-capacity': 'The job fails for want of capacity; refunded.',
  'failed-policy': 'The job fails because of the content policy; refunded.',
  'failed-other': 'The job fails for another reason; refunded.',
  'failed-unrefunded': 'The job fails, creditCost is null and the credits stay spent.',
  cancelled: 'The job ends as CANCELLED; the credits stay spent.',
  stuck: 'The job stays PROCESSING for ever.',
  'unknown-status': 'The job has a status that nobody has heard of, for ever.',
  'string-result': 'The job completes with the older form of result, a bare URL.',
  'empty-images': 'The job completes without any picture.',
  'fewer-images': 'The job completes with one picture less than was asked for.',
  expired: 'The job completes, and its files have already been purged.',
  'private-url': 'The job completes with picture URLs that lead into a private network.',
  'file-url': 'The job completes with file: URLs.',
  'file-missing': 'The picture is answered with 404.',
  'picture-truncated': 'The picture ends in the middle, and the length says so too.',
  'picture-cut': 'The connection breaks in the middle of the picture.',
  'picture-html': 'A page of HTML stands where the picture should be.',
  'picture-empty': 'The picture has no bytes.',
  'picture-svg': 'The picture is an SVG document.',
  'picture-bomb': 'The picture is a small PNG that unfolds to 268 megapixels.',
  'picture-endless': 'The picture goes on for 4 GiB.',
  'picture-slow': 'The picture drips, a few bytes a second.',
  'redirect-private': 'The picture is redirected to an address of a private network.',
  'redirect-file': 'The picture is redirected to a file: URL.',
  'redirect-loop': 'The picture is redirected to itself.',
  'webhook-hex': 'Webhooks are signed with the hex text of the hashed key.',
  'webhook-bytes': 'Webhooks are signed with the bytes of the hashed key.',
  'webhook-forged': 'Webhooks carry a wrong signature.',
  'webhook-twice': 'Every webhook is delivered twice.',
  'webhook-never': 'No webhook is sent.',
}

/** All names, in the order of `FAULTS`. */
export const FAULT_NAMES: readonly FaultName[] = Object.keys(FAULTS).filter(isFaultName)

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

/**
 * When a fault strikes. `before` and `after`: around the handling of a request (of the submit route unless the rule
 * names another); `outcome`: when a job is accepted; `file`: at each download; `webhook`: when a job is accepted.
 */
export type FaultStage = 'before' | 'after' | 'outcome' | 'file' | 'webhook'

const BEFORE: ReadonlySet<FaultName> = new Set([
  'rate-limited',
  'rate-limited-date',
  'rate-limited-bare',
  'unavailable',
  'server-error',
  'gateway-timeout',
  'blocked',
  'key-unknown',
  'key-inactive',
  'reset',
  'job-gone',
] as const)

const AFTER: ReadonlySet<FaultName> = new Set([
  'reset-after',
  'no-answer',
  'slow-answer',
  'slow-body',
  'invalid-json',
] as const)

/** The stage at which a fault strikes. */
export function stageOf(fault: FaultName): FaultStage {
  if (BEFORE.has(fault)) return 'before'
  if (AFTER.has(fault)) return 'after'
  if (fault.startsWith('webhook-')) return 'webhook'
  return /^(file-missing|picture-|redirect-)/.test(fault) ? 'file' : 'outcome'
}
