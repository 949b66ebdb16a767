import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { main } from '../../src/cli.ts'
import { pressableTerminal } from '../support/pressable-terminal.ts'
import { manifestOf, testProject } from '../support/project.ts'

it('gallery --serve prints its address, serves the project, draws what is not bought, and ends with Ctrl-C', async () => {
  const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
  const { terminal, said, interrupt } = pressableTerminal(project)
  const ended = main(['gallery', '--serve'], terminal)
  await expect.poll(said, { timeout: 20_000 }).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/\n/)
  const [url = ''] = said().split('\n')
  expect((await fetch(url)).status).toBe(200)
  const stateOf = async (): Promise<string | undefined> => {
    const model = (await (await fetch(`${url}model`)).json()) as { images: { state: string }[] }
    return model.images[0]?.state
  }
  await expect.poll(stateOf, { timeout: 20_000 }).toBe('draft')
  interrupt()
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  expect(project.bought()).toBe(0)
})

it('gallery --serve on a port that is taken says so', async () => {
  const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const { terminal, said } = pressableTerminal(project)
  expect(await main(['gallery', '--serve', '--port', String(port)], terminal)).toBe(2)
  expect(said()).toContain(`usage/wrong: Port ${port} is taken`)
})

it('gallery --serve wants a number for its port', async () => {
  const project = await testProject(manifestOf({}))
  const { terminal, said } = pressableTerminal(project)
  expect(await main(['gallery', '--serve', '--port', 'http'], terminal)).toBe(2)
  expect(said()).toContain('--port takes a whole number')
})
