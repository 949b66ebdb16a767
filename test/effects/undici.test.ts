import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { loadUndici } from '../../src/effects/undici.ts'

const load = createRequire(import.meta.url)

it('of undici no more is loaded than sends requests, until somebody has a proxy', () => {
  const loaded: string[] = []
  const { proxyAgent } = loadUndici((name) => {
    loaded.push(name)
    return load(name)
  })
  expect(loaded).not.toContain('undici')
  expect([proxyAgent().name, loaded.at(-1)]).toEqual(['EnvHttpProxyAgent', 'undici'])
})

it('an undici with its parts elsewhere is loaded whole, and serves as well', async () => {
  const server = createServer((request, response) => response.end(`${request.method} ${request.url}`))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const { Agent } = loadUndici((name) => {
    if (name !== 'undici') throw new Error(`${name} is not there`)
    return load(name)
  })
  const agent = new Agent()
  const { body } = await agent.request({ origin: `http://127.0.0.1:${port}`, path: '/a?b=1', method: 'GET' })
  expect(await body.text()).toBe('GET /a?b=1')
  await agent.close()
  server.close()
})
