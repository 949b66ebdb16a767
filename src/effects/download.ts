import { lookup as resolve } from 'node:dns'
import { addressKind, isLocalName } from '../core/addresses.ts'
import { isLoopbackHost } from '../core/base-url.ts'
import type { Clock } from './clock.ts'
import { ExchangeError, openConnections } from './http.ts'
import type { Answer, Connections, Lookup } from './http.ts'
import { sniffPicture } from './sniff-picture.ts'

/** A picture that could not be fetched. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
  readonly why: 'hostile' | 'too-large' | 'not-found' | 'network' | 'truncated' | 'not-a-picture' | 'stopped'

  constructor(why: DownloadError['why'], message: string) {
    super(message)
    this.why = why
  }
}

export interface DownloadOptions {
  /** Plain http from this machine is fine: the service itself runs here. */
  readonly allowLoopbackHttp: boolean
  /** Go through the proxy that the environment names. */
  readonly proxy: boolean
  readonly clock: Clock
  /** Milliseconds and bytes, for tests. Defaults: 60 s in all, 15 s without a byte, 64 MB. */
  readonly totalMs?: number
  readonly idleMs?: number
  readonly maxBytes?: number
}

export interface Downloader {
  readonly download: (url: string, signal?: AbortSignal) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** Waits between the tries: four tries within about 20 s. */
const WAITS_MS = [1_000, 4_000, 12_000] as const
const MOST_REDIRECTS = 5

/**
 * Fetches pictures from addresses that a reply named, which are hostile until shown otherwise: https only, no private
 * address (checked on what the name resolves to, at the moment of connecting), redirects checked again, size and time
 * capped, no key and no cookie sent, first bytes looked at. Throws `DownloadError`.
 */
export function createDownload(options: DownloadOptions): Downloader {
  const lookup = guardedLookup(options)
  const connections = openConnections({ proxy: options.proxy, ...(lookup ? { lookup } : {}) })
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
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await downloadOnce(url, fetching)
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      const waitMs = WAITS_MS[attempt]
      const final = error.why === 'hostile' || error.why === 'stopped' || error.why === 'too-large'
      if (final || waitMs === undefined || fetching.signal?.aborted === true) throw error
      await clock.sleep(waitMs * (0.75 + clock.random() / 4), fetching.signal)
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
    at = new URL(location, at).href
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
 * check and use. Behind a proxy it is the proxy's address that is resolved here, and the proxy that resolves the
 * host: then only what stands in the URL could be checked.
 */
function guardedLookup(options: DownloadOptions): Lookup | undefined {
  if (options.proxy) return undefined
  return (hostname, _, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error) {
        callback(error, [])
        return
      }
      const fine = addresses.filter(({ address }) => {
        const kind = addressKind(address)
        return (
          kind === 'public' || (kind === 'loopback' && options.allowLoopbackHttp && hostname === 'localhost')
        )
      })
      if (fine.length === 0)
        callback(new DownloadError('hostile', 'its name leads into a private network'), [])
      else callback(null, fine)
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
  if (/leads into a private network/.test(error.message)) return new DownloadError('hostile', error.message)
  const why = error.why === 'time-out' ? 'network' : error.why
  return new DownloadError(why, error.message)
}

function pictureOf(answer: Answer): Uint8Array {
  const { status, headers, body } = answer
  if (status === 404 || status === 410 || status === 403) {
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
  if (sniffed.kind === 'other') throw new DownloadError('not-a-picture', `it is ${sniffed.what}`)
  return body
}
