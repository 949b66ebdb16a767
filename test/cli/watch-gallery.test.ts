import { expect, it, onTestFinished, vi } from 'vitest'
import { main } from '../../src/cli.ts'
import { manifestOf, testProject } from '../support/project.ts'
import { pressableTerminal } from '../support/pressable-terminal.ts'

const LAMP = manifestOf({ lamp: { prompt: 'A lamp.' } })
const ADDRESS = /Gallery: (http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/)/

it('watch --ui says the address once, serves what the watch sees, and ends with it', async () => {
  const project = await testProject(LAMP)
  const { terminal, said, interrupt } = pressableTerminal(project)
  const ended = main(['watch', '--ui'], terminal)
  await expect.poll(said, { timeout: 20_000 }).toMatch(ADDRESS)
  const url = ADDRESS.exec(said())?.[1] ?? ''
  expect((await fetch(url)).status).toBe(200)
  const imagesOf = async (): Promise<unknown> => {
    const model = (await (await fetch(`${url}model`)).json()) as { images: { id: string; state: string }[] }
    return model.images.map(({ id, state }) => [id, state])
  }
  await expect.poll(imagesOf, { timeout: 20_000 }).toEqual([['lamp', 'draft']])
  await expect.poll(said, { timeout: 20_000 }).toContain('Watching')
  project.write('pixelkiln.yaml', manifestOf({ mug: { prompt: 'A mug.' } }))
  await expect.poll(imagesOf, { timeout: 20_000 }).toEqual([['mug', 'draft']])
  expect(said().split('Gallery: ')).toHaveLength(2)
  interrupt()
  expect(await ended).toBe(130)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  expect(project.bought()).toBe(0)
})

it('watch --ui --json tells the address as an event', async () => {
  const project = await testProject(LAMP)
  const { terminal, said, interrupt } = pressableTerminal(project)
  const ended = main(['watch', '--ui', '--json'], terminal)
  await expect.poll(said, { timeout: 20_000 }).toMatch(/^\{"type":"gallery","url":"http:\/\/127/m)
  interrupt()
  expect(await ended).toBe(130)
})

it('u serves the gallery of a running watch and opens it by a file that goes with the watch', async () => {
  const project = await testProject(LAMP)
  // Where no browser can be found, none pops up while this is tested.
  vi.stubEnv('PATH', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { terminal, said, press } = pressableTerminal(project, { interactive: true })
  const ended = main(['watch'], terminal)
  await expect.poll(said, { timeout: 20_000 }).toContain('1 picture to buy')
  expect(said()).not.toMatch(ADDRESS)
  press('u')
  await expect.poll(said, { timeout: 20_000 }).toMatch(ADDRESS)
  const url = ADDRESS.exec(said())?.[1] ?? ''
  expect((await fetch(url)).status).toBe(200)
  expect(project.read('.pixelkiln/gallery-open.html')).toContain(url)
  press('q')
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  expect(project.exists('.pixelkiln/gallery-open.html')).toBe(false)
})
