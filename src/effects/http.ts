import { Agent, EnvHttpProxyAgent, request } from 'undici'
import type { Dispatcher } from 'undici'
import { VERSION } from '../tool.ts'

/** What one exchange needs beside its address. */
export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds for the whole exchange, body included. */
  readonly totalMs: number
  /** Milliseconds without a byte. */
  readonly idleMs: number
  /** Bytes of the answer that are taken at most. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  /** Lower-case names; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** How an exchange failed. `arrived` is false only when the request certainly never left this machine. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly why: 'time-out' | 'network' | 'too-large' | 'stopped'
  readonly arrived: boolean

  constructor(why: ExchangeError['why'], arrived: boolean, message: string) {
    super(message)
    this.why = why
    this.arrived = arrived
  }
}

/** Name resolution as `net.connect` takes it. */
export type Lookup = (
  hostname: string,
  options: object,
  callback: (
    error: Error | null,
    address: string | { address: string; family: number }[],
    family?: number,
  ) => void,
) => void

/** Connections of one kind, kept open between calls. */
export interface Connections {
  readonly exchange: (url: string, exchange: Exchange) => Promise<Answer>
  readonly close: () => Promise<void>
}

/** True when the environment names a proxy for this kind of address. */
export function hasProxy(environment: Readonly<Record<string, string | undefined>>): boolean {
  return ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some(
    (name) => (environment[name] ?? '') !== '',
  )
}

/**
 * Opens connections. Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY; more certificates from
 * NODE_EXTRA_CA_CERTS. `lookup` may refuse addresses at the moment of connecting. The only file that imports undici.
 */
export function openConnections(options: { readonly lookup?: Lookup; readonly proxy: boolean }): Connections {
  const settings = {
    connect: { timeout: 15_000, ...(options.lookup ? { lookup: options.lookup } : {}) },
    pipelining: 1,
  }
  const dispatcher: Dispatcher = options.proxy ? new EnvHttpProxyAgent(settings) : new Agent(settings)
  return {
    exchange: (url, exchange) => run(url, exchange, dispatcher),
    close: () => dispatcher.close(),
  }
}

const NEVER_LEFT: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
])

async function run(url: string, exchange: Exchange, dispatcher: Dispatcher): Promise<Answer> {
  const clock = new AbortController()
  const timer = setTimeout(() => clock.abort(), exchange.totalMs)
  const signal = exchange.signal ? AbortSignal.any([clock.signal, exchange.signal]) : clock.signal
  try {
    const answer = await request(url, {
      method: exchange.method,
      headers: { 'user-agent': `pixelkiln/${VERSION} node/${process.versions.node}`, ...exchange.headers },
      body: exchange.body ?? null,
      headersTimeout: exchange.idleMs,
      bodyTimeout: exchange.idleMs,
      dispatcher,
      signal,
    })
    return {
      status: answer.statusCode,
      headers: firstOf(answer.headers),
      body: await take(answer.body, exchange.maxBytes),
    }
  } catch (error) {
    throw explained(error, { exchange, timedOut: clock.signal.aborted })
  } finally {
    clearTimeout(timer)
  }
}

async function take(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes: unknown = chunk
    if (!(bytes instanceof Uint8Array)) continue
    size += bytes.length
    if (size > maxBytes) {
      body.destroy()
      throw new ExchangeError('too-large', true, `the answer is larger than ${Math.round(maxBytes / 1e6)} MB`)
    }
    chunks.push(Buffer.from(bytes))
  }
  return Buffer.concat(chunks)
}

function firstOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const first: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined) first[name.toLowerCase()] = text
  }
  return first
}

function explained(
  error: unknown,
  context: { readonly exchange: Exchange; readonly timedOut: boolean },
): ExchangeError {
  if (error instanceof ExchangeError) return error
  if (context.timedOut)
    return new ExchangeError('time-out', true, `no whole answer in ${context.exchange.totalMs / 1000} s`)
  if (context.exchange.signal?.aborted === true)
    return new ExchangeError('stopped', true, 'the run was stopped')
  const code = codeOf(error)
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ExchangeError('time-out', true, `no answer in ${context.exchange.idleMs / 1000} s`)
  }
  const message =
    code === ''
      ? error instanceof Error
        ? error.message
        : 'network error'
      : `${MEANINGS[code] ?? 'the connection failed'} (${code})`
  return new ExchangeError('network', !NEVER_LEFT.has(code), message)
}

/** The code of the innermost cause: undici and happy eyeballs wrap what the system said. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  const below = inner === undefined ? '' : codeOf(inner)
  if (below !== '') return below
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const MEANINGS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is not known; is there a network?',
  EAI_AGAIN: 'the host name could not be looked up; is there a network?',
  ECONNREFUSED: 'nothing answers at that address',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in 15 s',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not trusted; NODE_EXTRA_CA_CERTS can name its authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not trusted; NODE_EXTRA_CA_CERTS can name its authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate is not trusted; NODE_EXTRA_CA_CERTS can name its authority',
}
