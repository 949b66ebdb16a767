import { get as httpGet } from 'node:http'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { FAULTS, FAULT_NAMES, type FaultName, stageOf } from '../../src/emulator/fault-names.ts'
import { type FaultRule, checkFault, createFaults, parseFault } from '../../src/emulator/faults.ts'
import { type TestEmulator, startTestEmulator, startTimedEmulator } from '../support/emulator.ts'
import { decoded } from '../support/pictures.ts'

const LAMP = { prompt: 'A lamp.', model: 'dall-e-3' }

async function faulty(fault: FaultName, more: Omit<FaultRule, 'fault'> = {}): Promise<TestEmulator> {
  return startTestEmulator({ faults: [{ fault, ...more }] })
}

async function download(fault: FaultName): Promise<Awaited<ReturnType<TestEmulator['get']>>> {
  const emulator = await faulty(fault)
  return emulator.get(`/images/${await emulator.accepted(LAMP)}-1.png`)
}

describe('before a submit is accepted', () => {
  it.each([
    ['rate-limited', 429, '1'],
    ['rate-limited-bare', 429, null],
    ['unavailable', 503, null],
    ['server-error', 500, null],
    ['key-unknown', 401, null],
    ['key-inactive', 403, null],
  ] as const)('%s answers %d with an error text', async (fault, status, retryAfter) => {
    const emulator = await faulty(fault, { when: { times: 1 } })
    const reply = await emulator.submit(LAMP, { idempotencyKey: 'k' })
    expect(reply).toMatchObject({ status, json: { error: expect.any(String) } })
    expect(reply.headers.get('retry-after')).toBe(retryAfter)
    expect(emulator.ledger()).toMatchObject({
      credits: { charged: 0 },
      submissions: { accepted: 0, refusals: { [status]: 1 } },
    })
    expect((await emulator.submit(LAMP, { idempotencyKey: 'k' })).status).toBe(202)
  })

  it('rate-limited-date names an hour of the service', async () => {
    const faults = [{ fault: 'rate-limited-date', seconds: 90 }] as const
    const emulator = await startTimedEmulator({ faults })
    const { headers } = await emulator.submit(LAMP)
    const waitMs = Date.parse(headers.get('retry-after') ?? '') - emulator.clock.now()
    expect(waitMs).toBe(90_000)
  })

  it('gateway-timeout answers 504 with HTML', async () => {
    const reply = await (await faulty('gateway-timeout')).submit(LAMP)
    expect(reply).toMatchObject({ status: 504, json: undefined })
    expect(reply.headers.get('content-type')).toContain('text/html')
    expect(reply.bytes.toString()).toContain('<html>')
  })

  it('blocked answers 403 with the plain text of a bot filter', async () => {
    const reply = await (await faulty('blocked')).submit(LAMP)
    expect(reply.status).toBe(403)
    expect(reply.bytes.toString()).toBe('error code: 1010')
  })

  it('reset breaks the connection and nothing is charged', async () => {
    const emulator = await faulty('reset')
    await expect(emulator.submit(LAMP)).rejects.toThrow(TypeError)
    expect(emulator.ledger()).toMatchObject({
      credits: { charged: 0 },
      submissions: { accepted: 0, refusals: { reset: 1 } },
    })
  })
})

describe('after a submit was accepted', () => {
  it('reset-after breaks the connection, and the same key gives the job that was charged', async () => {
    const emulator = await faulty('reset-after', { when: { times: 1 } })
    await expect(emulator.submit(LAMP, { idempotencyKey: 'k' })).rejects.toThrow(TypeError)
    expect(emulator.ledger().keys['k']).toMatchObject({ charges: 1, charged: 21 })
    const id = await emulator.accepted(LAMP, { idempotencyKey: 'k' })
    expect(emulator.ledger().keys['k']).toMatchObject({ charges: 1, jobs: [id] })
  })

  it('reset-after leaves refusals alone', async () => {
    const emulator = await faulty('reset-after', { when: { times: 1 } })
    expect((await emulator.submit({ ...LAMP, n: 1 })).status).toBe(400)
    await expect(emulator.submit(LAMP)).rejects.toThrow(TypeError)
  })

  it('no-answer makes the job and stays silent', async () => {
    const emulator = await faulty('no-answer')
    await expect(emulator.submit(LAMP, { signal: AbortSignal.timeout(60) })).rejects.toThrow('aborted')
    expect(emulator.ledger().submissions.accepted).toBe(1)
  })

  it('slow-answer makes the job at once and says so late', async () => {
    const emulator = await startTimedEmulator({ faults: [{ fault: 'slow-answer', seconds: 30 }] })
    const answer = emulator.submit(LAMP)
    await asleep(emulator.clock.sleepers, 1)
    expect(emulator.ledger().submissions.accepted).toBe(1)
    await emulator.clock.advance(30_000)
    expect((await answer).status).toBe(202)
  })

  it('slow-body sends the whole answer in pieces', async () => {
    const emulator = await startTimedEmulator({ faults: [{ fault: 'slow-body', seconds: 20 }] })
    const answer = emulator.submit(LAMP)
    for (let piece = 0; piece < 10; piece += 1) {
      await asleep(emulator.clock.sleepers, 1)
      await emulator.clock.advance(1000)
    }
    const early = await Promise.race([answer, asleep(emulator.clock.sleepers, 1)])
    expect(early).toBeUndefined()
    await emulator.clock.run(answer)
    expect((await answer).json).toMatchObject({ status: 'QUEUED' })
  })

  it('invalid-json answers 202 with half of it', async () => {
    const emulator = await faulty('invalid-json')
    const reply = await emulator.submit(LAMP)
    expect(reply).toMatchObject({ status: 202, json: undefined })
    expect(reply.bytes.toString()).toMatch(/^\{"jobId"/)
    expect(reply.headers.get('content-type')).toContain('application/json')
    expect(emulator.ledger().submissions.accepted).toBe(1)
  })
})

describe('on other routes', () => {
  it('faults of requests go where their rule says', async () => {
    const emulator = await startTestEmulator({
      faults: [
        { fault: 'unavailable', when: { route: 'job', nth: 2 } },
        { fault: 'blocked', when: { route: 'me' } },
        { fault: 'reset-after', when: { route: 'list', times: 1 } },
        { fault: 'rate-limited', when: { route: 'models' } },
        { fault: 'gateway-timeout', when: { route: 'file' } },
      ],
    })
    const id = await emulator.accepted(LAMP)
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await emulator.job(id)).status)
    expect(statuses).toEqual([200, 503, 200])
    expect((await emulator.get('/v2/me')).status).toBe(403)
    await expect(emulator.get('/v2/jobs')).rejects.toThrow(TypeError)
    expect((await emulator.get('/v2/jobs')).status).toBe(200)
    expect((await emulator.get('/v2/models')).status).toBe(429)
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(504)
  })

  it('job-gone answers 404 about a job that exists', async () => {
    const emulator = await faulty('job-gone', { when: { nth: 2 } })
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).status).toBe(200)
    expect(await emulator.job(id)).toMatchObject({ status: 404, json: { error: 'Job not found' } })
    expect((await emulator.job(id)).status).toBe(200)
  })
})

describe('how a job ends', () => {
  it.each([
    [
      'failed-capacity',
      { status: 'FAILED', error: 'No available capacity — please retry shortly', creditCost: 0 },
      21,
    ],
    [
      'failed-policy',
      { status: 'FAILED', error: 'Provider returned an error: content policy violation', creditCost: 0 },
      21,
    ],
    ['failed-other', { status: 'FAILED', error: expect.any(String), creditCost: 0, progress: 0 }, 21],
    ['failed-unrefunded', { status: 'FAILED', error: expect.any(String), creditCost: null }, 0],
    ['cancelled', { status: 'CANCELLED', error: null, creditCost: 21, result: null }, 0],
  ] as const)('%s', async (fault, seen, refunded) => {
    const emulator = await faulty(fault)
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).json).toMatchObject({
      ...seen,
      result: null,
      completedAt: expect.any(String),
    })
    expect(emulator.ledger().credits).toMatchObject({ charged: 21, refunded })
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(404)
  })

  it.each([
    ['stuck', 'PROCESSING'],
    ['unknown-status', 'REVIEWING'],
  ] as const)('%s never ends', async (fault, status) => {
    const emulator = await startTimedEmulator({ faults: [{ fault }] })
    const id = await emulator.accepted(LAMP)
    await emulator.clock.advance(1_000_000_000)
    expect((await emulator.job(id)).json).toMatchObject({ status, result: null, completedAt: null })
  })

  it.each([
    ['string-result', (base: string) => `${base}-1.png`],
    ['empty-images', () => ({ images: [] })],
    ['fewer-images', (base: string) => ({ images: [`${base}-1.png`, `${base}-2.png`] })],
  ] as const)('%s', async (fault, expected) => {
    const emulator = await faulty(fault)
    const body = { ...LAMP, model: 'gpt-image-2', gptImage2Params: { number_of_images: 3, quality: 'low' } }
    const id = await emulator.accepted(body)
    const { status, result, creditCost } = (await emulator.job(id)).json ?? {}
    expect({ status, creditCost }).toEqual({ status: 'COMPLETED', creditCost: 12 })
    expect(result).toEqual(expected(`${emulator.url}/images/${id}`))
    const first = fault === 'empty-images' ? 404 : 200
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(first)
    const last = fault === 'string-result' ? 200 : 404
    expect((await emulator.get(`/images/${id}-3.png`)).status).toBe(last)
  })

  it('expired: the files are gone by the time the job is done', async () => {
    const emulator = await faulty('expired')
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).json).toMatchObject({ status: 'COMPLETED', expired: true })
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(404)
  })

  it.each([
    ['private-url', 'http://169.254.169.254/'],
    ['file-url', 'file:///'],
  ] as const)('%s puts %s into the result', async (fault, prefix) => {
    const emulator = await faulty(fault)
    const { result } = (await emulator.job(await emulator.accepted(LAMP))).json as {
      readonly result: { readonly images: readonly string[] }
    }
    expect(result.images[0]?.startsWith(prefix)).toBe(true)
  })
})

describe('what is downloaded', () => {
  it('only the second download goes wrong when the rule says so', async () => {
    const emulator = await faulty('file-missing', { when: { nth: 2 } })
    const path = `/images/${await emulator.accepted(LAMP)}-1.png`
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await emulator.get(path)).status)
    expect(statuses).toEqual([200, 404, 200])
    expect(emulator.ledger().jobs[0]?.downloads).toBe(3)
  })

  it('picture-truncated is half a picture that claims to be whole', async () => {
    const { status, bytes, headers } = await download('picture-truncated')
    expect(status).toBe(200)
    expect(headers.get('content-length')).toBe(String(bytes.length))
    await expect(decoded(bytes)).rejects.toThrow(Error)
  })

  it('picture-cut breaks off before the length that was announced', async () => {
    await expect(download('picture-cut')).rejects.toThrow(TypeError)
  })

  it.each([
    ['picture-html', 'text/html', '<!doctype html>'],
    ['picture-svg', 'image/svg+xml', '<svg'],
    ['picture-empty', 'image/png', ''],
  ] as const)('%s', async (fault, type, start) => {
    const { status, bytes, headers } = await download(fault)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(type)
    expect(bytes.toString().startsWith(start)).toBe(true)
    expect(bytes.length > 0).toBe(fault !== 'picture-empty')
  })

  it('picture-bomb is a small, valid PNG of 268 megapixels', async () => {
    const { bytes } = await download('picture-bomb')
    expect(bytes.length).toBeLessThan(50_000)
    expect(bytes.readUInt32BE(16) * bytes.readUInt32BE(20)).toBe(16_384 ** 2)
    const data = bytes.subarray(41, 41 + bytes.readUInt32BE(33))
    expect(inflateSync(data).length).toBe(16_384 * (1 + 16_384 / 8))
  })

  it('picture-endless goes on for as long as one listens', async () => {
    const emulator = await faulty('picture-endless')
    const url = `${emulator.url}/images/${await emulator.accepted(LAMP)}-1.png`
    const received = await new Promise<number>((resolve, reject) => {
      httpGet(url, (response) => {
        let bytes = 0
        response.on('data', (piece: Buffer) => {
          bytes += piece.length
          if (bytes < 20_000_000) return
          response.destroy()
          resolve(bytes)
        })
      }).on('error', reject)
    })
    expect(received).toBeGreaterThanOrEqual(20_000_000)
  })

  it('picture-slow drips', async () => {
    const faults = [{ fault: 'picture-slow', seconds: 100 }] as const
    const emulator = await startTimedEmulator({ faults })
    const id = await emulator.accepted(LAMP)
    await emulator.clock.advance(2000)
    const drip = emulator.get(`/images/${id}-1.png`)
    await asleep(emulator.clock.sleepers, 1)
    await emulator.clock.advance(50_000)
    const early = await Promise.race([drip, asleep(emulator.clock.sleepers, 1)])
    expect(early).toBeUndefined()
    await emulator.clock.run(drip)
    expect(await decoded((await drip).bytes)).toMatchObject({ width: 96 })
  })

  it.each([
    ['redirect-private', /^http:\/\/169\.254\.169\.254\//],
    ['redirect-file', /^file:\/\/\//],
    ['redirect-loop', /^\/images\//],
  ] as const)('%s', async (fault, location) => {
    const { status, headers } = await download(fault)
    expect(status).toBe(302)
    expect(headers.get('location')).toMatch(location)
  })
})

describe('rules', () => {
  it('strike by prompt, model, number and count; the first that fits wins', () => {
    const faults = createFaults([
      { fault: 'failed-policy', when: { prompt: 'knife' } },
      { fault: 'failed-capacity', when: { model: 'midjourney', nth: 2, times: 2 } },
      { fault: 'cancelled', when: { nth: 4 } },
    ])
    const strike = (prompt: string, model: string): FaultName | undefined =>
      faults.strike({ stage: 'outcome', route: 'submit', prompt, model })?.fault
    expect(strike('a knife', 'midjourney')).toBe('failed-policy')
    expect(strike('a lamp', 'midjourney')).toBe('failed-capacity')
    expect(strike('a lamp', 'dall-e-3')).toBeUndefined()
    expect(strike('a lamp', 'midjourney')).toBe('failed-capacity')
    expect(strike('a lamp', 'midjourney')).toBeUndefined()
    expect(faults.list().map(({ seen, struck }) => [seen, struck])).toEqual([
      [1, 1],
      [4, 2],
      [5, 0],
    ])
  })

  it.each([
    ['unavailable', { fault: 'unavailable' }],
    ['reset-after,nth=2', { fault: 'reset-after', when: { nth: 2 } }],
    ['slow-answer, seconds=2.5 ,route=job', { fault: 'slow-answer', when: { route: 'job' }, seconds: 2.5 }],
    [
      'failed-policy,prompt="a mug, blue",model=dall-e-3,times=1',
      { fault: 'failed-policy', when: { prompt: 'a mug, blue', model: 'dall-e-3', times: 1 } },
    ],
  ])('the text %s is a rule', (text, rule) => {
    expect(parseFault(text)).toEqual(rule)
    expect(checkFault(rule)).toEqual(rule)
  })

  it.each([
    [''],
    ['earthquake'],
    ['unavailable,nth=0'],
    ['unavailable,nth=two'],
    ['unavailable,times='],
    ['unavailable,sometimes'],
    ['unavailable,route=video'],
    ['unavailable,seconds=-1'],
    ['failed-policy,route=job'],
    ['slow-answer,route=file'],
  ])('the text %j is none, and a sentence says why', (text) => {
    expect(parseFault(text)).toMatch(/\.$/)
  })

  it('a name with a slip of the pen comes with the name that was meant', () => {
    expect(parseFault('reset-aftre')).toContain('"reset-after"')
  })

  it.each([
    [null],
    [[]],
    ['unavailable'],
    [{}],
    [{ fault: 'reset', whenever: 1 }],
    [{ fault: 'reset', when: 3 }],
    [{ fault: 'reset', when: { prompt: 3 } }],
    [{ fault: 'reset', when: { colour: 'red' } }],
  ])('the value %j is none', (value) => {
    expect(checkFault(value)).toMatch(/\.$/)
  })

  it('every fault has a sentence and a stage', () => {
    expect(FAULT_NAMES).toHaveLength(Object.keys(FAULTS).length)
    for (const name of FAULT_NAMES) expect(FAULTS[name]).toMatch(/^[A-Z].*\.$/)
    const stages = new Set(FAULT_NAMES.map(stageOf))
    expect(stages).toEqual(new Set(['before', 'after', 'outcome', 'file', 'webhook']))
  })
})

describe('the control routes', () => {
  it('add and replace faults, and show the ledger', async () => {
    const emulator = await startTestEmulator()
    const rule = { fault: 'unavailable', when: { times: 1 } }
    expect((await emulator.post('/__emulator/faults', rule)).status).toBe(200)
    expect((await emulator.submit(LAMP)).status).toBe(503)
    await emulator.post('/__emulator/faults', [{ fault: 'blocked' }])
    expect((await emulator.submit(LAMP)).status).toBe(403)
    expect((await emulator.get('/__emulator/faults')).json).toEqual({
      faults: [{ rule: { fault: 'blocked' }, seen: 1, struck: 1 }],
    })
    const ledger = await emulator.get('/__emulator/ledger', { key: null })
    expect(ledger.json).toEqual(JSON.parse(JSON.stringify(emulator.ledger())))
    expect(ledger.json).toMatchObject({ submissions: { refused: 2 }, requests: { submit: 2 } })
  })

  it('add credits', async () => {
    const emulator = await startTestEmulator({ credits: 1 })
    expect((await emulator.post('/__emulator/credits', { credits: 20 })).json).toEqual({ credits: 21 })
    expect((await emulator.post('/__emulator/credits', { credits: -1 })).status).toBe(400)
    expect((await emulator.submit(LAMP)).status).toBe(202)
  })

  it('refuse what is no rule, and change nothing then', async () => {
    const emulator = await startTestEmulator({ faults: [{ fault: 'blocked' }] })
    const reply = await emulator.post('/__emulator/faults', [{ fault: 'reset' }, { fault: 'earthquake' }])
    expect(reply).toMatchObject({ status: 400, json: { error: expect.stringContaining('earthquake') } })
    expect(emulator.control.faults.list()).toHaveLength(1)
    expect((await emulator.get('/__emulator/nothing')).status).toBe(404)
  })

  it('are closed to web pages and to names that only lead here', async () => {
    const emulator = await startTestEmulator()
    const page = await emulator.post('/__emulator/reset', {}, { headers: { origin: 'https://evil.example' } })
    expect(page.status).toBe(403)
    const rebound = await new Promise((resolve, reject) => {
      const options = { headers: { host: 'evil.example' } }
      httpGet(`${emulator.url}/__emulator/ledger`, options, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      )
    })
    expect(rebound).toBe(403)
  })
})

/** Resolves once so many sleep on the clock; turns of the event loop, no time. */
async function asleep(sleepers: () => number, count: number): Promise<void> {
  for (let turn = 0; turn < 100_000 && sleepers() < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}
