import { expect, it } from 'vitest'
import type { ImageRequest } from '../../src/core/image.ts'
import type { ProviderIo } from '../../src/core/provider.ts'
import { systemClock } from '../../src/effects/clock.ts'
import { createSend } from '../../src/effects/send.ts'
import { apiframe } from '../../src/providers/apiframe/index.ts'
import { startTestEmulator, TEST_KEY } from '../support/emulator.ts'

const request: ImageRequest = {
  provider: 'apiframe',
  model: 'dall-e-3',
  prompt: 'A lamp on a desk.',
  aspect: '3:2',
  params: { style: 'natural' },
  references: [],
  reroll: 0,
}

it('finds the job of a purchase in the list of a whole service', async () => {
  const emulator = await startTestEmulator()
  const sender = createSend({ baseUrl: emulator.url, apiKey: TEST_KEY, clock: systemClock, proxy: false })
  const io: ProviderIo = { send: sender.send, draw: () => Promise.reject(new Error('nothing to draw')) }
  const bodies = ['A chair.', request.prompt, 'A table.'].map((prompt) =>
    apiframe.prepare({ ...request, prompt }, 1),
  )
  const jobs: string[] = []
  for (const [at, body] of bodies.entries()) {
    const result = await apiframe.submit({ key: `key-${at}`, body }, io)
    jobs.push(result.type === 'accepted' ? result.job : '')
  }
  const replayed = await apiframe.submit({ key: 'key-1', body: bodies[1] ?? '' }, io)
  const reused = await apiframe.submit({ key: 'key-1', body: bodies[0] ?? '' }, io)
  const purchase = {
    purchase: 'key-1',
    model: 'dall-e-3',
    body: bodies[1] ?? '',
    intendedMs: Date.now(),
    job: null,
  }
  const found = await apiframe.find(purchase, new Set(), io)
  const absent = await apiframe.find(purchase, new Set([jobs[1] ?? '']), io)
  await sender.close()
  expect(replayed).toEqual({ type: 'accepted', job: jobs[1] })
  expect(reused).toMatchObject({ type: 'conflict' })
  expect(found).toEqual({ type: 'job', job: jobs[1] })
  expect(absent).toEqual({ type: 'absent' })
})
