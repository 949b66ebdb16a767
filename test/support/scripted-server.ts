import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it arrived. */
export interface Arrival {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** Answers one request; `response.socket` may be destroyed for the rude ones. */
export type Step = (response: ServerResponse, arrival: Arrival, request: IncomingMessage) => void

export interface ScriptedServer {
  readonly url: string
  readonly port: number
  readonly arrivals: readonly Arrival[]
  readonly close: () => Promise<void>
}

/** A real server on loopback that plays its steps in order and repeats the last one. */
export async function scriptedServer(
  ...steps: readonly [Step, ...(readonly Step[])]
): Promise<ScriptedServer> {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    response.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url: path = '' } = request
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const arrival = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
      const step = steps[Math.min(arrivals.length, steps.length - 1)] ?? steps[0]
      arrivals.push(arrival)
      step(response, arrival, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // listen() on a port always gives an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    arrivals,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers with JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(value))
  }
}

/** Answers with these bytes, whatever they are. */
export function raw(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Step {
  return (response) => {
    response.writeHead(status, headers)
    response.end(body)
  }
}

/** Takes the request and cuts the connection without a word. */
export const cut: Step = (response) => {
  response.socket?.resetAndDestroy()
}

/** Takes the request and never answers. */
export const silence: Step = () => undefined
