import type { ServerResponse } from 'node:http'
import type { Clock } from '../effects/clock.ts'
import type { FaultRule } from './faults.ts'

/** One answer, before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

/** The service's envelope of everything that is refused. */
export function refusal(
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error }, headers)
}

const SLOW_SECONDS = 10
const PIECES = 20

/** Sends an answer, in the way a fault demands where there is one. Resolves when it is sent, or never will be. */
export async function deliver(
  response: ServerResponse,
  reply: Reply,
  options: { readonly fault: FaultRule | null; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { fault, clock, signal } = options
  const seconds = fault?.seconds ?? SLOW_SECONDS
  switch (fault?.fault) {
    case 'reset-after':
      reset(response)
      return
    case 'no-answer':
      return
    case 'slow-answer':
      await clock.sleep(seconds * 1000, signal)
      break
    case 'slow-body':
      await drip(response, reply, { pauseMs: (seconds * 1000) / PIECES, clock, signal })
      return
    case 'invalid-json': {
      const half = Buffer.from(reply.body).subarray(0, Math.ceil(reply.body.length / 2))
      send(response, { ...reply, body: half })
      return
    }
    default:
  }
  send(response, reply)
}

/** Ends the connection with a reset, as a crashed server does. */
export function reset(response: ServerResponse): void {
  response.req.socket.resetAndDestroy()
}

export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) })
  response.end(body)
}

async function drip(
  response: ServerResponse,
  reply: Reply,
  pace: { readonly pauseMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) })
  response.flushHeaders()
  const size = Math.max(1, Math.ceil(body.length / PIECES))
  for (let at = 0; at < body.length && !response.destroyed && !pace.signal.aborted; at += size) {
    response.write(body.subarray(at, at + size))
    await pace.clock.sleep(pace.pauseMs, pace.signal)
  }
  response.end()
}
