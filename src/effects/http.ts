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

/** An answer that is on its way. */
interface Coming {
  readonly chunks: Uint8Array[]
  size: number
  head: Pick<Answer, 'status' | 'headers'> | null
  /** Of the request, once it has a connection. */
  controller: Dispatcher.DispatchController | null
  /** What the exchange has failed with; nothing that comes afterwards counts. */
  failure: ExchangeError | null
  /** Nobody is to end it any more. */
  release: (() => void) | null
}

/** By hand and not by undici's own `request`: its stream and signal took as long as all the rest of an exchange. */
async function run(url: string, exchange: Exchange, dispatcher: Dispatcher): Promise<Answer> {
  const coming: Coming = { chunks: [], size: 0, head: null, controller: null, failure: null, release: null }
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const fail = (error: ExchangeError): void => {
        coming.failure ??= error
        reject(coming.failure)
        coming.controller?.abort(coming.failure)
      }
      coming.release = watch(exchange, fail)
      // Stopped before it began.
      if (coming.failure) return
      const { origin, pathname, search } = new URL(url)
      dispatcher.dispatch(
        {
          origin,
          path: pathname + search,
          method: exchange.method,
          headers: { 'user-agent': USER_AGENT, ...exchange.headers },
          body: exchange.body ?? null,
          headersTimeout: exchange.idleMs,
          bodyTimeout: exchange.idleMs,
        },
        receiver(coming, { maxBytes: exchange.maxBytes, resolve, reject, fail }),
      )
    })
  } catch (error) {
    if (error instanceof ExchangeError) throw error
    throw explainFailure(error, { answered: coming.head !== null, idleMs: exchange.idleMs })
  } finally {
    coming.release?.()
  }
}

const USER_AGENT = `pixelkiln/${VERSION} node/${process.versions.node}`

/** Fails an exchange when its time is up or the run is stopped, until it is released. */
function watch({ totalMs, signal }: Exchange, fail: (error: ExchangeError) => void): () => void {
  const end = (why: ExchangeError['why'], message: string): void =>
    fail(new ExchangeError(why, message, { arrived: true }))
  const timer = setTimeout(() => end('time-out', `no whole answer in ${totalMs / 1000} s`), totalMs)
  const stop = (): void => end('stopped', 'the run was stopped')
  if (signal?.aborted === true) stop()
  // By hand: the run's signal outlives thousands of exchanges, and AbortSignal.any would grow with each of them.
  signal?.addEventListener('abort', stop, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

function receiver(
  coming: Coming,
  given: {
    readonly maxBytes: number
    readonly resolve: (answer: Answer) => void
    readonly reject: (error: unknown) => void
    readonly fail: (error: ExchangeError) => void
  },
): Dispatcher.DispatchHandler {
  const { maxBytes, resolve, reject, fail } = given
  return {
    onRequestStart: (controller) => {
      coming.controller = controller
      if (coming.failure) controller.abort(coming.failure)
    },
    onResponseStart: (_, status, headers) => {
      // What comes before the answer is none.
      if (status < 200) return
      coming.head = { status, headers: firstOf(headers) }
      if (Number(coming.head.headers['content-length'] ?? 0) > maxBytes) coming.size = Infinity
    },
    onResponseData: (_, chunk) => {
      coming.size += chunk.length
      if (coming.size <= maxBytes) {
        coming.chunks.push(chunk)
        return
      }
      const message = `the answer is larger than ${Math.round(maxBytes / 1e6)} MB`
      // Ends the connection as well.
      fail(new ExchangeError('too-large', message, { arrived: true, permanent: true }))
    },
    onResponseEnd: () => {
      if (coming.head) resolve({ ...coming.head, body: Buffer.concat(coming.chunks) })
      else reject(new Error('an answer ended that had not begun'))
    },
    onResponseError: (_, error) => reject(error),
  }
}

function firstOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const first: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined) first[name.toLowerCase()] = text
  }
  return first
}
