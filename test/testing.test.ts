import { describe, expect, it } from 'vitest'
import type { ImageRequest } from '../src/core/image.ts'
import type { Provider } from '../src/core/provider.ts'
import { apiframe } from '../src/providers/apiframe/index.ts'
import { sketch } from '../src/providers/sketch/index.ts'
import { providerFaults } from '../src/testing.ts'

const request: ImageRequest = {
  provider: 'apiframe',
  model: 'dall-e-3',
  prompt: 'a lighthouse at dusk',
  aspect: '3:2',
  params: {},
  references: [],
  reroll: 0,
}

describe('provider conformance', () => {
  it('finds no fault with the providers that come with the tool', async () => {
    expect(await providerFaults(apiframe, { request })).toEqual([])
    expect(
      await providerFaults(sketch, { request: { ...request, provider: 'sketch', model: 'sketch' } }),
    ).toEqual([])
  })

  it.each<readonly [string, Partial<Provider>]>([
    ['throws on submit', { submit: () => Promise.reject(new Error('boom')) }],
    [
      'calls everything free',
      { submit: () => Promise.resolve({ type: 'rejected', why: 'invalid', message: '' }) },
    ],
    ['throws on poll', { poll: () => Promise.reject(new Error('boom')) }],
    ['prices below nothing', { price: () => -1 }],
    ['lists ratios that are none', { aspects: () => ['landscape'] }],
    ['makes another body each time', { prepare: () => String(Math.random()) }],
    [
      'forgets its key',
      {
        submit: async ({ body }, io) => {
          await io.send({ method: 'POST', path: '/x', body })
          return { type: 'unknown', message: '' }
        },
      },
    ],
  ])('finds a provider that %s', async (_, fault) => {
    const faulty: Provider = { ...apiframe, ...fault }
    expect(await providerFaults(faulty, { request })).not.toEqual([])
  })
})
