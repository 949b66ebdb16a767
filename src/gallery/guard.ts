import { createHash, timingSafeEqual } from 'node:crypto'

/** What a request is judged by, before anything of it is used. */
export interface Asked {
  readonly method: string
  /** As it came: path and query, nothing resolved. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** The server's own place and secret. */
export interface Gate {
  readonly port: number
  readonly token: string
}

/** What may be served. */
export type Route =
  | { readonly to: 'page' | 'model' | 'events' | 'act' }
  | { readonly to: 'picture' | 'preview'; readonly name: string }

/** A request that is turned away: the status, and why, in words that give nothing away. */
export interface Refusal {
  readonly status: number
  readonly why: string
  readonly allow?: 'GET' | 'POST'
}

const TOKEN_HEADER = 'x-pixelkiln-token'

/**
 * Judges a request. Nothing is served but to the address that was printed: the host must be this one (a name that was
 * rebound to loopback is not), the path must begin with the token, a browser must not say that another site asks. A POST
 * needs the token once more in a header, which no form can send, and JSON.
 */
export function judge(asked: Asked, gate: Gate): Route | Refusal {
  const { method, headers } = asked
  const host = headers['host']
  const hosts = [`127.0.0.1:${gate.port}`, `localhost:${gate.port}`]
  if (typeof host !== 'string' || !hosts.includes(host)) return { status: 421, why: 'another host is meant' }
  if (method !== 'GET' && method !== 'POST') return { status: 405, why: 'method', allow: 'GET' }
  const origin = headers['origin']
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, why: 'another origin asks' }
  const [, token = '', ...rest] = asked.url.split('/')
  if (!asked.url.startsWith('/') || !isToken(token, gate.token))
    return { status: 403, why: 'the token is wrong' }
  const route = routeOf(rest)
  if (isForeign(headers, route)) return { status: 403, why: 'another site asks' }
  if (!route) return { status: 404, why: 'there is nothing here' }
  const allowed = route.to === 'act' ? 'POST' : 'GET'
  if (method !== allowed) return { status: 405, why: 'method', allow: allowed }
  return route.to === 'act' ? (postRefusal(headers, gate) ?? route) : route
}

/** True when the browser says that another site asks. A link to the page may be followed from anywhere: it holds the token. */
function isForeign(headers: Asked['headers'], route: Route | null): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  const followed = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return !(followed && route?.to === 'page')
}

function routeOf(parts: readonly string[]): Route | null {
  const [first, second] = parts
  if (parts.length === 1) {
    if (first === '') return { to: 'page' }
    if (first === 'model' || first === 'events' || first === 'act') return { to: first }
  }
  if (parts.length !== 2 || second === undefined || !/^[0-9a-f]{24}$/.test(second)) return null
  return first === 'picture' || first === 'preview' ? { to: first, name: second } : null
}

function postRefusal(headers: Asked['headers'], gate: Gate): Refusal | null {
  if (headers['origin'] === undefined) return { status: 403, why: 'no origin' }
  const token = headers[TOKEN_HEADER]
  if (typeof token !== 'string' || !isToken(token, gate.token))
    return { status: 403, why: 'the token is wrong' }
  const type = headers['content-type']
  if (typeof type !== 'string' || !/^application\/json(; ?charset=utf-8)?$/i.test(type))
    return { status: 415, why: 'JSON is expected' }
  return headers['content-encoding'] === undefined ? null : { status: 415, why: 'plain JSON is expected' }
}

/** Takes the same time for every wrong token, whatever its length. */
function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
