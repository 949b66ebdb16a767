import type { Call, Reply } from '../core/provider.ts'
import { SendError } from '../core/provider.ts'
import { asksForPatience, isRetryable, mayHaveBeenDone, retryDelayMs } from '../core/retry.ts'
import type { Clock } from './clock.ts'
import { ExchangeError, openConnections } from './http.ts'
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
  readonly proxy: boolean
  /** Told when all calls begin to wait. */
  readonly onBrake?: (seconds: number, why: string) => void
}

export interface Sender {
  readonly send: (call: Call) => Promise<Reply>
  readonly close: () => Promise<void>
}

const TRY_BUDGET_MS = 180_000
const TIMEOUT_MS = 60_000
const MAX_BYTES = 8_000_000

/**
 * Opens the way to the service. Sends again only what is safe (GET, or a call with an idempotency key), with the same
 * bytes and key; 429 and 503 put one brake on all calls. The API key goes to this origin only, redirects are not
 * followed, and no error text holds the key.
 */
export function createSend(options: SendOptions): Sender {
  const connections = openConnections({ proxy: options.proxy })
  const brake = createBrake(options)
  return {
    send: (call) => sendPatiently(call, { options, connections, brake }),
    close: () => connections.close(),
  }
}

/** One brake for everybody: nobody sends before its time. */
interface Brake {
  readonly wait: () => Promise<void>
  readonly pull: (delayMs: number, why: string) => void
}

function createBrake({ clock, signal, onBrake }: SendOptions): Brake {
  let untilMs = 0
  return {
    wait: async () => {
      for (;;) {
        if (clock.now() >= untilMs || signal?.aborted === true) return
        // A little apart from each other, so that the end of the brake is no stampede.
        await clock.sleep(untilMs - clock.now() + Math.floor(clock.random() * 250), signal)
      }
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
}

async function sendPatiently(call: Call, way: Way): Promise<Reply> {
  const { options, brake } = way
  const { clock } = options
  const deadlineMs = clock.now() + (options.tryBudgetMs ?? TRY_BUDGET_MS)
  const repeatable = call.method === 'GET' || call.idempotencyKey !== undefined
  let earlierMayHaveArrived = false
  for (let attempt = 0; ; attempt += 1) {
    await brake.wait()
    if (options.signal?.aborted === true)
      throw new SendError('stopped', earlierMayHaveArrived, 'the run was stopped')
    const result = await tryOnce(call, way)
    const again =
      'status' in result ? isRetryable(result.status) : result.why !== 'stopped' && result.why !== 'too-large'
    const delayMs = retryDelayMs({
      attempt,
      retryAfter: 'status' in result ? result.headers['retry-after'] : undefined,
      random: clock.random(),
      nowMs: clock.now(),
    })
    if (!again || !repeatable || clock.now() + delayMs > deadlineMs) {
      if ('status' in result) return { ...result, earlierMayHaveArrived }
      throw new SendError(result.why, result.mayHaveArrived || earlierMayHaveArrived, result.message)
    }
    earlierMayHaveArrived ||= 'status' in result ? mayHaveBeenDone(result.status) : result.mayHaveArrived
    if ('status' in result && asksForPatience(result.status)) {
      brake.pull(
        delayMs,
        result.status === 429 ? 'the service limits calls (429)' : 'the service is overloaded (503)',
      )
    } else await clock.sleep(delayMs, options.signal)
  }
}

/** One try: the reply, or the failure as a value. */
async function tryOnce(call: Call, way: Way): Promise<Omit<Reply, 'earlierMayHaveArrived'> | SendError> {
  const { options, connections } = way
  try {
    const answer = await connections.exchange(`${options.baseUrl}${call.path}`, {
      method: call.method,
      headers: {
        'x-api-key': options.apiKey,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      totalMs: options.timeoutMs ?? TIMEOUT_MS,
      idleMs: options.timeoutMs ?? TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const text = answer.body.toString('utf8')
    return { status: answer.status, headers: answer.headers, text, json: parsed(text) }
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    return new SendError(error.why, error.arrived, error.message.replaceAll(options.apiKey, '[key]'))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
