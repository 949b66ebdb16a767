import { describe, expect, it } from 'vitest'
import {
  type TestEmulator,
  type TestReply,
  startTestEmulator,
  startTimedEmulator,
} from '../support/emulator.ts'

const LAMP = { prompt: 'A lamp.', model: 'dall-e-2' }

function idsOf(reply: TestReply): readonly string[] {
  return (reply.json as { readonly jobs: readonly { readonly id: string }[] }).jobs.map((job) => job.id)
}

async function acceptMany(emulator: TestEmulator, count: number, model = 'dall-e-2'): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) ids.push(await emulator.accepted({ prompt: `Lamp ${n}.`, model }))
  return ids
}

describe('the list of jobs', () => {
  it('is newest first, twenty a page, and its pages join without gaps while jobs come in', async () => {
    const emulator = await startTimedEmulator()
    const early = await acceptMany(emulator, 10)
    await emulator.clock.advance(1)
    const late = await acceptMany(emulator, 15)
    const first = await emulator.get('/v2/jobs')
    expect(first.json).toMatchObject({ hasMore: true, nextCursor: expect.any(String) })
    expect(idsOf(first)).toHaveLength(20)
    await emulator.clock.advance(1)
    await acceptMany(emulator, 3)
    const cursor = encodeURIComponent(String(first.json?.['nextCursor']))
    const second = await emulator.get(`/v2/jobs?cursor=${cursor}`)
    expect(second.json).toMatchObject({ hasMore: false, nextCursor: null })
    const joined = [...idsOf(first), ...idsOf(second)]
    expect(joined).toEqual([...late.toSorted().toReversed(), ...early.toSorted().toReversed()])
  })

  it('a page that ends exactly with the last job has no next one', async () => {
    const emulator = await startTestEmulator()
    await acceptMany(emulator, 4)
    const reply = await emulator.get('/v2/jobs?limit=4')
    expect(reply.json).toMatchObject({ hasMore: false, nextCursor: null })
    expect(idsOf(reply)).toHaveLength(4)
  })

  it('is empty at first', async () => {
    const emulator = await startTestEmulator()
    const { json } = await emulator.get('/v2/jobs?include_models=true')
    expect(json).toEqual({ jobs: [], nextCursor: null, hasMore: false, models: [] })
  })

  it('can be narrowed by model, status and id', async () => {
    const emulator = await startTimedEmulator()
    const [done = ''] = await acceptMany(emulator, 1, 'dall-e-3')
    await emulator.clock.advance(2000)
    const [queued = ''] = await acceptMany(emulator, 1, 'imagen-4')
    expect(idsOf(await emulator.get('/v2/jobs?model=dall-e-3'))).toEqual([done])
    expect(idsOf(await emulator.get('/v2/jobs?status=QUEUED'))).toEqual([queued])
    expect(idsOf(await emulator.get('/v2/jobs?status=FAILED'))).toEqual([])
    expect(idsOf(await emulator.get(`/v2/jobs?search=${done.toUpperCase()}`))).toEqual([done])
    const { json } = await emulator.get('/v2/jobs?model=dall-e-3&include_models=true')
    expect(json?.['models']).toEqual(['dall-e-3', 'imagen-4'])
  })

  it('shows items without input and with expired', async () => {
    const emulator = await startTestEmulator()
    await emulator.accepted(LAMP)
    const { jobs } = (await emulator.get('/v2/jobs')).json as { readonly jobs: readonly object[] }
    expect(jobs[0]).toMatchObject({ status: 'COMPLETED', expired: false })
    expect(jobs[0]).not.toHaveProperty('input')
  })

  it('holds the jobs of the user, or of the team for who may see them', async () => {
    const users = { afk_a: 'a', afk_b: 'b' }
    const emulator = await startTestEmulator({ keys: { users } })
    const a = await emulator.accepted(LAMP, { key: 'afk_a' })
    const b = await emulator.accepted(LAMP, { key: 'afk_b' })
    expect(idsOf(await emulator.get('/v2/jobs', { key: 'afk_a' }))).toEqual([a])
    const team = await emulator.get('/v2/jobs?scope=team', { key: 'afk_a' })
    expect(idsOf(team).toSorted()).toEqual([a, b].toSorted())
    const members = await startTestEmulator({ role: 'MEMBER' })
    expect((await members.get('/v2/jobs?scope=team')).status).toBe(403)
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['status=DONE', 'status'],
    ['scope=world', 'scope'],
    ['search=lamp', 'search'],
    ['include_models=1', 'include_models'],
    ['cursor=nonsense', 'cursor'],
  ])('?%s is refused', async (query, name) => {
    const emulator = await startTestEmulator()
    expect(await emulator.get(`/v2/jobs?${query}`)).toMatchObject({
      status: 400,
      json: { error: expect.any(String), details: { [name]: [expect.any(String)] } },
    })
  })
})

describe('the model catalogue', () => {
  it('needs no key and names every image model with its cost', async () => {
    const emulator = await startTestEmulator({ keys: { known: [] } })
    const { status, json } = await emulator.get('/v2/models?modality=image', { key: null })
    expect(status).toBe(200)
    const models = json?.['models'] as readonly Readonly<Record<string, unknown>>[]
    expect(models).toHaveLength(51)
    expect(models).toContainEqual({
      id: 'gpt-image-2',
      label: 'Gpt Image 2',
      modality: 'image',
      pricingMode: 'per-output',
      costMin: 4,
      costMax: 230,
    })
    expect((await emulator.get('/v2/models', { key: null })).json).toEqual(json)
  })

  it('has no videos and no music, and refuses other modalities', async () => {
    const emulator = await startTestEmulator()
    expect((await emulator.get('/v2/models?modality=video')).json).toEqual({ models: [] })
    expect(await emulator.get('/v2/models?modality=smell')).toMatchObject({
      status: 400,
      json: { details: { modality: [expect.any(String)] } },
    })
  })
})
