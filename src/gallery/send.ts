import { createReadStream, lstatSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServedFile } from './served-files.ts'

/** On every answer: no guessing of types, no address in referrers, no caches, nothing for other origins or frames. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Answers with a text. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return void response.destroy()
  const bytes = Buffer.from(text)
  response.writeHead(status, {
    ...COMMON_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    ...headers,
    'content-length': bytes.byteLength,
  })
  response.end(bytes)
}

/** Bytes that were made in memory. `name` changes with them. */
interface MadePicture {
  readonly bytes: Uint8Array
  readonly type: string
  readonly name: string
}

/** Answers with a picture; the browser may keep it, and asks each time whether it is still the one. */
export function sendPicture(
  request: IncomingMessage,
  response: ServerResponse,
  picture: ServedFile | MadePicture | null,
): void {
  const stat = picture && 'path' in picture ? lstatSync(picture.path, { throwIfNoEntry: false }) : null
  if (!picture || ('path' in picture && !stat?.isFile()))
    return sendText(response, 404, 'there is nothing here')
  const tag = 'bytes' in picture ? `"${picture.name}"` : `"${stat?.size}-${stat?.mtimeMs}"`
  const headers = { ...COMMON_HEADERS, 'cache-control': 'private, no-cache', etag: tag }
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304, headers).end()
  const length = 'bytes' in picture ? picture.bytes.byteLength : stat?.size
  response.writeHead(200, { ...headers, 'content-type': picture.type, 'content-length': length })
  if ('bytes' in picture) return void response.end(picture.bytes)
  // A file that goes away meanwhile ends the answer early, which the browser shows as a picture that does not load.
  createReadStream(picture.path)
    .on('error', () => response.destroy())
    .pipe(response)
}
