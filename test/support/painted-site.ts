import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

/** A phone and a laptop. */
export const VIEWPORTS = {
  phone: { width: 390, height: 844, dpr: 3 },
  laptop: { width: 1440, height: 900, dpr: 1 },
} as const

export type Viewport = keyof typeof VIEWPORTS

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.avif': 'image/avif',
  '.webp': 'image/webp',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
}

/** A server of one folder. */
export interface PaintedServer {
  readonly url: string
  /** Lets pictures through from now on. */
  readonly release: () => void
  readonly sent: () => { readonly bytes: number; readonly pictureBytes: number }
  readonly close: () => Promise<void>
}

/** Serves a folder over loopback; pictures are held back until `release`. */
export async function servePainted(folder: string): Promise<PaintedServer> {
  const sent = { bytes: 0, pictureBytes: 0 }
  const painted = new AbortController()
  const server = createServer((request, response) => {
    const file = fileOf(folder, request.url ?? '/')
    if (file === null) return void response.writeHead(404).end()
    const { size } = statSync(file)
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const isPicture = type.startsWith('image/')
    const answer = (): void => {
      sent.bytes += size
      if (isPicture) sent.pictureBytes += size
      response.writeHead(200, {
        'content-type': type,
        'content-length': size,
        'cache-control': 'max-age=600',
      })
      createReadStream(file).pipe(response)
    }
    if (isPicture && !painted.signal.aborted) painted.signal.addEventListener('abort', answer)
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    release: () => painted.abort(),
    sent: () => ({ ...sent }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function fileOf(folder: string, url: string): string | null {
  const path = join(folder, normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname)))
  for (const file of [path, `${path}.html`, join(path, 'index.html')]) {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file
  }
  return null
}
