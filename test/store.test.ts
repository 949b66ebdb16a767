import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openStore } from '../src/effects/store.ts'
import { frontOf } from './support/front.ts'
import { moneyRig } from './support/money-rig.ts'
import { KEY, manifestOf, testProject } from './support/project.ts'

function lampOf(candidates: number): string {
  return manifestOf({ a: { prompt: 'A lamp.', alt: 'a', candidates } })
}

// Several candidates are several purchases of one prompt, so the rule about prompts is not asked here.
describe('the list of takes in the store', () => {
  it('counts a take that is the same picture to the byte: it was paid for, and is not asked for again', async () => {
    const project = await testProject(lampOf(1))
    const front = await frontOf(project.emulator)
    const environment = { APIFRAME_BASE_URL: front.url, APIFRAME_API_KEY: KEY }
    await project.build({ environment })
    const [job] = project.emulator.ledger().jobs
    const images = [`${project.emulator.url}/images/${job?.id}-1.png`]
    const body = JSON.stringify({ status: 'COMPLETED', creditCost: 21, result: { images } })
    front.answer({ call: 'GET /v2/jobs/', status: 200, body })
    project.write('pixelkiln.yaml', lampOf(2))
    expect((await project.build({ environment })).exitCode).toBe(0)
    expect((await project.build({ environment })).finished).toMatchObject({ ok: true, bought: 0 })
    expect(project.bought()).toBe(2)
  })
})

it('takes that land together are all listed, each under its own request', async () => {
  const project = await testProject(lampOf(1))
  const store = openStore(project.path('.pixelkiln/originals'))
  const takes = Array.from({ length: 24 }, (_, index) => {
    const sha256 = String(index).padStart(64, '0')
    const original = { sha256, format: 'png', width: 1, height: 1, bytes: 1, alpha: false } as const
    return {
      request: `${index % 3}`.repeat(32),
      take: { take: Math.floor(index / 3) + 1, original, model: null },
    }
  })
  const entry = { declared: '0'.repeat(16), model: null, parts: null, images: [] }
  await Promise.all(takes.map(({ request, take }) => store.list({ ...entry, request, takes: [take] })))
  for (const { request, take } of takes) expect(store.takes(request)).toContainEqual(take)
  expect(store.index().entries).toHaveLength(3)
})

it('what earlier purchases came to is set aside where it is more than the known price', async () => {
  const rig = await moneyRig(lampOf(1), { prices: { 'dall-e-3': 30 } })
  await rig.build()
  rig.project.write('pixelkiln.yaml', manifestOf({ b: { prompt: 'A mug.' } }))
  const run = await rig.build(undefined, { budget: 29 })
  expect([run.codes, rig.project.bought()]).toEqual([['budget/exceeded'], 1])
  expect((await rig.build(undefined, { budget: 30 })).exitCode).toBe(0)
})

it('a lock that is wrong about the size of an original makes no file of another size from it', async () => {
  const project = await testProject(lampOf(1))
  await project.build()
  const lock = project.read('images/pixelkiln.lock.json')
  const wrong = lock.replace(/("original": \["[0-9a-f]+","png"),\d+,/, '$1,16,')
  project.write('images/pixelkiln.lock.json', wrong)
  rmSync(project.path('images/a-64.webp'))
  const run = await project.build()
  expect([run.codes, run.exitCode, project.bought()]).toEqual([['encode/failed'], 4, 1])
  expect(run.result.problems[0]?.message).toContain('original is 16x')
  project.write('images/pixelkiln.lock.json', lock)
  expect([(await project.build()).exitCode, project.files('images').length]).toEqual([0, 5])
})
