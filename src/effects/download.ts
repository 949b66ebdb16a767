import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { addressKind, isLocalName } from '../core/addresses.ts'
import { isLoopbackHost } from '../core/base-url.ts'
import type { Clock } from './clock.ts'
import { DownloadError } from './download-error.ts'
import { ExchangeError, REFUSED_ADDRESS } from './exchange-error.ts'
import { openConnections } from './http.ts'
import type { Answer, Connections } from './http.ts'
import { sniffPicture } from './sniff-picture.ts'

export interface DownloadOptions {
  /** Plain http from this machine is fine: the service itself runs here. */
  readonly allowLoopbackHttp: boolean
  /** Go through the proxy that the environment names. */
  readonly proxy: boolean | string
  readonly clock: Clock
  /** Milliseconds and bytes, for tests. Defaults: 60 s in all, 15 s without a byte, 64 MB. */
  readonly totalMs?: number | undefined
  readonly idleMs?: number
  readonly maxBytes?: number
  /** Resolves host names. Default: the system. */
  readonly resolve?: typeof lookup
}

export interface Downloader {
  readonly download: (url: string, signal?: AbortSignal) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** Waits between the tries: four tries within about 20 s; a slow one uses up the time of the others. */
const WAITS_MS = [1_000, 4_000, 12_000] as const
const TRY_BUDGET_MS = 20_000
const MOST_REDIRECTS = 5

/**
 * Fetches pictures from addresses that a reply named, which are hostile until shown otherwise: https only, no private
 * address (checked on what the name resolves to, at the moment of connecting), redirects checked again, size and time
 * capped, no key and no cookie sent, first bytes looked at. Throws `DownloadError`.
 */
export function createDownload(options: DownloadOptions): Downloader {
  const connections = openConnections({ proxy: options.proxy, lookup: guardedLookup(options) })
  return {
    download: (url, signal) =>
      downloadPatiently(url, { options, connections, ...(signal ? { signal } : {}) }),
    close: () => connections.close(),
  }
}

interface Fetching {
  readonly options: DownloadOptions
  readonly connections: Connections
  readonly signal?: AbortSignal
}

async function downloadPatiently(url: string, fetching: Fetching): Promise<Uint8Array> {
  const { clock } = fetching.options
  const startMs = clock.now()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await downloadOnce(url, fetching)
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      const waitMs = (WAITS_MS[attempt] ?? Infinity) * (0.75 + clock.random() / 4)
      const final = error.why === 'hostile' || error.why === 'stopped' || error.why === 'too-large'
      if (final || clock.now() + waitMs > startMs + TRY_BUDGET_MS) throw error
      await clock.sleep(waitMs, fetching.signal)
      if (fetching.signal?.aborted === true) throw error
    }
  }
}

async function downloadOnce(url: string, fetching: Fetching): Promise<Uint8Array> {
  let at = url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    checkAddress(at, fetching.options)
    const answer = await get(at, fetching)
    const { location } = answer.headers
    if (answer.status < 300 || answer.status >= 400 || location === undefined) return pictureOf(answer)
    if (!URL.canParse(location, at)) throw new DownloadError('hostile', 'it redirects to no address')
    const next = new URL(location, at).href
    // From the internet no way leads back to this machine, whatever runs here.
    if (next.startsWith('http:') && at.startsWith('https:')) {
      throw new DownloadError('hostile', 'it redirects from https: to http:')
    }
    at = next
  }
  throw new DownloadError('hostile', `it redirects more than ${MOST_REDIRECTS} times`)
}

function checkAddress(text: string, options: DownloadOptions): void {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url) throw new DownloadError('hostile', 'what was named is no web address')
  if (options.allowLoopbackHttp && url.protocol === 'http:' && isLoopbackHost(url.hostname)) return
  if (url.protocol !== 'https:') {
    throw new DownloadError(
      'hostile',
      `its address is ${url.protocol.slice(0, 12)} and only https: is fetched`,
    )
  }
  if (url.username !== '' || url.password !== '')
    throw new DownloadError('hostile', 'its address holds a password')
  const kind = addressKind(url.hostname)
  if (kind === 'loopback' || kind === 'reserved' || (kind === null && isLocalName(url.hostname))) {
    throw new DownloadError('hostile', 'its address is in a private network')
  }
}

/**
 * Refuses private addresses when a name is resolved for connecting, so that a name cannot change its mind between
 * check and use. A proxy resolves names itself and out of our sight: what goes through one is checked by what stands
 * in the URL only.
 */
function guardedLookup(options: DownloadOptions): LookupFunction {
  const resolve = options.resolve ?? lookup
  return (hostname, { all }, callback) => {
    const wanted = options.allowLoopbackHttp && hostname === 'localhost' ? 'loopback' : 'public'
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error) {
        callback(error, [])
        return
      }
      // One bad address among good ones is enough: happy eyeballs would try them all.
      const [first] = addresses
      if (!first || addresses.some(({ address }) => addressKind(address) !== wanted)) {
        callback(Object.assign(new Error('refused'), { code: REFUSED_ADDRESS }), [])
      } else if (all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

async function get(url: string, { options, connections, signal }: Fetching): Promise<Answer> {
  const maxBytes = options.maxBytes ?? 64_000_000
  try {
    return await connections.exchange(url, {
      method: 'GET',
      headers: { accept: 'image/*' },
      totalMs: options.totalMs ?? 60_000,
      idleMs: options.idleMs ?? 15_000,
      maxBytes,
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    throw explained(error)
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof ExchangeError)) return error
  if (error.why === 'refused-address') return new DownloadError('hostile', error.message)
  return new DownloadError(error.why === 'time-out' ? 'network' : error.why, error.message)
}

function pictureOf(answer: Answer): Uint8Array {
  const { status, headers, body } = answer
  // 401 and 403 are not among them: a bot filter says that too, and the file may be there all the same.
  if (status === 404 || status === 410) {
    throw new DownloadError('not-found', `the file is not there (HTTP ${status})`)
  }
  if (status !== 200) throw new DownloadError('network', `HTTP ${status}`)
  const expected = headers['content-length']
  if (
    expected !== undefined &&
    headers['content-encoding'] === undefined &&
    Number(expected) !== body.length
  ) {
    throw new DownloadError('truncated', `${body.length} of ${expected} bytes came`)
  }
  const sniffed = sniffPicture(body)
  if (sniffed.kind === 'other') throw new DownloadError('not-a-picture', `it is ${sniffed.what}`, body)
  return body
}
