import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { GalleryAnswer } from './gallery-action.ts'
import { judge } from './guard.ts'
import type { Gate, Route } from './guard.ts'
import type { LiveProject } from './live-project.ts'
import { pageHtml, pageText } from './page-text.ts'
import { createPreviews } from './previews.ts'
import { readAction } from './read-action.ts'
import { COMMON_HEADERS, sendPicture, sendText } from './send.ts'

/** A gallery that is being served. */
export interface GalleryServer {
  /** The address with its token: who has it may look, edit and buy. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** Bytes of a body at most: an order of ten thousand pictures fits. */
const MOST_BYTES = 1_000_000
/** Pages that listen at once. */
const MOST_LISTENERS = 32
/** So that proxies and sleeping laptops notice that a connection is gone. */
const HEARTBEAT_MS = 20_000

/**
 * Serves the live gallery on 127.0.0.1, to whoever has the address. The port is free for the kernel to choose unless
 * told; rejects with the system's error when that one is taken.
 */
export async function serveGallery(
  project: LiveProject,
  options: { readonly port?: number } = {},
): Promise<GalleryServer> {
  const token = randomBytes(24).toString('base64url')
  const page = pageText()
  const policy = `default-src 'none'; script-src ${page.scriptHash}; style-src ${page.styleHash}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`
  const previews = createPreviews()
  const listeners = new Set<ServerResponse>()
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 15_000 }, (request, response) => {
    const gate: Gate = { port: portOf(server), token }
    const { method = '', url = '', headers } = request
    const judged = judge({ method, url, headers }, gate)
    if ('status' in judged) {
      const allow = judged.allow === undefined ? {} : { allow: judged.allow }
      sendText(response, judged.status, judged.why, { ...allow, connection: 'close' })
      return
    }
    answer(judged).catch((error: unknown) => {
      sendText(response, 500, error instanceof Error ? error.name : 'error')
    })
    async function answer(route: Route): Promise<void> {
      switch (route.to) {
        case 'page': {
          const html = pageHtml(page, { model: project.model(), token, policy: null })
          return sendText(response, 200, html, {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': policy,
          })
        }
        case 'model':
          return sendJson(response, 200, project.model())
        case 'events':
          return listen(project, { request, response, listeners })
        case 'act':
          return act(project, request, response)
        case 'picture':
          return sendPicture(request, response, project.picture(route.name))
        case 'preview': {
          const file = project.picture(route.name)
          const bytes = file && (await previews.of(route.name, file.path))
          return sendPicture(request, response, bytes && { bytes, type: 'image/webp', name: route.name })
        }
      }
    }
  })
  server.maxConnections = 256
  await listenOn(server, options.port ?? 0)
  return {
    url: `http://127.0.0.1:${portOf(server)}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A page's open line: first which model is the newest and what is wrong, then everything as it happens. */
function listen(
  project: LiveProject,
  line: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly listeners: Set<ServerResponse>
  },
): void {
  const { request, response, listeners } = line
  if (listeners.size >= MOST_LISTENERS) return sendText(response, 503, 'too many pages are open')
  listeners.add(response)
  response.writeHead(200, { ...COMMON_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' })
  const tell = (event: string, data: unknown): void =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  response.write('retry: 1000\n\n')
  const unsubscribe = project.subscribe(tell)
  const beat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS)
  request.on('close', () => {
    clearInterval(beat)
    unsubscribe()
    listeners.delete(response)
  })
}

async function act(project: LiveProject, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  if (body === null) return sendText(response, 413, 'too much', { connection: 'close' })
  const action = readAction(body)
  if (action === null) return sendText(response, 400, 'this is no action')
  const { status, answer } = await project.act(action)
  sendJson(response, status, answer)
}

/** The body as text; null when it is longer than allowed, whatever its header says. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return null
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array)
    bytes += part.byteLength
    if (bytes > MOST_BYTES) return null
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function sendJson(response: ServerResponse, status: number, value: GalleryAnswer | object): void {
  sendText(response, status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8' })
}
