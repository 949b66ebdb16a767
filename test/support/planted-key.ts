import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync, readdirSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { basename, join } from 'node:path'
import { inspect } from 'node:util'

/** The API key of every test, unlike anything else that a run could write. */
export const KEY = 'afk_5ecre7p1An7edKeyThatN0bodyMayEverSeeQxZ4'

/** Fifteen letters of it in a row hold one of these whole; the first eight of a key are what its owner is shown. */
const PIECES: readonly string[] = [KEY, Buffer.from(KEY).toString('hex'), Buffer.from(KEY).toString('base64')]
  .flatMap((form) => form.match(/.{8}/g) ?? [])
  .filter((piece) => !KEY.startsWith(piece) && !/^(61666b5f|YWZrXzVl)/.test(piece))

/** Files that people keep their key in. */
const KEPT_IN = new Set(['.env', '.env.local'])

/** Throws when a piece of the key is in what was said: a text, or a value with everything that hangs on it, causes too. */
export function expectKeyless(what: string, said: unknown): void {
  const text = typeof said === 'string' ? said : inspect(said, { depth: Infinity, maxStringLength: Infinity })
  if (!isKeyless(text)) throw new Error(`pieces of the key are in ${what}: ${text}`)
}

const services = new Set<string>()

/** Names the service that the key is for; only there, and in the header for it, may it be seen. */
export function meantFor(url: string | undefined): void {
  if (url !== undefined && URL.canParse(url)) services.add(new URL(url).host)
}

/** Names of requests that told the key to anybody but the service, from now until it is stopped. */
export function watchRequests(): { readonly told: readonly string[]; readonly stop: () => void } {
  const told: string[] = []
  const listen: ChannelListener = (message) => {
    const leak = leakOf(message)
    if (leak !== null) told.push(leak)
  }
  subscribe('http.server.request.start', listen)
  return { told, stop: () => void unsubscribe('http.server.request.start', listen) }
}

function leakOf(message: unknown): string | null {
  const request: unknown = typeof message === 'object' && message && 'request' in message && message.request
  if (!(request instanceof IncomingMessage)) return null
  const { url = '', method = '', headers, rawHeaders } = request
  const forService = services.has(headers.host ?? '') && url.startsWith('/v2/')
  const seen = rawHeaders.filter(
    (text, index) => !(forService && rawHeaders[index - 1]?.toLowerCase() === 'x-api-key' && text === KEY),
  )
  return isKeyless([url, ...seen].join('\n')) ? null : `${method} ${headers.host}${url}`
}

/** Files below a folder that hold a piece of the key, in their bytes or their names. */
export function leakyFilesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !KEPT_IN.has(basename(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isKeyless(path) || !isKeyless(readFileSync(path, 'latin1')))
}

/** Whether a text holds no piece of the key. */
export function isKeyless(text: string): boolean {
  return !PIECES.some((piece) => text.includes(piece))
}
