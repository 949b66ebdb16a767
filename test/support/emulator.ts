import { onTestFinished } from 'vitest'
import type { EmulatorOptions } from '../../src/emulator/options.ts'
import { type Emulator, startEmulator } from '../../src/emulator/server.ts'
import { type ManualClock, createManualClock } from './manual-clock.ts'

/** What tests call the emulator with unless they say otherwise. */
export const TEST_KEY = `afk_${'0'.repeat(40)}`

/** An answer, read whole. */
export interface TestReply {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  /** The parsed body; undefined when it is no JSON. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

interface TestCall {
  readonly key?: string | null
  readonly idempotencyKey?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** An emulator for one test, with calls that a plain client would make. */
export interface TestEmulator extends Emulator {
  readonly get: (path: string, call?: TestCall) => Promise<TestReply>
  /** Posts JSON; a string is sent as it is. */
  readonly post: (path: string, body: unknown, call?: TestCall) => Promise<TestReply>
  /** `POST /v2/images/generate`. */
  readonly submit: (body: unknown, call?: TestCall) => Promise<TestReply>
  /** Submits and answers with the job's id; throws when it is not accepted. */
  readonly accepted: (body: unknown, call?: TestCall) => Promise<string>
  readonly job: (id: string, call?: TestCall) => Promise<TestReply>
}

/**
 * Starts an emulator on a free port for the test that is running, and stops it afterwards. By default it serves one
 * small picture, takes no time over a job, and says nothing of being an emulator (`plain`).
 */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<TestEmulator> {
  const emulator = await startEmulator({ plain: true, picture: 'canned', latencyMs: 0, ...options })
  onTestFinished(emulator.close)
  const get: TestEmulator['get'] = async (path, call = {}) =>
    send(emulator.url + path, { headers: headersOf(call) }, call)
  const post: TestEmulator['post'] = async (path, body, call = {}) =>
    send(
      emulator.url + path,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headersOf(call) },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      call,
    )
  const submit: TestEmulator['submit'] = async (body, call) => post('/v2/images/generate', body, call)
  return {
    ...emulator,
    get,
    post,
    submit,
    accepted: async (body, call) => {
      const reply = await submit(body, call)
      const id = reply.json?.['jobId']
      if (typeof id !== 'string') throw new Error(`not accepted: ${reply.status} ${reply.bytes.toString()}`)
      return id
    },
    job: async (id, call) => get(`/v2/jobs/${id}`, call),
  }
}

/** The same with a clock that the test moves; jobs take one second unless it says otherwise. */
export async function startTimedEmulator(
  options: EmulatorOptions = {},
): Promise<TestEmulator & { readonly clock: ManualClock }> {
  const clock = createManualClock()
  const emulator = await startTestEmulator({ latencyMs: 1000, ...options, clock })
  return { ...emulator, clock }
}

function headersOf(call: TestCall): Record<string, string> {
  const { key = TEST_KEY, idempotencyKey } = call
  return {
    ...(key === null ? {} : { 'x-api-key': key }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...call.headers,
  }
}

async function send(url: string, request: RequestInit, call: TestCall): Promise<TestReply> {
  const reply = await fetch(url, {
    ...request,
    redirect: 'manual',
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  })
  const bytes = Buffer.from(await reply.arrayBuffer())
  return { status: reply.status, headers: reply.headers, bytes, json: parsed(bytes) }
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}
