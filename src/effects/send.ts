import type { Call, Reply } from '../core/provider.ts'
import { SendError } from '../core/provider.ts'
import { asksForPatience, isRetryable, mayHaveBeenDone, retryDelayMs } from '../core/retry.ts'
import type { Clock } from './clock.ts'
import { ExchangeError } from './exchange-error.ts'
import { openConnections } from './http.ts'
import type { Connections } from './http.ts'

export interface SendOptions {
  /** Without a slash at its end; checked by `checkBaseUrl`. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Milliseconds for all tries of one call. Default three minutes. */
  readonly tryBudgetMs?: number
  /** Milliseconds for one try. Default one minute. */
  readonly timeoutMs?: number
  /** Go through the proxy that the environment names. */
  readonly proxy: boolean | string
  /** Told when all calls begin to wait. */
  readonly onBrake?: (seconds: number, why: string) => void
}

export interface Sender {
  /** See `ProviderIo.send`. `stopping` ends what goes before a try and between two, and leaves the one that is under way alone. */
  readonly send: (call: Call, stopping?: AbortSignal) => Promise<Reply>
  readonly close: () => Promise<void>
}

const TRY_BUDGET_MS = 180_000
/** Without any connection so far, waiting longer seldom helps, and nothing is at stake. */
const CONNECT_BUDGET_MS = 30_000
const TIMEOUT_MS = 60_000
const MAX_BYTES = 8_000_000
/** Calls leave the brake a little apart from each other, so that its end is no stampede. */
const SPREAD_MS = 250

/**
 * Opens the way to the service. Sends again only what is safe (GET, or a call with an idempotency key), with the same
 * bytes and key; 429 and 503 put one brake on all calls. The API key goes to this origin only, redirects are not
 * followed, and neither reply nor error text holds the key.
 */
export function createSend(options: SendOptions): Sender {
  const connections = openConnections({ proxy: options.proxy })
  const brake = createBrake(options)
  return {
    send: (call, stopping) =>
      sendPatiently(call, { options, connections, brake, stopping: stopping ?? options.signal }),
    close: () => connections.close(),
  }
}

/** One brake for everybody: nobody sends before its time. */
interface Brake {
  /** Waits until the brake is off; false when it will not be off by then, or the run is stopped. */
  readonly wait: (deadlineMs: number, signal: AbortSignal | undefined) => Promise<boolean>
  readonly pull: (delayMs: number, why: string) => void
}

function createBrake({ clock, onBrake }: SendOptions): Brake {
  let untilMs = 0
  return {
    wait: async (deadlineMs, signal) => {
      while (clock.now() < untilMs) {
        // Others may pull it again and again: a call waits for them, but not beyond its own time.
        if (untilMs > deadlineMs || signal?.aborted === true) return false
        await clock.sleep(untilMs - clock.now() + Math.floor(clock.random() * SPREAD_MS), signal)
      }
      return signal?.aborted !== true
    },
    pull: (delayMs, why) => {
      const until = clock.now() + delayMs
      if (until <= untilMs) return
      if (clock.now() >= untilMs) onBrake?.(Math.ceil(delayMs / 1000), why)
      untilMs = until
    },
  }
}

interface Way {
  readonly options: SendOptions
  readonly connections: Connections
  readonly brake: Brake
  readonly stopping: AbortSignal | undefined
}

type Result =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'failure'; readonly failure: ExchangeError }

async function sendPatiently(call: Call, way: Way): Promise<Reply> {
  const { options, brake, stopping } = way
  const { clock } = options
  const startMs = clock.now()
  const deadlineMs = startMs + (options.tryBudgetMs ?? TRY_BUDGET_MS)
  let earlierMayHaveArrived = false
  let last: Result | null = null
  for (let attempt = 0; ; attempt += 1) {
    if (!(await brake.wait(deadlineMs, stopping))) return giveUp(last, earlierMayHaveArrived, stopping)
    const result = await tryOnce(call, way)
    const delayMs = retryDelayMs({
      attempt,
      retryAfter: result.type === 'reply' ? result.reply.headers['retry-after'] : undefined,
      random: clock.random(),
      nowMs: clock.now(),
    })
    const patient = result.type === 'reply' && asksForPatience(result.reply.status)
    if (patient) brake.pull(delayMs, brakeReason(result.reply.status))
    const unconnected = !mayHaveArrived(result) && result.type === 'failure' && !earlierMayHaveArrived
    const untilMs = unconnected ? Math.min(deadlineMs, startMs + CONNECT_BUDGET_MS) : deadlineMs
    if (!worthRepeating(call, result) || clock.now() + delayMs > untilMs) {
      return conclude(result, earlierMayHaveArrived)
    }
    earlierMayHaveArrived ||= mayHaveArrived(result)
    last = result
    if (!patient) await clock.sleep(delayMs, stopping)
    if (stopping?.aborted === true) {
      // What stood in the way tells more than that nobody waits for it any longer.
      if (result.type === 'failure') return conclude(result, earlierMayHaveArrived)
      throw stopped(earlierMayHaveArrived)
    }
  }
}

function worthRepeating(call: Call, result: Result): boolean {
  if (call.method !== 'GET' && call.idempotencyKey === undefined) return false
  if (result.type === 'reply') return isRetryable(result.reply.status)
  return !result.failure.permanent && result.failure.why !== 'stopped'
}

function mayHaveArrived(result: Result): boolean {
  return result.type === 'reply' ? mayHaveBeenDone(result.reply.status) : result.failure.arrived
}

function conclude(result: Result, earlierMayHaveArrived: boolean): Reply {
  if (result.type === 'reply') return { ...result.reply, earlierMayHaveArrived }
  const { why, arrived, message } = result.failure
  const told = why === 'truncated' || why === 'refused-address' ? 'network' : why
  throw new SendError(told, arrived || earlierMayHaveArrived, message)
}

/** The brake outlasts the call: what came last is the answer, and when nothing was ever sent, that is certain. */
function giveUp(last: Result | null, earlierMayHaveArrived: boolean, signal?: AbortSignal): Reply {
  if (signal?.aborted === true) throw stopped(earlierMayHaveArrived)
  if (last !== null) {
    // `earlierMayHaveArrived` holds the last one already; saying it twice errs on the safe side.
    return conclude(last, earlierMayHaveArrived)
  }
  throw new SendError('time-out', false, 'the service asks for more patience than this call has')
}

function stopped(mayHaveArrived: boolean): SendError {
  return new SendError('stopped', mayHaveArrived, 'the run was stopped')
}

function brakeReason(status: number): string {
  return status === 429 ? 'the service limits calls (429)' : 'the service is overloaded (503)'
}

async function tryOnce(call: Call, { options, connections }: Way): Promise<Result> {
  const { apiKey } = options
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  try {
    if (!/^[\x21-\x7e]*$/.test(apiKey)) throw unsendableKey()
    const answer = await connections.exchange(`${options.baseUrl}${call.path}`, {
      method: call.method,
      headers: {
        'x-api-key': apiKey,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      totalMs: timeoutMs,
      idleMs: timeoutMs,
      maxBytes: MAX_BYTES,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const text = withoutKey(answer.body.toString('utf8'), apiKey)
    return {
      type: 'reply',
      reply: { status: answer.status, headers: answer.headers, text, json: parsed(text, apiKey) },
    }
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    return { type: 'failure', failure: error }
  }
}

function unsendableKey(): ExchangeError {
  const message = 'the API key holds blanks or other characters that no HTTP header can carry'
  return new ExchangeError('network', message, { arrived: false, permanent: true })
}

/** A service that repeats the key in an error would otherwise bring it into messages and the journal. */
function withoutKey(text: string, apiKey: string): string {
  return apiKey.length < 8 ? text : text.replaceAll(apiKey, '[key]')
}

function parsed(text: string, apiKey: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    // Escapes hide a key from whoever looks at the text alone.
    return text.includes('\\') ? JSON.parse(withoutKey(JSON.stringify(json), apiKey)) : json
  } catch {
    return undefined
  }
}
