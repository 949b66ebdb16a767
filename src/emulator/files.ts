import type { ServerResponse } from 'node:http'
import type { FaultRule } from './faults.ts'
import { type JobRecord, deliveredCount, isExpired, momentOf } from './jobs.ts'
import { HTML_PAGE, SVG_PICTURE, endlessHead, pictureBomb } from './odd-pictures.ts'
import { type Reply, refusal, send } from './reply.ts'
import type { Service } from './service.ts'

/** A picture that a path names: its job, and which one; `grid` is Midjourney's overview. */
export interface NamedPicture {
  readonly job: JobRecord
  readonly which: number | 'grid'
}

/** The picture of a path, whether or not it is there at this moment; null for paths that name none. */
export function pictureAt(service: Service, path: string): NamedPicture | null {
  const [, id = '', which = ''] = /^\/images\/([0-9a-f-]{36})-([1-9]\d?|grid)\.png$/.exec(path) ?? []
  const job = service.records.jobs.get(id)
  return job === undefined ? null : { job, which: which === 'grid' ? which : Number(which) }
}

/** Sends a result file: 404 before the job is completed and after the file has expired. No key is needed. */
export async function sendPicture(
  service: Service,
  response: ServerResponse,
  named: NamedPicture,
): Promise<void> {
  const { job, which } = named
  const nowMs = service.settings.clock.now()
  const there =
    momentOf(job, nowMs).status === 'COMPLETED' &&
    !isExpired(job, nowMs, service.settings.retentionMs) &&
    (which === 'grid' ? job.model === 'midjourney' : which <= deliveredCount(job))
  if (!there) return send(response, refusal(404, 'Not found'))
  service.tally.countDownload(job.id)
  const { prompt, model } = job
  const fault = service.faults.strike({ stage: 'file', route: 'file', prompt, model })
  const draw = async (): Promise<Uint8Array> =>
    which === 'grid' ? service.pictures.grid(job) : service.pictures.take(job, which)
  if (fault === null) return send(response, png(await draw()))
  await sendOddly(service, response, { fault, draw, path: response.req.url ?? '/' })
}

interface Odd {
  readonly fault: FaultRule
  readonly draw: () => Promise<Uint8Array>
  readonly path: string
}

async function sendOddly(service: Service, response: ServerResponse, odd: Odd): Promise<void> {
  switch (odd.fault.fault) {
    case 'picture-cut':
      return cut(response, await odd.draw())
    case 'picture-endless':
      return sendWithoutEnd(service, response)
    case 'picture-slow':
      return sendSlowly(service, response, { bytes: await odd.draw(), seconds: odd.fault.seconds ?? 3600 })
    default:
      return send(response, await oddReply(odd))
  }
}

async function oddReply({ fault, draw, path }: Odd): Promise<Reply> {
  switch (fault.fault) {
    case 'file-missing':
      return refusal(404, 'Not found')
    case 'picture-truncated': {
      const bytes = await draw()
      return png(bytes.subarray(0, Math.floor(bytes.length / 2)))
    }
    case 'picture-html':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: HTML_PAGE }
    case 'picture-empty':
      return png(new Uint8Array())
    case 'picture-svg':
      return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: SVG_PICTURE }
    case 'picture-bomb':
      return png(pictureBomb())
    case 'redirect-private':
      return redirect('http://169.254.169.254/latest/meta-data/')
    case 'redirect-file':
      return redirect('file:///etc/passwd')
    case 'redirect-loop':
      return redirect(path)
    default:
      return png(await draw())
  }
}

function png(body: Uint8Array): Reply {
  return { status: 200, headers: { 'content-type': 'image/png' }, body }
}

function redirect(location: string): Reply {
  return { status: 302, headers: { location }, body: '' }
}

/** Half of the bytes that were announced, then the connection breaks. */
function cut(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': String(bytes.length) })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.req.socket.destroy())
}

const ENDLESS_BYTES = 4 * 1024 ** 3
const ENDLESS_PIECE = new Uint8Array(64 * 1024)

async function sendWithoutEnd(service: Service, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'image/png' })
  response.write(endlessHead())
  for (let sent = 0; sent < ENDLESS_BYTES; sent += ENDLESS_PIECE.length) {
    if (response.destroyed || service.signal.aborted) return
    if (!response.write(ENDLESS_PIECE)) await drained(response)
  }
  response.end()
}

/** Resolves when there is room again, or when nobody listens any more. */
async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

const DRIP_PIECES = 3600

async function sendSlowly(
  service: Service,
  response: ServerResponse,
  slow: { readonly bytes: Uint8Array; readonly seconds: number },
): Promise<void> {
  const { bytes, seconds } = slow
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': String(bytes.length) })
  const size = Math.max(1, Math.ceil(bytes.length / DRIP_PIECES))
  const pauseMs = (seconds * 1000) / Math.ceil(bytes.length / size)
  for (let at = 0; at < bytes.length && !response.destroyed && !service.signal.aborted; at += size) {
    response.write(bytes.subarray(at, at + size))
    await service.settings.clock.sleep(pauseMs, service.signal)
  }
  response.end()
}
