import { chmodSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
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

it('gallery --serve --open hands the browser a file only its owner can read, with the address, and takes it away', async () => {
  const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
  for (const name of ['xdg-open', 'open']) {
    const [words, opened] = ['words', 'opened.html'].map(project.path)
    project.write(`browsers/${name}`, `#!/bin/sh\necho $# >${words}; /bin/cp -p "$1" ${opened}\n`)
    chmodSync(project.path(`browsers/${name}`), 0o755)
  }
  vi.stubEnv('PATH', project.path('browsers'))
  onTestFinished(() => void vi.unstubAllEnvs())
  const { terminal, said, interrupt } = pressableTerminal(project)
  const ended = main(['gallery', '--serve', '--open'], terminal)
  await expect
    .poll(() => project.exists('opened.html') && project.read('opened.html'), { timeout: 20_000 })
    .toBeTruthy()
  const [url = ''] = said().split('\n')
  expect(project.read('opened.html')).toContain(`url=${url}"`)
  expect(statSync(project.path('opened.html')).mode & 0o777).toBe(0o600)
  expect(project.read('words')).toBe('1\n')
  interrupt()
  expect(await ended).toBe(0)
  expect(project.exists('.pixelkiln/gallery-open.html')).toBe(false)
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
