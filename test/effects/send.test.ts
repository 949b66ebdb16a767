import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Call, type Reply, SendError } from '../../src/core/provider.ts'
import { createSend, type SendOptions } from '../../src/effects/send.ts'
import { hurryingClock, standingClock } from '../support/driven-clock.ts'
import {
  cut,
  json,
  raw,
  scriptedServer,
  silence,
  type ScriptedServer,
  type Step,
} from '../support/scripted-server.ts'

const KEY = 'afk_planted0123456789abcdefplanted'
const SUBMIT: Call = {
  method: 'POST',
  path: '/v2/images/generate',
  body: '{"prompt":"A lamp, ünïcode.","model":"dall-e-3"}',
  idempotencyKey: 'f'.repeat(64),
}
const GET: Call = { method: 'GET', path: '/v2/jobs/x' }

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function serve(...steps: readonly [Step, ...(readonly Step[])]): Promise<ScriptedServer> {
  const server = await scriptedServer(...steps)
  open.push(server)
  return server
}

function sender(url: string, options: Partial<SendOptions> = {}): (call: Call) => Promise<Reply> {
  const made = createSend({ baseUrl: url, apiKey: KEY, clock: hurryingClock(), proxy: false, ...options })
  open.push(made)
  return made.send
}

async function failureOf(sent: Promise<Reply>): Promise<SendError> {
  const result = await sent.catch((error: unknown) => error)
  if (!(result instanceof SendError)) throw new Error(`expected a SendError, got ${JSON.stringify(result)}`)
  expect(`${result.message} ${result.stack} ${JSON.stringify(result)}`).not.toContain(KEY)
  return result
}

describe('one call', () => {
  it('carries the key, the idempotency key, an ordinary agent and the body byte for byte', async () => {
    const server = await serve(json(202, { jobId: 'j' }))
    const reply = await sender(server.url)(SUBMIT)
    expect(reply).toMatchObject({ status: 202, json: { jobId: 'j' }, earlierMayHaveArrived: false })
    const [arrival] = server.arrivals
    expect(arrival).toMatchObject({ method: 'POST', path: SUBMIT.path, body: SUBMIT.body })
    expect(arrival?.headers).toMatchObject({
      'x-api-key': KEY,
      'idempotency-key': SUBMIT.idempotencyKey,
      'content-type': 'application/json',
    })
    expect(arrival?.headers['user-agent']).toMatch(/^pixelkiln\/\d\S* node\/\d/)
  })

  it('leaves idempotency key and content type out of a GET', async () => {
    const server = await serve(json(200, {}))
    await sender(server.url)(GET)
    const { headers } = server.arrivals[0] ?? { headers: {} }
    expect(headers).not.toHaveProperty('idempotency-key')
    expect(headers).not.toHaveProperty('content-type')
  })

  it('joins the path to a base URL that has one', async () => {
    const server = await serve(json(200, {}))
    await sender(`${server.url}/gateway`)(GET)
    expect(server.arrivals[0]?.path).toBe('/gateway/v2/jobs/x')
  })

  it.each([400, 401, 402, 403, 404, 409, 501])('hands a %i over at once', async (status) => {
    const server = await serve(json(status, { error: 'no' }))
    expect(await sender(server.url)(SUBMIT)).toMatchObject({ status, earlierMayHaveArrived: false })
    expect(server.arrivals).toHaveLength(1)
  })

  it('hands over what is no JSON as text', async () => {
    const server = await serve(raw(403, 'error code: 1010'))
    expect(await sender(server.url)(GET)).toMatchObject({
      status: 403,
      text: 'error code: 1010',
      json: undefined,
    })
  })

  it('follows no redirect, so that no other host sees the key', async () => {
    const other = await serve(json(200, {}))
    const server = await serve(raw(307, '', { location: `${other.url}/v2/jobs/x` }))
    expect(await sender(server.url)(GET)).toMatchObject({ status: 307 })
    expect(other.arrivals).toHaveLength(0)
  })

  it('takes the key out of a reply that repeats it', async () => {
    const server = await serve(json(401, { error: `Invalid API key ${KEY}` }))
    const reply = await sender(server.url)(SUBMIT)
    expect(JSON.stringify(reply)).not.toContain(KEY)
    expect(reply.json).toEqual({ error: 'Invalid API key [key]' })
  })

  it.each(['afk_0\\/12345', '\\u0061fk_0/12345'])(
    'takes the key out of a reply that writes it as %s',
    async (written) => {
      const server = await serve(raw(401, `{"error":"Invalid API key ${written}","${written}":0}`))
      const reply = await sender(server.url, { apiKey: 'afk_0/12345' })(GET)
      expect(reply.json).toEqual({ error: 'Invalid API key [key]', '[key]': 0 })
    },
  )

  it('works without a key', async () => {
    const server = await serve(json(200, { error: 'plain' }))
    expect(await sender(server.url, { apiKey: '' })(GET)).toMatchObject({ json: { error: 'plain' } })
  })
})

describe('trying again', () => {
  it.each<readonly [string, Step]>([
    ['408', json(408, {})],
    ['429 without Retry-After', json(429, { error: 'slow down' })],
    ['500', json(500, {})],
    ['503', json(503, { error: 'queue down' })],
    ['504 as HTML', raw(504, '<html>Gateway Time-out</html>')],
    ['a reset after the request was read', cut],
    [
      'a body that is cut',
      (response) => {
        response.writeHead(202, { 'content-length': '500' })
        response.write('{"jobId":', () => response.socket?.destroy())
      },
    ],
  ])('after %s sends the same bytes with the same key', async (_, step) => {
    const server = await serve(step, step, json(202, { jobId: 'j' }))
    expect(await sender(server.url)(SUBMIT)).toMatchObject({ status: 202 })
    expect(server.arrivals).toHaveLength(3)
    for (const { body, headers } of server.arrivals) {
      expect(body).toBe(SUBMIT.body)
      expect(headers['idempotency-key']).toBe(SUBMIT.idempotencyKey)
    }
  })

  it('never repeats a POST that has no idempotency key', async () => {
    const server = await serve(json(503, {}))
    expect(await sender(server.url)({ method: 'POST', path: '/x', body: '{}' })).toMatchObject({
      status: 503,
    })
    expect(server.arrivals).toHaveLength(1)
    const rude = await serve(cut)
    const failure = await failureOf(sender(rude.url)({ method: 'POST', path: '/x', body: '{}' }))
    expect(failure).toMatchObject({ why: 'network', mayHaveArrived: true })
    expect(rude.arrivals).toHaveLength(1)
  })

  it.each([
    ['seconds', '7', 7000],
    ['a date', new Date(Date.UTC(2026, 6, 1, 0, 0, 20)).toUTCString(), 20_000],
    ['more than two minutes', '86400', 120_000],
  ])('waits as Retry-After asks: %s', async (_, retryAfter, waitMs) => {
    const server = await serve(json(429, {}, { 'retry-after': retryAfter }), json(202, { jobId: 'j' }))
    const clock = hurryingClock(0)
    await sender(server.url, { clock })(SUBMIT)
    expect(clock.waits).toEqual([waitMs])
  })

  it('ends with the last reply when the try budget is used up', async () => {
    const server = await serve(json(503, { error: 'down' }))
    const clock = hurryingClock()
    const startMs = clock.now()
    const reply = await sender(server.url, { clock, tryBudgetMs: 30_000 })(SUBMIT)
    expect(reply).toMatchObject({ status: 503, json: { error: 'down' }, earlierMayHaveArrived: true })
    expect(clock.now() - startMs).toBeLessThanOrEqual(30_000)
    expect(server.arrivals.length).toBeGreaterThan(5)
  })

  it('ends with "may have arrived" when resets go on', async () => {
    const server = await serve(cut)
    const failure = await failureOf(sender(server.url, { tryBudgetMs: 5000 })(SUBMIT))
    expect(failure).toMatchObject({ why: 'network', mayHaveArrived: true })
  })

  it.each([401, 402, 429])(
    'says of a %i after a reset that an earlier try may have arrived',
    async (status) => {
      const server = await serve(cut, json(status, { error: 'no' }))
      const reply = await sender(server.url, { tryBudgetMs: 3000 })(SUBMIT)
      expect(reply).toMatchObject({ status, earlierMayHaveArrived: true })
    },
  )

  it('says of a 429 after nothing but 429s that nothing arrived', async () => {
    const server = await serve(json(429, {}))
    expect(await sender(server.url, { tryBudgetMs: 3000 })(SUBMIT)).toMatchObject({
      earlierMayHaveArrived: false,
    })
    expect(server.arrivals.length).toBeGreaterThan(1)
  })
})

describe('no connection', () => {
  it('is certain not to have arrived, and is not waited for as long as a busy service', async () => {
    const clock = hurryingClock()
    const startMs = clock.now()
    const failure = await failureOf(sender(`http://127.0.0.1:${await closedPort()}`, { clock })(SUBMIT))
    expect(failure).toMatchObject({ why: 'network', mayHaveArrived: false })
    expect(clock.waits.length).toBeGreaterThan(1)
    expect(clock.now() - startMs).toBeLessThanOrEqual(30_000)
  })

  it('after a reset leaves the doubt in place', async () => {
    const server = await serve((response, arrival, request) => {
      void server.close()
      cut(response, arrival, request)
    })
    const failure = await failureOf(sender(server.url, { tryBudgetMs: 5000 })(SUBMIT))
    expect(failure).toMatchObject({ mayHaveArrived: true })
    expect(server.arrivals).toHaveLength(1)
  })

  it('because the other side is not speaking TLS is not tried for ever', async () => {
    const server = await serve(json(200, {}))
    const failure = await failureOf(
      sender(server.url.replace('http:', 'https:'), { tryBudgetMs: 2000 })(SUBMIT),
    )
    expect(failure.why).toBe('network')
    expect(server.arrivals).toHaveLength(0)
  })

  it('because of a key that no header can carry is said at once, without the key', async () => {
    const server = await serve(json(200, {}))
    const clock = hurryingClock()
    const failure = await failureOf(sender(server.url, { apiKey: `${KEY}\n`, clock })(SUBMIT))
    expect(failure).toMatchObject({ why: 'network', mayHaveArrived: false })
    expect(clock.waits).toEqual([])
    expect(server.arrivals).toHaveLength(0)
  })
})

describe('caps', () => {
  it('end a call that gets no answer, which may have arrived', async () => {
    const server = await serve(silence)
    const failure = await failureOf(sender(server.url, { timeoutMs: 60, tryBudgetMs: 0 })(SUBMIT))
    expect(failure).toMatchObject({ why: 'time-out', mayHaveArrived: true })
  })

  it('end a body that drips', async () => {
    const server = await serve((response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(drip))
    })
    const failure = await failureOf(sender(server.url, { timeoutMs: 120, tryBudgetMs: 0 })(GET))
    expect(failure).toMatchObject({ why: 'time-out' })
  })

  it('end a body that is larger than 8 MB, and it is not asked for again', async () => {
    const server = await serve(raw(200, Buffer.alloc(8_000_001, ' ')))
    const failure = await failureOf(sender(server.url)(GET))
    expect(failure).toMatchObject({ why: 'too-large', mayHaveArrived: true })
    expect(server.arrivals).toHaveLength(1)
  })
})

describe('the brake', () => {
  it('holds every call until its end, and tells about it once', async () => {
    const server = await serve(json(429, {}, { 'retry-after': '10' }), json(200, {}))
    const clock = standingClock()
    const told: number[] = []
    const send = sender(server.url, { clock, onBrake: (seconds) => told.push(seconds) })
    const first = send(GET)
    await clock.sleeping(1)
    const others = [send(GET), send(GET), send(GET)]
    await clock.sleeping(4)
    expect(server.arrivals).toHaveLength(1)
    await clock.advance(9_900)
    expect(server.arrivals).toHaveLength(1)
    await clock.advance(400)
    const replies = await Promise.all([first, ...others])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(told).toEqual([10])
  })

  it('is no concern of a 500', async () => {
    const server = await serve(json(500, {}), json(200, {}))
    const clock = standingClock(0.9)
    const braked: string[] = []
    const send = sender(server.url, { clock, onBrake: (_, why) => braked.push(why) })
    const first = send(GET)
    await clock.sleeping(1)
    expect(await send(GET)).toMatchObject({ status: 200 })
    await clock.advance(8000)
    expect(await first).toMatchObject({ status: 200 })
    expect(braked).toEqual([])
  })

  it('lets a call go that has no time for it, certain that nothing was sent', async () => {
    const server = await serve(json(429, {}, { 'retry-after': '60' }))
    const clock = standingClock()
    const send = sender(server.url, { clock, tryBudgetMs: 30_000 })
    expect(await send(SUBMIT)).toMatchObject({ status: 429, earlierMayHaveArrived: false })
    const failure = await failureOf(send(SUBMIT))
    expect(failure).toMatchObject({ why: 'time-out', mayHaveArrived: false })
    expect(server.arrivals).toHaveLength(1)
  })
})

describe('stopping', () => {
  it('ends a call in flight, which may have arrived', async () => {
    const stop = new AbortController()
    const server = await serve(() => stop.abort())
    const failure = await failureOf(sender(server.url, { signal: stop.signal })(SUBMIT))
    expect(failure).toMatchObject({ why: 'stopped', mayHaveArrived: true })
    expect(server.arrivals).toHaveLength(1)
  })

  it('ends a wait, certain that a limited call did nothing', async () => {
    const stop = new AbortController()
    const server = await serve(json(429, {}, { 'retry-after': '60' }))
    const clock = standingClock()
    const sent = sender(server.url, { clock, signal: stop.signal })(SUBMIT)
    await clock.sleeping(1)
    stop.abort()
    expect(await failureOf(sent)).toMatchObject({ why: 'stopped', mayHaveArrived: false })
  })
})

describe('a proxy', () => {
  it('that the config names carries the call, and sees no key of a tunnelled one', async () => {
    const heard: string[] = []
    const proxy = createServer((socket) => {
      socket.once('data', (bytes) => {
        heard.push(bytes.toString())
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    open.push({ close: () => new Promise((resolve) => proxy.close(() => resolve())) })
    const { port } = proxy.address() as AddressInfo
    await failureOf(sender('https://api.example.test', { proxy: `http://127.0.0.1:${port}` })(GET))
    expect(heard[0]).toMatch(/^CONNECT api\.example\.test:443 /)
    expect(heard.join('')).not.toContain(KEY)
  })
})

/** A port where nothing listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // listen() on a port always gives an AddressInfo.
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
