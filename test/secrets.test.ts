import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { frontOf } from './support/front.ts'
import { moneyRig } from './support/money-rig.ts'
import { expectKeyless, leakyFilesOf, meantFor, watchRequests } from './support/planted-key.ts'
import { KEY, manifestOf } from './support/project.ts'

interface Host {
  readonly url: string
  /** Paths that it was asked for. */
  readonly asked: readonly string[]
}

/** A server on another port, as the service's pictures lie on another host. */
async function openHost(): Promise<Host> {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked }
}

it('the host of the pictures is asked, and never told the key', async () => {
  const rig = await moneyRig(manifestOf({ a: { prompt: 'A lamp.' } }))
  const front = await frontOf(rig.project.emulator)
  const host = await openHost()
  const images = [`${host.url}/lamp.png`]
  const body = JSON.stringify({ status: 'COMPLETED', creditCost: 21, result: { images } })
  front.answer({ call: 'GET /v2/jobs/', status: 200, body })
  // What else was in the request is checked by the project's own guard, when the test is over.
  expect((await rig.build(front.url)).codes).toEqual(['download/failed'])
  expect(new Set(host.asked)).toEqual(new Set(['/lamp.png']))
})

it('the guard hears the key told to the wrong host, or to the right one in the wrong place', async () => {
  const [service, other] = await Promise.all([openHost(), openHost()])
  meantFor(service.url)
  const { told, stop } = watchRequests()
  await fetch(`${service.url}/v2/jobs`, { headers: { 'x-api-key': KEY } })
  await fetch(`${other.url}/v2/jobs`, { headers: { 'x-api-key': KEY } })
  await fetch(`${service.url}/v2/jobs?key=${KEY.slice(8)}`)
  await fetch(`${service.url}/images/x`, { headers: { cookie: KEY } })
  stop()
  expect(told.map((line) => line.replace(/:\d+/, ''))).toEqual([
    'GET 127.0.0.1/v2/jobs',
    `GET 127.0.0.1/v2/jobs?key=${KEY.slice(8)}`,
    'GET 127.0.0.1/images/x',
  ])
})

it('the guard sees a piece of the key in a file, and deep in an error', () => {
  const deep = new Error('no', { cause: new Error('why', { cause: { headers: [KEY] } }) })
  expect(() => expectKeyless('the error', deep)).toThrow('pieces of the key')
  expect(() => expectKeyless('the error', new Error('no', { cause: 'nothing' }))).not.toThrow()
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'clean'), 'afk_ and no more')
  for (const [name, bytes] of [
    ['piece', `... ${KEY.slice(6, 24)} ...`],
    ['hex', Buffer.from(KEY).toString('hex')],
    ['base64', Buffer.from(KEY).toString('base64')],
  ] as const)
    writeFileSync(join(folder, name), bytes)
  expect(leakyFilesOf(folder).toSorted()).toEqual(
    ['base64', 'hex', 'piece'].map((name) => join(folder, name)),
  )
})
