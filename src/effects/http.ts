import type { LookupFunction } from 'node:net'
import type { Dispatcher } from 'undici'
import { VERSION } from '../tool.ts'
import { ExchangeError, explainFailure } from './exchange-error.ts'
import { loadUndici } from './undici.ts'

const undici = loadUndici()

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

/** Connections of one kind, kept open between calls. */
export interface Connections {
  /** Sends one request and takes the whole answer. Follows no redirect, decompresses nothing. Throws `ExchangeError`. */
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
 * NODE_EXTRA_CA_CERTS. `lookup` may refuse addresses at the moment of connecting: it sees every direct connection, and
 * none that a proxy makes. The only file that speaks HTTP.
 */
export function openConnections(options: {
  readonly lookup?: LookupFunction
  /** True for the environment's proxy; a text is the address of another one. */
  readonly proxy: boolean | string
  /** Default 15 s. */
  readonly connectMs?: number
}): Connections {
  let dispatcher: Dispatcher | null = null
  return {
    exchange: async (url, exchange) => {
      dispatcher ??= openDispatcher(options)
      return run(url, exchange, dispatcher)
    },
    close: async () => dispatcher?.close(),
  }
}

/** On the first exchange, so that an unusable proxy is a failure of that exchange like any other. */
function openDispatcher(options: Parameters<typeof openConnections>[0]): Dispatcher {
  const timeout = options.connectMs ?? 15_000
  const settings = {
    connect: { timeout, ...(options.lookup ? { lookup: options.lookup } : {}) },
    pipelining: 1,
  }
  const { proxy } = options
  if (proxy === false) return new undici.Agent(settings)
  try {
    const ProxyAgent = undici.proxyAgent()
    if (proxy === true) return new ProxyAgent(settings)
    return new ProxyAgent({ ...settings, httpProxy: proxy, httpsProxy: proxy })
  } catch {
    const message =
      'the proxy that HTTPS_PROXY, HTTP_PROXY or the config names is no address that can be used'
    throw new ExchangeError('network', message, { arrived: false, permanent: true })
  }
}

async function run(url: string, exchange: Exchange, dispatcher: Dispatcher): Promise<Answer> {
  const end = stopper(exchange)
  let answered = false
  try {
    const { origin, pathname, search } = new URL(url)
    const answer = await undici.request.call(dispatcher, {
      origin,
      path: pathname + search,
      method: exchange.method,
      headers: { 'user-agent': `pixelkiln/${VERSION} node/${process.versions.node}`, ...exchange.headers },
      body: exchange.body ?? null,
      headersTimeout: exchange.idleMs,
      bodyTimeout: exchange.idleMs,
      signal: end.signal,
    })
    answered = true
    const headers = firstOf(answer.headers)
    return { status: answer.statusCode, headers, body: await take(answer.body, headers, exchange.maxBytes) }
  } catch (error) {
    if (error instanceof ExchangeError) throw error
    throw end.reason() ?? explainFailure(error, { answered, idleMs: exchange.idleMs })
  } finally {
    end.release()
  }
}

/** Ends an exchange when its time is up or the run is stopped, and knows afterwards which it was. */
function stopper({ totalMs, signal }: Exchange): {
  readonly signal: AbortSignal
  readonly reason: () => ExchangeError | null
  readonly release: () => void
} {
  const abort = new AbortController()
  let reason: ExchangeError | null = null
  const end = (why: ExchangeError['why'], message: string): void => {
    reason ??= new ExchangeError(why, message, { arrived: true })
    abort.abort()
  }
  const timer = setTimeout(() => end('time-out', `no whole answer in ${totalMs / 1000} s`), totalMs)
  const stop = (): void => end('stopped', 'the run was stopped')
  if (signal?.aborted === true) stop()
  // By hand: the run's signal outlives thousands of exchanges, and AbortSignal.any would grow with each of them.
  signal?.addEventListener('abort', stop, { once: true })
  return {
    signal: abort.signal,
    reason: () => reason,
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

async function take(
  body: Dispatcher.ResponseData['body'],
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = Number(headers['content-length'] ?? 0) > maxBytes ? Infinity : 0
  for await (const chunk of body) {
    const bytes: unknown = chunk
    if (!(bytes instanceof Uint8Array)) continue
    size += bytes.length
    if (size > maxBytes) {
      // Leaving the loop ends the connection as well.
      const message = `the answer is larger than ${Math.round(maxBytes / 1e6)} MB`
      throw new ExchangeError('too-large', message, { arrived: true, permanent: true })
    }
    chunks.push(bytes)
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
