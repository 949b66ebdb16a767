import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Emulator } from '../../src/emulator/server.ts'

/** An answer of something that stands in front of the service. */
export interface FrontRule {
  /** How method and path begin: `POST /v2/images`. */
  readonly call: string
  /** Part of the request's body. */
  readonly holding?: string
  readonly status: number
  /** Default: a refusal as the service words them. */
  readonly body?: string
  /** The service did get the request, and only its answer is replaced. Default false. */
  readonly afterwards?: boolean
  /** How many times; then the next rule that fits has its turn. Default: always. */
  readonly times?: number
}

/** A server in front of an emulator, for answers that the emulator has no fault for. */
export interface Front {
  readonly url: string
  readonly answer: (...rules: readonly FrontRule[]) => void
  /** From now on everything passes. */
  readonly clear: () => void
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Opens a front on loopback that passes everything on but what its rules answer; closed when the test is over. */
export async function frontOf(emulator: Pick<Emulator, 'url'>): Promise<Front> {
  const rules: FrontRule[] = []
  const struck = new Map<FrontRule, number>()
  const server = createServer((request, response) => {
    void serve(request, response, { url: emulator.url, rules, struck })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  })
  // listen() on a port always gives an AddressInfo.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    answer: (...more) => {
      rules.push(...more)
    },
    clear: () => {
      rules.length = 0
    },
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  behind: {
    readonly url: string
    readonly rules: readonly FrontRule[]
    readonly struck: Map<FrontRule, number>
  },
): Promise<void> {
  const body = await bodyOf(request)
  const call = `${request.method} ${request.url}`
  const due = behind.rules.find(
    (rule) =>
      call.startsWith(rule.call) &&
      body.includes(rule.holding ?? '') &&
      (behind.struck.get(rule) ?? 0) < (rule.times ?? Infinity),
  )
  if (due) behind.struck.set(due, (behind.struck.get(due) ?? 0) + 1)
  const passed = due && due.afterwards !== true ? null : await pass(behind.url, request, body)
  const { status, headers, text } = due ? answerOf(due) : (passed ?? answerOf({ call, status: 500 }))
  response.writeHead(status, headers)
  response.end(text)
}

function answerOf({ status, body }: FrontRule): Answer {
  return { status, headers: { 'content-type': 'application/json' }, text: body ?? '{"error":"No"}' }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(Buffer.from(piece as Uint8Array))
  return Buffer.concat(pieces).toString('utf8')
}

async function pass(origin: string, request: IncomingMessage, body: string): Promise<Answer> {
  const { method = 'GET', url = '' } = request
  const headers = new Headers()
  for (const name of ['x-api-key', 'idempotency-key', 'content-type']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  const reply = await fetch(origin + url, { method, headers, ...(method === 'GET' ? {} : { body }) })
  const kept = ['content-type', 'date'].flatMap((name) => {
    const value = reply.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return { status: reply.status, headers: Object.fromEntries(kept), text: await reply.text() }
}
