import { chmodSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { KEY, manifestOf, testProject } from '../support/project.ts'
import { expectRestored, openSession } from '../support/terminal-session.ts'

const BOTH = { 'home/a': { prompt: 'A lamp.' }, b: { prompt: 'A mug.' } }

it('buys on a key from the local service, one by number and the rest by name', async () => {
  const project = await testProject(manifestOf(BOTH))
  const here = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const { press, shows, ended, written } = openSession(project, 'watch', here)
  await shows('to buy for 42 credits')
  await shows('q quit')
  press('2')
  await shows('bought  home/a')
  await shows('1 picture to buy for 21 credits')
  press('/b\r')
  await shows('bought  b')
  await shows('Every picture is bought')
  expect(project.bought()).toBe(2)
  press('rhome\r')
  await shows('reroll')
  await shows('reroll changed')
  expect(readFileSync(project.path('pixelkiln.yaml'), 'utf8')).toContain('reroll')
  expect(project.bought()).toBe(2)
  press('q')
  await shows('Closed: 2 pictures bought for 42 credits')
  expect(await ended).toBe(0)
  expectRestored(written())
})

it('lets what is in flight finish on the first Ctrl-C', async () => {
  const project = await testProject(manifestOf(BOTH), { latencyMs: 2_000 })
  const here = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const { press, shows, ended, written } = openSession(project, 'watch', here)
  await shows('to buy for 42 credits')
  await shows('q quit')
  press('b')
  await shows('2 purchases')
  press('\u0003')
  await shows('Closed: 2 pictures bought')
  expect(await ended).toBe(130)
  expect(project.bought()).toBe(2)
  expectRestored(written())
})

it('stops at once on the second Ctrl-C, and the next run adopts what was paid for', async () => {
  const project = await testProject(manifestOf(BOTH), { latencyMs: 6_000 })
  const here = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const { press, shows, ended, written } = openSession(project, 'watch', here)
  await shows('to buy for 42 credits')
  await shows('q quit')
  press('b')
  await expect.poll(project.bought).toBe(2)
  press('\u0003')
  await shows('Closing')
  press('\u0003')
  expect(await ended).toBe(130)
  expectRestored(written())
  expect(project.exists('.pixelkiln/originals')).toBe(false)
  const { finished, codes } = await project.build()
  expect(finished).toMatchObject({ ok: true, bought: 2, credits: 42 })
  expect([codes, project.bought()]).toEqual([[], 2])
})

it('asks before it buys where that costs, and sends nothing for any answer but y', async () => {
  const project = await testProject(manifestOf(BOTH))
  const proxy = await refusingProxy()
  const { press, shows, ended } = openSession(project, 'watch', {
    HTTPS_PROXY: proxy.url,
    APIFRAME_API_KEY: KEY,
  })
  await shows('b buy all')
  press('b')
  await shows('Buy 2 pictures for 42 credits?')
  press('n')
  await shows('b buy all')
  press('1')
  await shows('Buy 1 picture (b) for 21 credits?')
  press('\r')
  await shows('b buy all')
  press('/home\r')
  await shows('Buy 1 picture (home/a) for 21 credits?')
  press('\u001B')
  await shows('b buy all')
  expect([proxy.asked(), project.exists('.pixelkiln/journal.jsonl')]).toEqual([[], false])
  press('by')
  await expect.poll(proxy.asked).toContain('api.apiframe.ai:443')
  press('\u0003')
  await shows('Closing')
  press('\u0003')
  expect(await ended).toBe(130)
})

it('opens the gallery in the browser on u, once for each press, and q closes it', async () => {
  const project = await testProject(manifestOf(BOTH))
  const browser = '#!/bin/sh\ncat "$1" >>opened.html\n'
  for (const name of ['xdg-open', 'open']) {
    project.write(`browsers/${name}`, browser)
    chmodSync(project.path(`browsers/${name}`), 0o755)
  }
  const PATH = `${project.path('browsers')}:${process.env['PATH'] ?? ''}`
  const { press, shows, ended, written } = openSession(project, 'watch', { PATH, APIFRAME_API_KEY: KEY })
  await shows('q quit')
  expect([project.exists('opened.html'), written().includes('http://')]).toEqual([false, false])
  press('u')
  await shows('http://127.0.0.1:')
  const opened = (): readonly string[] =>
    project.exists('opened.html') ? project.read('opened.html').split('<!doctype html>').slice(1) : []
  await expect.poll(opened).toHaveLength(1)
  const [url = ''] = /http:[^"]+/.exec(opened()[0] ?? '') ?? []
  expect((await fetch(url)).status).toBe(200)
  press('u')
  await expect.poll(opened).toHaveLength(2)
  expect(opened()[1]).toBe(opened()[0])
  press('q')
  await shows('Closed: nothing bought')
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

/** A proxy that lets nothing through and knows which hosts were asked for. */
async function refusingProxy(): Promise<{ readonly url: string; readonly asked: () => readonly string[] }> {
  const asked: string[] = []
  const server = createServer().on('connect', ({ url = '' }, socket) => {
    asked.push(url)
    // Who is refused may be gone before they are told.
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked }
}
