import { afterEach, describe, expect, it } from 'vitest'
import type { JobState, OpenPurchase, ProviderIo, Submitted } from '../../src/core/provider.ts'
import { createSend } from '../../src/effects/send.ts'
import { apiframe } from '../../src/providers/apiframe/index.ts'
import { hurryingClock } from '../support/driven-clock.ts'
import { cut, json, raw, scriptedServer, type ScriptedServer, type Step } from '../support/scripted-server.ts'

const KEY = 'afk_planted0123456789abcdefplanted'
const JOB = '3f0c1f5e-7d0a-4d0e-9a53-0c1f2e3d4a5b'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

interface Service {
  readonly server: ScriptedServer
  readonly io: ProviderIo
}

async function service(...steps: readonly [Step, ...(readonly Step[])]): Promise<Service> {
  const server = await scriptedServer(...steps)
  const sender = createSend({
    baseUrl: server.url,
    apiKey: KEY,
    clock: hurryingClock(),
    proxy: false,
    tryBudgetMs: 4000,
  })
  open.push(server, sender)
  return { server, io: { send: sender.send, draw: () => Promise.reject(new Error('nothing to draw')) } }
}

async function submitted(...steps: readonly [Step, ...(readonly Step[])]): Promise<Submitted> {
  const { io } = await service(...steps)
  const result = await apiframe.submit({ key: 'a'.repeat(64), body: '{"prompt":"x","model":"dall-e-3"}' }, io)
  expect(JSON.stringify(result)).not.toContain(KEY)
  return result
}

async function polled(...steps: readonly [Step, ...(readonly Step[])]): Promise<JobState> {
  const { io } = await service(...steps)
  const state = await apiframe.poll(JOB, io)
  expect(JSON.stringify(state)).not.toContain(KEY)
  return state
}

describe('submit', () => {
  it.each([
    ['202', json(202, { jobId: JOB, status: 'QUEUED' })],
    ['a replay of a finished job', json(202, { jobId: JOB, status: 'COMPLETED' })],
    ['200', json(200, { jobId: JOB })],
    ['201 and a field nobody knows', json(201, { jobId: JOB, status: 'NEW', more: [] })],
  ])('is accepted by %s', async (_, step) => {
    expect(await submitted(step)).toEqual({ type: 'accepted', job: JOB })
  })

  it.each([
    ['no job id', json(202, { status: 'QUEUED' })],
    ['a number for a job id', json(202, { jobId: 7 })],
    ['an empty job id', json(202, { jobId: '' })],
    ['a job id that is a path', json(202, { jobId: '../me' })],
    ['a list', json(202, [JOB])],
    ['bad JSON', raw(202, '{"jobId":"3f0c')],
    ['an empty body', raw(202, '')],
  ])('is unknown after a 202 with %s', async (_, step) => {
    expect(await submitted(step)).toMatchObject({ type: 'unknown' })
  })

  it('names every detail of a 400', async () => {
    const details = {
      'dalleParams.aspect_ratio': ['Invalid option: expected one of "1:1"|"3:2"|"2:3"'],
      prompt: ['Too big', 'and\nodd'],
    }
    const result = await submitted(json(400, { error: 'Validation failed', details }))
    expect(result).toMatchObject({ type: 'rejected', why: 'invalid' })
    const { message } = result as Extract<Submitted, { type: 'rejected' }>
    for (const part of [
      'Validation failed',
      'dalleParams.aspect_ratio: Invalid option',
      'prompt: Too big, and odd',
    ]) {
      expect(message).toContain(part)
    }
  })

  it.each<readonly [string, Step, string, string]>([
    ['400 without details', json(400, { error: 'Unrecognized keys' }), 'invalid', 'Unrecognized keys'],
    [
      '400 with odd details',
      json(400, { error: 5, details: { a: { b: 1 }, c: [null, 'this'] } }),
      'invalid',
      'c: this',
    ],
    ['400 as HTML', raw(400, '<html>Bad Request</html>'), 'invalid', 'HTTP 400'],
    ['401', json(401, { error: 'Invalid API key' }), 'key', 'Invalid API key'],
    ['403', json(403, { error: 'API key is inactive' }), 'key', 'API key is inactive'],
    ['403 as plain text', raw(403, 'error code: 1010'), 'key', '1010'],
    [
      '402',
      json(402, { error: 'Insufficient credits', creditsRequired: 21, creditsAvailable: 4 }),
      'credits',
      'needs 21, the team has 4',
    ],
    ['402 without figures', json(402, { error: 'Insufficient credits' }), 'credits', 'Insufficient credits'],
    ['429', json(429, { error: 'Too many requests' }), 'busy', '429'],
    ['404', raw(404, '<html>nginx</html>'), 'unreachable', 'APIFRAME_BASE_URL'],
    ['308', raw(308, '', { location: 'https://elsewhere.example' }), 'unreachable', 'HTTP 308'],
  ])('is rejected by %s, in words of its own', async (_, step, why, words) => {
    const result = await submitted(step)
    expect(result).toMatchObject({ type: 'rejected', why })
    expect('message' in result ? result.message : '').toContain(words)
  })

  it('has other words for a key that is wrong, one that is inactive and a filter in front', async () => {
    const results = await Promise.all([
      submitted(json(401, { error: 'no' })),
      submitted(json(403, { error: 'no' })),
      submitted(raw(403, 'error code: 1010')),
    ])
    expect(new Set(results.map((result) => ('message' in result ? result.message : ''))).size).toBe(3)
  })

  it('is a conflict at 409', async () => {
    expect(await submitted(json(409, { error: 'Idempotency-Key reused' }))).toMatchObject({
      type: 'conflict',
    })
  })

  it.each([
    ['500', json(500, { error: 'x' })],
    ['503', json(503, { error: 'queue down' })],
    ['504 as HTML', raw(504, '<html><h1>Gateway Time-out</h1></html>')],
    ['408', raw(408, '')],
    ['resets', cut],
    ['302, which may come after the work', raw(302, '', { location: '/done' })],
  ])('is unknown after %s', async (_, step) => {
    const result = await submitted(step)
    expect(result).toMatchObject({ type: 'unknown' })
    expect('message' in result ? result.message : '').not.toContain('<')
  })

  it('is unknown when a refusal follows a try that may have arrived, and says when to stop buying', async () => {
    expect(await submitted(cut, json(401, { error: 'no' }))).toMatchObject({ type: 'unknown', stop: 'key' })
    expect(await submitted(cut, json(402, { error: 'no' }))).toMatchObject({
      type: 'unknown',
      stop: 'credits',
    })
    expect(await submitted(cut, json(429, { error: 'no' }))).toMatchObject({ type: 'unknown' })
    expect(await submitted(cut, raw(404, ''))).toMatchObject({ type: 'unknown' })
    expect(await submitted(cut, json(400, { error: 'no' }))).toMatchObject({ type: 'unknown' })
    expect(await submitted(json(429, {}), json(401, { error: 'no' }))).toMatchObject({ type: 'rejected' })
  })

  it('is rejected as unreachable where nobody listens', async () => {
    const { server, io } = await service(json(202, { jobId: JOB }))
    await server.close()
    const result = await apiframe.submit({ key: 'a', body: '{}' }, io)
    expect(result).toMatchObject({ type: 'rejected', why: 'unreachable' })
  })
})

describe('poll', () => {
  const job = { id: JOB, model: 'dall-e-3', progress: 40, error: null, creditCost: 21, result: null }
  const picture = { type: 'url', url: 'https://cdn2.apiframe.ai/images/x-1.png' }

  it.each<readonly [string, object, object]>([
    ['QUEUED', { status: 'QUEUED', progress: null }, { type: 'running', progress: null }],
    ['PROCESSING', { status: 'PROCESSING' }, { type: 'running', progress: 40 }],
    ['progress beyond its end', { status: 'PROCESSING', progress: 140 }, { type: 'running', progress: 100 }],
    ['progress that is text', { status: 'PROCESSING', progress: '40' }, { type: 'running', progress: null }],
    ['a status nobody knows', { status: 'PAUSED' }, { type: 'running' }],
    [
      'CANCELLED',
      { status: 'CANCELLED', creditCost: null },
      { type: 'failed', why: 'cancelled', credits: null },
    ],
    ['an odd cost', { status: 'FAILED', creditCost: '0' }, { type: 'failed', credits: null }],
    ['a cost below nothing', { status: 'FAILED', creditCost: -1 }, { type: 'failed', credits: null }],
    ['a refund', { status: 'FAILED', creditCost: 0 }, { type: 'failed', why: 'other', credits: 0 }],
  ])('reads %s', async (_, fields, state) => {
    expect(await polled(json(200, { ...job, ...fields }))).toMatchObject(state)
  })

  it.each<readonly [string, object, number | null]>([
    ['both', { createdAt: '2026-03-15T10:00:00.000Z', completedAt: '2026-03-15T10:00:05.250Z' }, 5_250],
    ['no end', { createdAt: '2026-03-15T10:00:00.000Z', completedAt: null }, null],
    ['no times', {}, null],
    ['words', { createdAt: 'today', completedAt: 'later' }, null],
  ])('takes how long a job took from %s', async (_, times, tookMs) => {
    const completed = { ...job, ...times, status: 'COMPLETED', result: { images: [picture.url] } }
    expect(await polled(json(200, completed))).toMatchObject({ tookMs })
  })

  it.each<readonly [string, unknown, readonly object[]]>([
    ['images', { images: [picture.url] }, [picture]],
    ['a bare string', picture.url, [picture]],
    ['no images', { images: [] }, []],
    ['null', null, []],
    ['an empty string', '', []],
    ['images that are none', { images: [7, '', null, { url: 'https://a.example' }] }, []],
    ['images that are no list', { images: picture.url }, []],
    ['a video', { videoUrl: picture.url }, []],
    [
      'a grid, which is no picture',
      { images: ['https://a/g.png', picture.url], gridUrl: 'https://a/g.png' },
      [picture],
    ],
  ])('takes from a result with %s what is a picture', async (_, result, pictures) => {
    const state = await polled(json(200, { ...job, status: 'COMPLETED', result }))
    expect(state).toEqual({ type: 'completed', pictures, credits: 21, expired: false, tookMs: null })
  })

  it('says when the files have expired', async () => {
    const fields = { status: 'COMPLETED', result: { images: [picture.url] }, expired: true }
    expect(await polled(json(200, { ...job, ...fields }))).toMatchObject({
      expired: true,
      pictures: [picture],
    })
  })

  it.each([
    ['Provider returned an error: content policy violation', 'refused'],
    ['Your request was rejected by the safety system', 'refused'],
    ['Prompt blocked by moderation', 'refused'],
    ['NSFW content detected', 'refused'],
    ['No available capacity — please retry shortly', 'capacity'],
    ['Provider overloaded', 'capacity'],
    ['Too many requests for the content moderation service', 'refused'],
    ['Unexpected end of JSON input', 'other'],
    ['', 'other'],
    [null, 'other'],
    [{ message: 'x' }, 'other'],
  ])('classifies %j as %s', async (error, why) => {
    expect(await polled(json(200, { ...job, status: 'FAILED', error }))).toMatchObject({
      type: 'failed',
      why,
    })
  })

  it('keeps a failure text to one short line', async () => {
    const error = `a\u001b[31m\u202e\nb ${'x'.repeat(5000)}`
    const state = await polled(json(200, { ...job, status: 'FAILED', error }))
    const message = 'message' in state ? state.message : ''
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(message.length).toBeLessThan(310)
  })

  it.each<readonly [string, Step, JobState['type']]>([
    ['404', json(404, { error: 'Job not found' }), 'gone'],
    ['404 of some page, which cannot know', raw(404, '<html>nginx</html>'), 'unreachable'],
    ['401', json(401, { error: 'Invalid API key' }), 'locked-out'],
    ['403', raw(403, 'error code: 1010'), 'locked-out'],
    ['500', json(500, {}), 'unreachable'],
    ['400', json(400, { error: 'x' }), 'unreachable'],
    ['HTML', raw(200, '<html>'), 'unreachable'],
    ['a list', json(200, []), 'unreachable'],
    ['no status', json(200, { id: JOB }), 'unreachable'],
    ['another job', json(200, { ...job, id: 'other', status: 'COMPLETED' }), 'unreachable'],
    ['resets', cut, 'unreachable'],
  ])('makes of %s a state', async (_, step, type) => {
    expect(await polled(step)).toMatchObject({ type })
  })
})

describe('find', () => {
  const intendedMs = Date.UTC(2026, 6, 1, 12)
  const sent = { prompt: 'A lamp.', model: 'dall-e-3', dalleParams: { aspect_ratio: '3:2', style: 'vivid' } }
  const purchase: OpenPurchase = {
    purchase: 'p',
    model: 'dall-e-3',
    body: JSON.stringify(sent),
    intendedMs,
    job: null,
  }

  interface StoredJob {
    readonly id: string
    readonly minutes: number
    readonly input?: unknown
    readonly model?: string
  }

  /** A service with these jobs, newest first unless told, two a page. Minutes count from the intent. */
  function listing(
    jobs: readonly StoredJob[],
    options: { readonly date?: string; readonly inputStatus?: number } = {},
  ): Step {
    return (response, { path }) => {
      const url = new URL(path, 'http://x')
      const id = /^\/v2\/jobs\/(.+)$/.exec(url.pathname)?.[1]
      response.setHeader('content-type', 'application/json')
      response.setHeader('date', options.date ?? new Date(intendedMs + 3_600_000).toUTCString())
      if (id !== undefined) {
        const found = jobs.find((job) => job.id === id)
        response.statusCode = options.inputStatus ?? 200
        response.end(JSON.stringify({ id, status: 'COMPLETED', input: found?.input ?? null }))
        return
      }
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const page = jobs.slice(from, from + 2).map((job) => ({
        id: job.id,
        model: job.model ?? 'dall-e-3',
        status: 'COMPLETED',
        createdAt: new Date(intendedMs + job.minutes * 60_000).toISOString(),
      }))
      const more = from + 2 < jobs.length
      response.end(JSON.stringify({ jobs: page, nextCursor: more ? String(from + 2) : null, hasMore: more }))
    }
  }

  async function found(
    step: Step,
    known: readonly string[] = [],
    asked: OpenPurchase = purchase,
  ): Promise<unknown> {
    const { io } = await service(step)
    return apiframe.find(asked, new Set(known), io)
  }

  const other = { ...sent, prompt: 'A chair.' }
  const reordered = {
    model: 'dall-e-3',
    webhookUrl: 'https://x.example/',
    webhookEvents: ['failed'],
    dalleParams: { style: 'vivid', aspect_ratio: '3:2' },
    prompt: ' A  lamp. ',
  }

  it('adopts the one job that was made of the same body', async () => {
    const jobs = [
      { id: 'new', minutes: 30, input: other },
      { id: 'mine', minutes: 1, input: reordered },
      { id: 'style', minutes: 0, input: { ...sent, dalleParams: { aspect_ratio: '3:2', style: 'natural' } } },
      { id: 'older', minutes: -9, input: other },
      { id: 'too-old', minutes: -11, input: sent },
    ]
    expect(await found(listing(jobs))).toEqual({ type: 'job', job: 'mine' })
  })

  it('asks for the model only, and reads no more pages than needed', async () => {
    const jobs = [
      { id: 'mine', minutes: 1, input: sent },
      { id: 'old', minutes: -20, input: other },
      { id: 'older', minutes: -30, input: other },
    ]
    const { io, server } = await service(listing(jobs))
    expect(await apiframe.find(purchase, new Set(), io)).toEqual({ type: 'job', job: 'mine' })
    expect(server.arrivals.map(({ path }) => path)).toEqual([
      '/v2/jobs?model=dall-e-3&limit=100',
      '/v2/jobs/mine',
    ])
  })

  it('leaves jobs to the purchases they are known to belong to', async () => {
    const jobs = [
      { id: 'a', minutes: 2, input: sent },
      { id: 'b', minutes: 1, input: sent },
    ]
    expect(await found(listing(jobs))).toEqual({ type: 'unknown' })
    expect(await found(listing(jobs), ['a'])).toEqual({ type: 'job', job: 'b' })
    expect(await found(listing(jobs), ['a', 'b'])).toEqual({ type: 'absent' })
  })

  it('confirms absence when the whole window was read and nothing is like it', async () => {
    expect(await found(listing([]))).toEqual({ type: 'absent' })
    const jobs = [1, 2, 3, 4, 5].map((at) => ({ id: `j${at}`, minutes: 9 - 4 * at, input: other }))
    expect(await found(listing(jobs))).toEqual({ type: 'absent' })
  })

  it('confirms absence days later only where the list reaches back beyond the intent', async () => {
    const date = new Date(intendedMs + 3 * 86_400_000).toUTCString()
    const younger = { id: 'a', minutes: 60, input: other }
    expect(await found(listing([younger], { date }))).toEqual({ type: 'unknown' })
    const older = { id: 'b', minutes: -11, input: other }
    expect(await found(listing([younger, older], { date }))).toEqual({ type: 'absent' })
  })

  it.each<readonly [string, Step]>([
    ['an input is missing', listing([{ id: 'a', minutes: 1 }])],
    ['an input has no prompt', listing([{ id: 'a', minutes: 1, input: { model: 'dall-e-3' } }])],
    [
      'an echo has fields more, defaults perhaps',
      listing([{ id: 'a', minutes: 1, input: { ...sent, dalleParams: { ...sent.dalleParams, size: 'l' } } }]),
    ],
    [
      'an echo has lost its params',
      listing([{ id: 'a', minutes: 1, input: { prompt: 'A lamp.', model: 'dall-e-3' } }]),
    ],
    ['a job cannot be read', listing([{ id: 'a', minutes: 1, input: other }], { inputStatus: 404 })],
    ['the list is no list', json(200, { jobs: 'none' })],
    [
      'an item has no date',
      json(200, { jobs: [{ id: 'a', model: 'dall-e-3' }], nextCursor: null, hasMore: false }),
    ],
    ['more is promised without a way there', json(200, { jobs: [], nextCursor: null, hasMore: true })],
    ['the cursor leads in a ring', json(200, { jobs: [], nextCursor: 'x', hasMore: true })],
    [
      'the list is not sorted',
      listing([
        { id: 'old', minutes: -60, input: other },
        { id: 'a', minutes: 1, input: other },
        { id: 'b', minutes: 1, input: other },
        { id: 'older', minutes: -60, input: other },
      ]),
    ],
    [
      "our clock was ahead of the service's when the purchase was written down",
      listing([], { date: new Date(intendedMs - 3_600_000).toUTCString() }),
    ],
  ])('calls nothing absent when %s', async (_, step) => {
    expect(await found(step)).toEqual({ type: 'unknown' })
  })

  it.each([
    ['the list is refused', json(403, { error: 'no' })],
    ['the service is down', cut],
  ])('leaves it to another run when %s', async (_, step) => {
    expect(await found(step)).toEqual({ type: 'unreachable' })
  })

  it('finds a job although our clock was hours ahead', async () => {
    const step = listing([{ id: 'mine', minutes: -125, input: sent }], {
      date: new Date(intendedMs - 7_200_000).toUTCString(),
    })
    expect(await found(step)).toEqual({ type: 'job', job: 'mine' })
  })

  it('asks nobody when the job is known, or the stored body cannot be read', async () => {
    const { io, server } = await service(json(500, {}))
    const told = { ...purchase, job: 'known' }
    expect(await apiframe.find(told, new Set(), io)).toEqual({ type: 'job', job: 'known' })
    expect(await apiframe.find({ ...purchase, body: '{"prompt":' }, new Set(), io)).toEqual({
      type: 'unknown',
    })
    expect(server.arrivals).toHaveLength(0)
  })
})
