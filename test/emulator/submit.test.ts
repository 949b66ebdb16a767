import { describe, expect, it } from 'vitest'
import { APIFRAME_MODELS } from '../../src/providers/apiframe/models.ts'
import { TEST_KEY, startTestEmulator, startTimedEmulator } from '../support/emulator.ts'

const LAMP = { prompt: 'A lamp.', model: 'dall-e-3', dalleParams: { aspect_ratio: '3:2' } }
const DAY_MS = 24 * 60 * 60 * 1000

describe('who may call', () => {
  it.each([
    [null, 401, 'API key is required'],
    ['', 401, 'API key is required'],
    ['sk-123', 401, 'Invalid API key'],
    ['afk_revoked', 401, 'Invalid API key'],
    ['afk_asleep', 403, 'API key is inactive'],
  ])('the key %j is turned away', async (key, status, error) => {
    const emulator = await startTestEmulator({
      keys: { unknown: ['afk_revoked'], inactive: ['afk_asleep'] },
    })
    for (const path of ['/v2/me', '/v2/jobs', '/v2/jobs/not-even-an-id']) {
      expect(await emulator.get(path, { key })).toMatchObject({ status, json: { error } })
    }
    // The key is looked at before the body.
    expect(await emulator.submit({ wrong: true }, { key })).toMatchObject({ status, json: { error } })
    expect(emulator.ledger().submissions).toMatchObject({ accepted: 0, refused: 1 })
  })

  it('only the keys named as known are known', async () => {
    const emulator = await startTestEmulator({ keys: { known: ['afk_mine'] } })
    expect((await emulator.get('/v2/me', { key: 'afk_mine' })).status).toBe(200)
    expect((await emulator.get('/v2/me')).status).toBe(401)
  })

  it('a job of another user is not found', async () => {
    const emulator = await startTestEmulator({ keys: { users: { afk_other: 'other' } } })
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id, { key: 'afk_other' })).status).toBe(404)
    expect((await emulator.job(id, { key: 'afk_second_key_of_the_same' })).status).toBe(200)
  })

  it('calls beyond the rate limit wait for the next minute', async () => {
    const emulator = await startTimedEmulator({ rateLimit: { perMinute: 2 } })
    await emulator.get('/v2/me')
    await emulator.clock.advance(20_000)
    await emulator.get('/v2/me')
    const third = await emulator.submit(LAMP)
    expect(third.status).toBe(429)
    expect(third.headers.get('retry-after')).toBe('40')
    expect((await emulator.get('/v2/me', { key: 'afk_another' })).status).toBe(200)
    await emulator.clock.advance(40_000)
    expect((await emulator.submit(LAMP)).status).toBe(202)
  })
})

describe('bodies', () => {
  it.each(APIFRAME_MODELS.map((facts) => [facts.id, facts] as const))(
    '%s takes its own params and no other',
    async (model, facts) => {
      const emulator = await startTestEmulator()
      const required = Object.fromEntries(
        Object.entries(facts.params).flatMap(([name, rule]) =>
          'required' in rule
            ? [[name, name === 'loraId' ? crypto.randomUUID() : 'https://example.com/face.png']]
            : [],
        ),
      )
      const own = facts.paramsRequired ? { [facts.paramsKey]: required } : {}
      expect((await emulator.submit({ prompt: 'A lamp.', model, ...own })).status).toBe(202)
      const strange = { prompt: 'A lamp.', model, ...own, klingParams: {}, size: '1024x1024' }
      const wrong = { [facts.paramsKey]: { ...required, colour: 'red' } }
      expect((await emulator.submit(strange)).json).toEqual({
        error: expect.any(String),
        details: { '': ['Unrecognized keys: "klingParams", "size"'] },
      })
      expect((await emulator.submit({ prompt: 'A lamp.', model, ...wrong })).json?.['details']).toEqual({
        [facts.paramsKey]: ['Unrecognized key: "colour"'],
      })
      if (!facts.paramsRequired) return
      expect((await emulator.submit({ prompt: 'A lamp.', model })).json?.['details']).toEqual({
        [facts.paramsKey]: ['Invalid input: expected object, received undefined'],
      })
    },
  )

  it.each([
    [{ model: 'dall-e-3' }, 'prompt', 'Invalid input: expected string, received undefined'],
    [{ ...LAMP, prompt: 7 }, 'prompt', 'Invalid input: expected string, received number'],
    [{ ...LAMP, prompt: '' }, 'prompt', 'Too small: expected string to have >=1 characters'],
    [{ ...LAMP, prompt: 'x'.repeat(2001) }, 'prompt', 'Too big: expected string to have <=2000 characters'],
    [
      { ...LAMP, dalleParams: { aspect_ratio: '16:9' } },
      'dalleParams.aspect_ratio',
      'Invalid option: expected one of "1:1"|"3:2"|"2:3"',
    ],
    [{ ...LAMP, dalleParams: [] }, 'dalleParams', 'Invalid input: expected object, received array'],
    [{ ...LAMP, webhook_url: 'https://a.example' }, '', 'Unrecognized key: "webhook_url"'],
    [{ ...LAMP, webhookUrl: 'nowhere' }, 'webhookUrl', 'Invalid URL'],
    [
      { ...LAMP, webhookUrl: 'https://a.example', webhookEvents: [] },
      'webhookEvents',
      'Too small: expected array to have >=1 items',
    ],
    [
      { ...LAMP, webhookUrl: 'https://a.example', webhookEvents: ['completed', 'done'] },
      'webhookEvents.1',
      'Invalid option: expected one of "progress"|"completed"|"failed"',
    ],
    [
      { prompt: 'A lamp.', model: 'gpt-image-2', gptImage2Params: { number_of_images: 1.5 } },
      'gptImage2Params.number_of_images',
      'Invalid input: expected int, received number',
    ],
    [
      { prompt: 'A lamp.', model: 'gpt-image-2', gptImage2Params: { number_of_images: 11 } },
      'gptImage2Params.number_of_images',
      'Too big: expected number to be <=10',
    ],
    [
      { prompt: 'A lamp.', model: 'gpt-image-2', gptImage2Params: { input_images: ['a b'] } },
      'gptImage2Params.input_images.0',
      'Invalid URL',
    ],
    [
      { prompt: 'A lamp.', model: 'flux-1.1-pro', fluxParams: { aspect_ratio: 'wide', go_fast: 'yes' } },
      'fluxParams.go_fast',
      'Invalid input: expected boolean, received string',
    ],
    [
      { prompt: 'A lamp.', model: 'flux-1.1-pro', fluxParams: { aspect_ratio: 'wide' } },
      'fluxParams.aspect_ratio',
      'Invalid string: must match pattern /^\\d+:\\d+$/',
    ],
    ['[]', '', 'Invalid input: expected object, received array'],
    ['{"prompt":', '', 'Invalid input: expected object, received undefined'],
  ])('%j is refused at "%s"', async (body, path, text) => {
    const emulator = await startTestEmulator()
    const reply = await emulator.submit(body)
    expect(reply).toMatchObject({ status: 400, json: { details: { [path]: [text] } } })
    expect(emulator.ledger().submissions).toMatchObject({ accepted: 0, refusals: { 400: 1 } })
  })

  it('an unknown model is refused by its name', async () => {
    const emulator = await startTestEmulator()
    const reply = await emulator.submit({ ...LAMP, model: 'recraft-v3' })
    expect(reply).toMatchObject({ status: 400, json: { details: { model: [expect.any(String)] } } })
  })

  it('a body that does not say it is JSON is not read', async () => {
    const emulator = await startTestEmulator()
    const reply = await emulator.submit(LAMP, { headers: { 'content-type': 'text/plain' } })
    expect(reply.status).toBe(400)
  })

  it('a prompt of 5000 characters is fine where the model takes it', async () => {
    const emulator = await startTestEmulator()
    expect((await emulator.submit({ prompt: 'x'.repeat(5000), model: 'wan-image-2.7' })).status).toBe(202)
  })

  it('an idempotency key may have 255 characters', async () => {
    const emulator = await startTestEmulator()
    expect((await emulator.submit(LAMP, { idempotencyKey: 'k'.repeat(255) })).status).toBe(202)
    expect((await emulator.submit(LAMP, { idempotencyKey: 'k'.repeat(256) })).status).toBe(400)
  })
})

describe('idempotency', () => {
  it('the same key and body are one job, charged once, with its present status', async () => {
    const emulator = await startTimedEmulator()
    const first = await emulator.submit(LAMP, { idempotencyKey: 'k' })
    expect(first).toMatchObject({ status: 202, json: { status: 'QUEUED' } })
    await emulator.clock.advance(2000)
    // Another order of the members is the same body.
    const { prompt, model, dalleParams } = LAMP
    const again = await emulator.submit({ model, dalleParams, prompt }, { idempotencyKey: 'k' })
    expect(again.status).toBe(202)
    expect(again.json).toEqual({ jobId: first.json?.['jobId'], status: 'COMPLETED' })
    expect(emulator.ledger()).toMatchObject({
      submissions: { accepted: 1, replayed: 1 },
      keys: { k: { charges: 1, charged: 21 } },
      prompts: { 'A lamp.': { charges: 1 } },
    })
  })

  it('another body under a used key is a conflict and buys nothing', async () => {
    const emulator = await startTestEmulator()
    await emulator.accepted(LAMP, { idempotencyKey: 'k' })
    const reply = await emulator.submit({ ...LAMP, prompt: 'Another.' }, { idempotencyKey: 'k' })
    expect(reply).toMatchObject({ status: 409, json: { error: expect.any(String) } })
    expect(emulator.ledger().credits.charged).toBe(21)
  })

  it('keys of different accounts do not meet', async () => {
    const emulator = await startTestEmulator()
    const one = await emulator.accepted(LAMP, { idempotencyKey: 'k' })
    const other = await emulator.accepted(LAMP, { idempotencyKey: 'k', key: 'afk_other' })
    expect(other).not.toBe(one)
  })

  it('a key is forgotten after 24 hours', async () => {
    const emulator = await startTimedEmulator()
    const first = await emulator.accepted(LAMP, { idempotencyKey: 'k' })
    await emulator.clock.advance(DAY_MS - 1)
    expect(await emulator.accepted(LAMP, { idempotencyKey: 'k' })).toBe(first)
    await emulator.clock.advance(1)
    expect(await emulator.accepted(LAMP, { idempotencyKey: 'k' })).not.toBe(first)
    expect(emulator.ledger().keys['k']?.charges).toBe(2)
  })

  it('what was refused is not remembered', async () => {
    const emulator = await startTestEmulator({ credits: 0 })
    expect((await emulator.submit({ ...LAMP, n: 1 }, { idempotencyKey: 'k' })).status).toBe(400)
    expect((await emulator.submit(LAMP, { idempotencyKey: 'k' })).status).toBe(402)
    emulator.control.addCredits(21)
    expect((await emulator.submit(LAMP, { idempotencyKey: 'k' })).status).toBe(202)
  })

  it('the same key at once, ten times, is one job', async () => {
    const emulator = await startTestEmulator()
    const ids = await Promise.all(
      Array.from({ length: 10 }, async () => emulator.accepted(LAMP, { idempotencyKey: 'k' })),
    )
    expect(new Set(ids).size).toBe(1)
    expect(emulator.ledger().submissions).toMatchObject({ accepted: 1, replayed: 9 })
  })
})

describe('credits', () => {
  it('are taken at acceptance and shown by the account', async () => {
    const emulator = await startTimedEmulator({ credits: 50 })
    await emulator.accepted(LAMP)
    expect((await emulator.get('/v2/me')).json).toMatchObject({
      team: { credits: 29 },
      apiKey: { prefix: TEST_KEY.slice(0, 8) },
    })
    await emulator.accepted(LAMP)
    expect(await emulator.submit(LAMP)).toMatchObject({
      status: 402,
      json: { error: 'Insufficient credits', creditsRequired: 21, creditsAvailable: 8 },
    })
    expect(emulator.ledger().credits).toMatchObject({ charged: 42, balance: 8 })
  })

  it('come back when a job fails, and not a moment sooner', async () => {
    const emulator = await startTimedEmulator({ credits: 21, faults: [{ fault: 'failed-other' }] })
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).json).toMatchObject({ creditCost: 21 })
    expect((await emulator.submit(LAMP)).status).toBe(402)
    await emulator.clock.advance(2000)
    expect((await emulator.job(id)).json).toMatchObject({ status: 'FAILED', creditCost: 0 })
    expect(emulator.ledger().credits).toEqual({ granted: 21, charged: 21, refunded: 21, balance: 21 })
    expect((await emulator.submit(LAMP)).status).toBe(202)
  })

  it.each([
    [{ model: 'midjourney' }, 16],
    [{ model: 'gpt-image-1.5', gptImageParams: { quality: 'low', number_of_images: 3 } }, 12],
    [{ model: 'gpt-image-1.5' }, 24],
    [{ model: 'kling-image', klingImageParams: { n: 4 } }, 8],
    [{ model: 'imagen-3' }, 11],
  ])('%j costs %d', async (body, cost) => {
    const emulator = await startTestEmulator({ prices: { 'imagen-3': 11 } })
    const id = await emulator.accepted({ prompt: 'A lamp.', ...body })
    expect((await emulator.job(id)).json?.['creditCost']).toBe(cost)
  })
})

describe('concurrency', () => {
  it('a job beyond the cap waits in the queue for a slot', async () => {
    const emulator = await startTimedEmulator({ maxConcurrentJobs: 1 })
    const first = await emulator.accepted(LAMP)
    const second = await emulator.accepted({ ...LAMP, prompt: 'Another lamp.' })
    await emulator.clock.advance(700)
    expect((await emulator.job(first)).json?.['status']).toBe('PROCESSING')
    expect((await emulator.job(second)).json?.['status']).toBe('QUEUED')
    await emulator.clock.advance(700)
    expect((await emulator.job(first)).json?.['status']).toBe('COMPLETED')
    expect((await emulator.job(second)).json?.['status']).toBe('PROCESSING')
    await emulator.clock.advance(1400)
    expect((await emulator.job(second)).json?.['status']).toBe('COMPLETED')
  })

  it('or is refused with 429, where that is the setting', async () => {
    const emulator = await startTimedEmulator({ maxConcurrentJobs: 1, beyondConcurrency: '429' })
    await emulator.accepted(LAMP)
    const reply = await emulator.submit(LAMP)
    expect(reply.status).toBe(429)
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    await emulator.clock.advance(2000)
    expect((await emulator.submit(LAMP)).status).toBe(202)
  })
})
