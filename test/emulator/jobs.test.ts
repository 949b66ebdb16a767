import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DiskError } from '../../src/effects/files.ts'
import { startEmulator } from '../../src/emulator/server.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { type TestEmulator, TEST_KEY, startTestEmulator, startTimedEmulator } from '../support/emulator.ts'
import { decoded } from '../support/pictures.ts'

const LAMP = { prompt: 'A lamp.', model: 'dall-e-3', dalleParams: { aspect_ratio: '3:2' } }
const DAY_MS = 24 * 60 * 60 * 1000

async function imagesOf(emulator: TestEmulator, id: string): Promise<readonly string[]> {
  const { result } = (await emulator.job(id)).json as { readonly result: { readonly images: string[] } }
  return result.images
}

describe('the life of a job', () => {
  it('goes from the queue over rising progress to its pictures', async () => {
    const emulator = await startTimedEmulator()
    const createdAt = new Date(emulator.clock.now()).toISOString()
    const id = await emulator.accepted(LAMP)
    expect((await emulator.job(id)).json).toEqual({
      id,
      status: 'QUEUED',
      model: 'dall-e-3',
      progress: 0,
      result: null,
      error: null,
      creditCost: 21,
      webhookStatus: null,
      createdAt,
      completedAt: null,
      expired: false,
      input: LAMP,
    })
    const seen: unknown[] = []
    for (let step = 0; step < 13; step += 1) {
      await emulator.clock.advance(100)
      const { status, progress } = (await emulator.job(id)).json ?? {}
      if (status === 'PROCESSING') seen.push(progress)
    }
    expect(seen.length).toBeGreaterThan(4)
    expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)))
    expect(new Set(seen).size).toBeGreaterThan(3)
    const done = (await emulator.job(id)).json
    expect(done).toMatchObject({ status: 'COMPLETED', progress: 100, error: null, creditCost: 21 })
    expect(done?.['result']).toEqual({ images: [`${emulator.url}/images/${id}-1.png`] })
    const tookMs = Date.parse(String(done?.['completedAt'])) - Date.parse(createdAt)
    expect(tookMs).toBeGreaterThanOrEqual(800)
    expect(tookMs).toBeLessThanOrEqual(1200)
    expect(emulator.ledger().jobs[0]?.polls).toBe(15)
  })

  it('ids are checked: 400 for what is no UUID, 404 for what nobody has', async () => {
    const emulator = await startTestEmulator()
    const missing = '00000000-0000-4000-8000-000000000001'
    expect(await emulator.job('12')).toMatchObject({ status: 400, json: { error: expect.any(String) } })
    expect(await emulator.job(missing)).toMatchObject({ status: 404, json: { error: expect.any(String) } })
  })

  it.each([
    ['/'],
    ['/v2'],
    ['/v2/uploads'],
    ['/v2/jobs/a/b'],
    ['/v2/images/generate'],
    ['/images/x.png'],
    ['//'],
  ])('%s is no route', async (path) => {
    const emulator = await startTestEmulator()
    expect(await emulator.get(path)).toMatchObject({ status: 404, json: { error: expect.any(String) } })
  })

  it('with a seed, ids and times are the same in every run', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const emulator = await startTimedEmulator({ seed: 'same' })
        const id = await emulator.accepted(LAMP)
        await emulator.clock.advance(2000)
        return { id, completedAt: (await emulator.job(id)).json?.['completedAt'] }
      }),
    )
    expect(runs[0]).toEqual(runs[1])
    expect(runs[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('result files', () => {
  it.each([
    [{ model: 'dall-e-3', dalleParams: { aspect_ratio: '3:2' } }, 1536, 1024],
    [{ model: 'dall-e-3', dalleParams: { aspect_ratio: '2:3' } }, 1024, 1536],
    [{ model: 'dall-e-3' }, 1024, 1024],
    [{ model: 'flux-1.1-pro', fluxParams: { width: 512, height: 256 } }, 512, 256],
    [{ model: 'qwen-image', qwenImageParams: { image_size: 'landscape_16_9' } }, 1536, 864],
    [{ model: 'imagen-4', imagenParams: { aspect_ratio: '9:16' } }, 864, 1536],
    [{ model: 'seedream-4', seedreamParams: { aspect_ratio: 'whatever fits' } }, 1024, 1024],
  ])('%j is drawn at %d × %d', async (body, width, height) => {
    const emulator = await startTestEmulator({ picture: 'sketch' })
    const id = await emulator.accepted({ prompt: 'A red lamp in the snow.', ...body })
    const [url = ''] = await imagesOf(emulator, id)
    const reply = await emulator.get(new URL(url).pathname, { key: null })
    expect(reply.headers.get('content-type')).toBe('image/png')
    expect(await decoded(reply.bytes)).toMatchObject({ width, height })
  })

  it('are the same at every download, and different for every picture of a prompt', async () => {
    const emulator = await startTestEmulator({ picture: 'sketch' })
    const body = {
      prompt: 'A red lamp.',
      model: 'gpt-image-2',
      gptImage2Params: { number_of_images: 2, quality: 'low' },
    }
    const paths = []
    for (const id of [await emulator.accepted(body), await emulator.accepted(body)]) {
      paths.push(`/images/${id}-1.png`, `/images/${id}-2.png`)
    }
    const replies = await Promise.all([...paths, ...paths].map(async (path) => emulator.get(path)))
    const bytes = replies.map((reply) => reply.bytes.toString('base64'))
    expect(new Set(bytes.slice(0, 4)).size).toBe(4)
    expect(bytes.slice(0, 4)).toEqual(bytes.slice(4))
    expect(emulator.ledger().jobs.map((job) => job.downloads)).toEqual([4, 4])
  })

  it('canned pictures are small, in the right shape, and no two have equal bytes', async () => {
    const emulator = await startTestEmulator()
    const ids = [await emulator.accepted(LAMP), await emulator.accepted(LAMP)]
    const [one, other] = await Promise.all(ids.map(async (id) => emulator.get(`/images/${id}-1.png`)))
    expect(one?.bytes.equals(other?.bytes ?? Buffer.alloc(0))).toBe(false)
    expect(await decoded(one?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 96, height: 64 })
    expect(one?.bytes.length).toBeLessThan(20_000)
  })

  it('midjourney gives four and a grid of them', async () => {
    const emulator = await startTestEmulator({ picture: 'sketch' })
    const id = await emulator.accepted({ prompt: 'A lamp.', model: 'midjourney' })
    const images = [1, 2, 3, 4].map((n) => `${emulator.url}/images/${id}-${n}.png`)
    const gridUrl = `${emulator.url}/images/${id}-grid.png`
    expect((await emulator.job(id)).json?.['result']).toEqual({ images, gridUrl })
    const grid = await decoded((await emulator.get(`/images/${id}-grid.png`)).bytes)
    const first = await decoded((await emulator.get(`/images/${id}-1.png`)).bytes)
    expect(grid).toMatchObject({ width: 1024, height: 1024 })
    for (const [x, y] of [
      [300, 120],
      [60, 200],
    ] as const) {
      const drawn = first.pixel(x * 2, y * 2)
      for (const [channel, value] of grid.pixel(x, y).entries()) {
        expect(Math.abs(value - (drawn[channel] ?? 0))).toBeLessThan(40)
      }
    }
    expect((await emulator.get(`/images/${id}-5.png`)).status).toBe(404)
  })

  it('are not there before the job is done, and no grid where there is none', async () => {
    const emulator = await startTimedEmulator()
    const id = await emulator.accepted(LAMP)
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(404)
    await emulator.clock.advance(2000)
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(200)
    expect((await emulator.get(`/images/${id}-grid.png`)).status).toBe(404)
  })

  it('expire after the retention: the job says so and keeps its URLs, which answer 404', async () => {
    const emulator = await startTimedEmulator()
    const id = await emulator.accepted(LAMP)
    await emulator.clock.advance(DAY_MS)
    expect((await emulator.job(id)).json).toMatchObject({ expired: false })
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(200)
    await emulator.clock.advance(2000)
    expect((await emulator.job(id)).json).toMatchObject({
      status: 'COMPLETED',
      expired: true,
      result: { images: [`${emulator.url}/images/${id}-1.png`] },
    })
    expect((await emulator.get('/v2/jobs')).json).toMatchObject({ jobs: [{ id, expired: true }] })
    expect((await emulator.get(`/images/${id}-1.png`)).status).toBe(404)
  })
})

describe('a folder', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pixelkiln-emulator-'))
    return () => rmSync(folder, { recursive: true, force: true })
  })

  it('carries jobs, keys, credits and the ledger over a restart, and time goes on', async () => {
    const clock = createManualClock()
    const options = { folder, clock, latencyMs: 1000, credits: 100, picture: 'canned' } as const
    const first = await startTestEmulator(options)
    const id = await first.accepted(LAMP, { idempotencyKey: 'k' })
    await first.accepted(LAMP, { idempotencyKey: 'k' })
    await first.submit({ ...LAMP, n: 2 })
    // Not closed: nothing may depend on a proper end.
    await clock.advance(2000)
    const second = await startTestEmulator({ ...options, credits: 5000 })
    expect((await second.job(id)).json).toMatchObject({ status: 'COMPLETED', input: LAMP })
    const [url = ''] = await imagesOf(second, id)
    expect(url.startsWith(second.url)).toBe(true)
    const [before, after] = await Promise.all([
      first.get(`/images/${id}-1.png`),
      second.get(`/images/${id}-1.png`),
    ])
    expect(after.bytes.equals(before.bytes)).toBe(true)
    expect(await second.accepted(LAMP, { idempotencyKey: 'k' })).toBe(id)
    expect(second.ledger()).toMatchObject({
      credits: { granted: 100, charged: 21, balance: 79 },
      submissions: { accepted: 1, replayed: 2, refusals: { 400: 1 } },
    })
  })

  it('fills its balance up again, so that a demo never runs dry', async () => {
    const prices = { 'dall-e-3': 600 }
    const first = await startTestEmulator({ folder, prices })
    await first.accepted(LAMP)
    expect(first.ledger().credits.balance).toBe(400)
    await first.accepted(LAMP)
    expect(first.ledger().credits).toMatchObject({ charged: 1200, balance: 400 })
    await first.close()
    const second = await startTestEmulator({ folder, prices: { 'dall-e-3': 1001 } })
    expect(second.ledger().credits.balance).toBe(1000)
    // No more than a first start has.
    expect(await second.submit(LAMP)).toMatchObject({ status: 402, json: { creditsAvailable: 1000 } })
  })

  it('or does not, where the balance was chosen', async () => {
    const options = { folder, credits: 30 }
    const first = await startTestEmulator(options)
    await first.accepted(LAMP)
    expect((await first.submit(LAMP)).status).toBe(402)
    await first.close()
    const second = await startTestEmulator(options)
    expect(second.ledger().credits.balance).toBe(9)
  })

  it('with a torn last line loses that line only', async () => {
    const first = await startTestEmulator({ folder })
    const id = await first.accepted(LAMP)
    await first.close()
    const path = join(folder, 'service.jsonl')
    appendFileSync(path, '{"type":"job","id":"half a jo')
    const second = await startTestEmulator({ folder })
    expect(second.ledger().jobs.map((job) => job.id)).toEqual([id])
    const other = await second.accepted(LAMP)
    await second.close()
    const third = await startTestEmulator({ folder })
    expect(third.ledger().jobs.map((job) => job.id)).toEqual([id, other])
  })

  it('that cannot be one is a disk error', async () => {
    const file = join(folder, 'file')
    appendFileSync(file, 'x')
    await expect(startEmulator({ folder: file })).rejects.toThrow(DiskError)
  })

  it('never holds the API key', async () => {
    const emulator = await startTestEmulator({ folder })
    await emulator.accepted({ ...LAMP, webhookUrl: 'https://example.com/hook' })
    expect(readFileSync(join(folder, 'service.jsonl'), 'utf8')).not.toContain(TEST_KEY.slice(0, 20))
  })

  it('is emptied by a reset', async () => {
    const first = await startTestEmulator({ folder, credits: 30, faults: [{ fault: 'failed-other' }] })
    await first.accepted(LAMP)
    first.control.faults.replace([])
    expect(await first.post('/__emulator/reset', {})).toMatchObject({ status: 200 })
    expect(first.ledger()).toMatchObject({ jobs: [], credits: { balance: 30 }, requests: {} })
    expect(first.control.faults.list()).toHaveLength(1)
    await first.accepted(LAMP)
    await first.close()
    const second = await startTestEmulator({ folder })
    expect(second.ledger().jobs).toHaveLength(1)
  })
})

describe('the server', () => {
  it('says what it is unless it is plain', async () => {
    const plain = await startTestEmulator()
    const marked = await startTestEmulator({ plain: false })
    const id = await marked.accepted(LAMP)
    for (const path of ['/v2/models', '/nowhere', `/images/${id}-1.png`]) {
      expect((await plain.get(path)).headers.get('x-pixelkiln-emulator')).toBeNull()
      expect((await marked.get(path)).headers.get('x-pixelkiln-emulator')).toMatch(/^\d+\.\d+\.\d+/)
    }
  })

  it('runs beside another one without sharing anything', async () => {
    const [one, other] = await Promise.all([startTestEmulator(), startTestEmulator()])
    const id = await one.accepted(LAMP, { idempotencyKey: 'k' })
    expect(other.port).not.toBe(one.port)
    expect((await other.job(id)).status).toBe(404)
    expect(await other.accepted(LAMP, { idempotencyKey: 'k' })).not.toBe(id)
  })

  it('listens on this machine only', async () => {
    await expect(startEmulator({ host: '0.0.0.0' })).rejects.toThrow(RangeError)
    await expect(startEmulator({ host: '192.168.1.10' })).rejects.toThrow(RangeError)
  })

  it('rejects when its port is taken', async () => {
    const { port } = await startTestEmulator()
    await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('closes at once, also with calls in the air', async () => {
    const emulator = await startTestEmulator({ faults: [{ fault: 'no-answer' }] })
    const hanging = emulator.submit(LAMP).catch((error: unknown) => error)
    await vi.waitFor(() => expect(emulator.ledger().submissions.accepted).toBe(1))
    await emulator.close()
    expect(await hanging).toBeInstanceOf(TypeError)
  })

  it('tells the time of its own clock', async () => {
    const emulator = await startTimedEmulator()
    const { headers } = await emulator.get('/v2/models')
    expect(Date.parse(headers.get('date') ?? '')).toBe(emulator.clock.now())
  })
})
