import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Hands } from '../../src/gallery/answer.ts'
import type { GalleryModel } from '../../src/gallery/gallery-model.ts'
import { openLiveProject } from '../../src/gallery/live-project.ts'
import type { LiveProject } from '../../src/gallery/live-project.ts'
import { serveGallery } from '../../src/gallery/serve.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

/** A served project, and a client that can send what no browser would. */
interface Rig {
  readonly project: TestProject
  readonly live: LiveProject
  readonly url: URL
  readonly token: string
  readonly edits: readonly string[]
  readonly orders: readonly string[]
  readonly send: (asked: Asked) => Promise<Answer>
}

interface Asked {
  readonly method?: string
  /** After the token's slash; `raw` replaces the whole of it. */
  readonly path?: string
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly bytes: Buffer
}

const PENDING = {
  images: ['lamp'],
  pictures: 1,
  credits: 5,
  purchases: ['key-of-lamp'],
} as const

async function rig(hands: Partial<Hands> = {}): Promise<Rig> {
  return serve(await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } })), hands)
}

/** The same with a picture that was bought, where files matter. */
async function builtRig(): Promise<Rig> {
  const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
  await project.build()
  return serve(project, {})
}

async function serve(project: TestProject, hands: Partial<Hands>): Promise<Rig> {
  const edits: string[] = []
  const orders: string[] = []
  const live = await openLiveProject(
    { cwd: project.folder },
    {
      edit: async (action) => {
        edits.push(JSON.stringify(action))
        return Promise.resolve({ changes: [{ sentence: 'Done.' }], notes: [], problems: [] })
      },
      pending: () => [PENDING],
      isBuying: () => false,
      buy: (images, credits) => orders.push(`${images.join(' ')} ${credits}`),
      ...hands,
    },
  )
  const server = await serveGallery(live)
  onTestFinished(server.close)
  const url = new URL(server.url)
  const token = url.pathname.split('/')[1] ?? ''
  return { project, live, url, token, edits, orders, send: (asked) => send(url, token, asked) }
}

function send(url: URL, token: string, asked: Asked): Promise<Answer> {
  const { method = 'GET', path = '', raw = `/${token}/${path}`, headers = {}, body } = asked
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: url.hostname, port: url.port, method, path: raw, headers: { host: url.host, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: bytes.toString('utf8'),
            bytes,
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const REROLL = '{"action":"reroll","image":"lamp"}'

/** Headers of a POST as the page itself sends it. */
function own({ url, token }: Pick<Rig, 'url' | 'token'>): Record<string, string> {
  return {
    origin: url.origin,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
    'x-pixelkiln-token': token,
  }
}

describe('the address of the live gallery', () => {
  it('is loopback with a long secret, another one each time', async () => {
    const [one, other] = [await rig(), await rig()]
    expect(one.url.hostname).toBe('127.0.0.1')
    expect(one.token).toMatch(/^[\w-]{32}$/)
    expect(one.token).not.toBe(other.token)
  })

  it('can be followed as a link from a terminal in a browser, for it holds the token', async () => {
    const { send } = await rig()
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect((await send({ headers })).status).toBe(200)
  })

  it('serves the page with a policy that allows its own script, style and pictures and nothing else', async () => {
    const { send } = await rig()
    const { status, headers, text } = await send({})
    expect(status).toBe(200)
    expect(text).toMatch(/^<!doctype html>/)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    expect(headers).not.toHaveProperty('set-cookie')
  })
})

describe('hostile requests', () => {
  const reads: readonly (readonly [name: string, status: number, asked: (rig: Rig) => Asked])[] = [
    ['no token', 403, () => ({ raw: '/' })],
    ['a wrong token', 403, () => ({ raw: `/${'A'.repeat(32)}/model` })],
    ['a part of the token', 403, ({ token }) => ({ raw: `/${token.slice(0, 31)}/model` })],
    ['the token and more', 403, ({ token }) => ({ raw: `/${token}x/model` })],
    ['the token as a query', 403, ({ token }) => ({ raw: `/model?token=${token}` })],
    [
      'the token in a header alone',
      403,
      ({ token }) => ({ raw: '/model', headers: { 'x-pixelkiln-token': token } }),
    ],
    ['an absolute address', 403, ({ url, token }) => ({ raw: `${url.origin}/${token}/model` })],
    [
      'a name that was rebound to loopback',
      421,
      () => ({ path: 'model', headers: { host: 'evil.example' } }),
    ],
    ['a rebound name with the port', 421, ({ url }) => ({ headers: { host: `evil.example:${url.port}` } })],
    ['another port', 421, () => ({ path: 'model', headers: { host: '127.0.0.1:1' } })],
    ['0.0.0.0', 421, ({ url }) => ({ path: 'model', headers: { host: `0.0.0.0:${url.port}` } })],
    ['another origin', 403, () => ({ path: 'model', headers: { origin: 'https://evil.example' } })],
    ['the null origin of a sandboxed frame', 403, () => ({ path: 'model', headers: { origin: 'null' } })],
    [
      'an origin that only begins alike',
      403,
      ({ url }) => ({ path: 'model', headers: { origin: `${url.origin}0` } }),
    ],
    ['another site, as the browser says', 403, () => ({ headers: { 'sec-fetch-site': 'cross-site' } })],
    [
      'another port of this machine, as the browser says',
      403,
      () => ({ headers: { 'sec-fetch-site': 'same-site' } }),
    ],
    [
      'a frame of another site',
      403,
      () => ({
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      }),
    ],
    [
      'a link on another site to the data',
      403,
      () => ({
        path: 'model',
        headers: {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      }),
    ],
    ['climbing out', 404, () => ({ path: 'picture/../../../../etc/passwd' })],
    ['climbing out, encoded', 404, () => ({ path: 'picture/..%2f..%2f..%2fetc%2fpasswd' })],
    ['climbing out, encoded twice', 404, () => ({ path: 'picture/..%252f..%252fetc%252fpasswd' })],
    ['an absolute path', 404, () => ({ path: 'picture//etc/passwd' })],
    ['backslashes', 404, () => ({ path: 'picture/..\\..\\pixelkiln.yaml' })],
    ['a null byte', 404, () => ({ path: 'picture/lamp-64.webp%00.png' })],
    ['a path instead of a name', 404, () => ({ path: 'picture/lamp-64.webp' })],
    ['a name that is not in the model', 404, () => ({ path: `picture/${'0'.repeat(24)}` })],
    ['the name of a property', 404, () => ({ path: 'picture/__proto__' })],
    ['the manifest', 404, () => ({ path: 'pixelkiln.yaml' })],
    ['a query on a known address', 404, () => ({ path: 'model?x=1' })],
    ['an action by GET', 405, () => ({ path: 'act' })],
    ['DELETE', 405, () => ({ method: 'DELETE', path: 'model' })],
    ['OPTIONS, which a preflight is', 405, () => ({ method: 'OPTIONS', path: 'act' })],
    ['TRACE', 405, () => ({ method: 'TRACE' })],
    ['POST to a page that is only read', 405, () => ({ method: 'POST', path: 'model' })],
  ]
  it.each(reads)('%s: %i', async (_name, status, asked) => {
    const open = await rig()
    const answer = await open.send(asked(open))
    expect(answer.status).toBe(status)
    expect(answer.text.length).toBeLessThan(60)
    expect(answer.text).not.toContain(open.token)
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  const writes: readonly (readonly [name: string, status: number, change: (rig: Rig) => Asked])[] = [
    ['no token in a header', 403, () => ({ headers: { 'x-pixelkiln-token': '' } })],
    ['a wrong token in the header', 403, () => ({ headers: { 'x-pixelkiln-token': 'A'.repeat(32) } })],
    ['another origin with the right token', 403, () => ({ headers: { origin: 'http://localhost:3000' } })],
    ['a form', 415, () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
    ['a form that says it is text', 415, () => ({ headers: { 'content-type': 'text/plain' } })],
    ['a type that only begins alike', 415, () => ({ headers: { 'content-type': 'application/json-patch' } })],
    ['a compressed body', 415, () => ({ headers: { 'content-encoding': 'gzip' } })],
    ['no JSON', 400, () => ({ body: '{' })],
    ['a list', 400, () => ({ body: '[]' })],
    ['nothing', 400, () => ({ body: '' })],
    ['an unknown action', 400, () => ({ body: '{"action":"delete","image":"lamp"}' })],
    [
      'an action with something added',
      400,
      () => ({ body: '{"action":"reroll","image":"lamp","path":"/etc"}' }),
    ],
    ['an image that is no text', 400, () => ({ body: '{"action":"reroll","image":{"$ne":1}}' })],
    ['a take that is no number', 400, () => ({ body: '{"action":"pick","image":"lamp","take":"1; rm"}' })],
    ['a take of zero', 400, () => ({ body: '{"action":"pick","image":"lamp","take":0}' })],
    ['a sha256 that is a path', 400, () => ({ body: '{"action":"pin","image":"lamp","sha256":"../../x"}' })],
    [
      'a focus outside of the picture',
      400,
      () => ({ body: '{"action":"focus","image":"lamp","point":[2,0]}' }),
    ],
    [
      'a focus that is no number',
      400,
      () => ({ body: '{"action":"focus","image":"lamp","point":[null,0]}' }),
    ],
    [
      'an order without its price',
      400,
      () => ({ body: '{"action":"buy","purchases":["key-of-lamp"],"pictures":1}' }),
    ],
    [
      'an order of nothing',
      400,
      () => ({ body: '{"action":"buy","purchases":[],"pictures":0,"credits":0}' }),
    ],
    ['a prototype', 400, () => ({ body: '{"action":"buy","__proto__":{"purchases":["key-of-lamp"]}}' })],
    ['a body beyond all measure', 413, () => ({ body: `"${'x'.repeat(1_000_001)}"` })],
  ]
  it.each(writes)('POST with %s: %i, and nothing is done', async (_name, status, change) => {
    const open = await rig()
    const { headers = {}, body = REROLL } = change(open)
    const asked = { method: 'POST', path: 'act', headers: { ...own(open), ...headers }, body }
    expect((await open.send(asked)).status).toBe(status)
    expect([open.edits, open.orders]).toEqual([[], []])
  })

  it('a POST without Origin is refused, for every browser sends one', async () => {
    const open = await rig()
    const { origin: _origin, ...headers } = own(open)
    expect((await open.send({ method: 'POST', path: 'act', headers, body: REROLL })).status).toBe(403)
    expect(open.edits).toEqual([])
  })

  it('a body that lies about its length is cut off', async () => {
    const open = await rig()
    const headers = { ...own(open), 'transfer-encoding': 'chunked' }
    const answer = open.send({ method: 'POST', path: 'act', headers, body: 'x'.repeat(3_000_000) })
    const status = await answer.then(
      (given) => given.status,
      // The server may close the line before all was sent.
      () => 413,
    )
    expect(status).toBe(413)
  })

  it('nonsense instead of HTTP ends the connection and not the server', async () => {
    const open = await rig()
    await new Promise<void>((resolve) => {
      const socket = connect(Number(open.url.port), '127.0.0.1', () =>
        socket.write('\u0000\u0001 HELO\r\n\r\n'),
      )
      socket.on('close', () => resolve())
      socket.on('error', () => undefined)
      socket.resume()
    })
    expect((await open.send({ path: 'model' })).status).toBe(200)
  })

  it('an output that was replaced by a link is not followed', async () => {
    const open = await builtRig()
    mkdirSync(open.project.path('secret'))
    writeFileSync(open.project.path('secret/key'), 'secret')
    rmSync(open.project.path('images/lamp-64.webp'))
    symlinkSync(open.project.path('secret/key'), open.project.path('images/lamp-64.webp'))
    await open.live.refresh()
    const addresses = open.live
      .model()
      .images.flatMap(({ outputs }) => outputs.flatMap(({ address }) => address ?? []))
    for (const address of addresses) expect((await open.send({ path: address })).text).not.toContain('secret')
  })
})

describe('what the live gallery serves', () => {
  it('is the model, the real files and the originals, with their types', async () => {
    const open = await builtRig()
    const model = JSON.parse((await open.send({ path: 'model' })).text) as GalleryModel
    const [lamp] = model.images
    expect(lamp).toMatchObject({ id: 'lamp', state: 'fresh' })
    const [output] = lamp?.outputs ?? []
    expect(output?.address).toMatch(/^picture\/[0-9a-f]{24}$/)
    const file = await open.send({ path: output?.address ?? '' })
    expect(file.headers).toMatchObject({ 'content-type': 'image/webp', 'cache-control': 'private, no-cache' })
    expect(file.bytes.equals(readFileSync(open.project.path('images/lamp-64.webp')))).toBe(true)
    const again = await open.send({
      path: output?.address ?? '',
      headers: { 'if-none-match': String(file.headers['etag']) },
    })
    expect(again.status).toBe(304)
    const preview = await open.send({ path: lamp?.original?.preview ?? '' })
    expect([preview.headers['content-type'], preview.bytes.toString('latin1', 8, 12)]).toEqual([
      'image/webp',
      'WEBP',
    ])
    const original = await open.send({ path: lamp?.original?.address ?? '' })
    expect(original.bytes.byteLength).toBe(lamp?.original?.bytes)
  })

  it('never names a path of this machine', async () => {
    const open = await builtRig()
    const { text } = await open.send({ path: 'model' })
    expect(text).not.toContain(open.project.folder)
    expect((await open.send({})).text).not.toContain(open.project.folder)
  })
})

function order(more: object = {}): string {
  return JSON.stringify({ action: 'buy', purchases: ['key-of-lamp'], pictures: 1, credits: 5, ...more })
}

function post(open: Rig, body: string): Promise<Answer> {
  return open.send({ method: 'POST', path: 'act', headers: own(open), body })
}

describe('an order in the live gallery', () => {
  it('is taken for exactly the purchases and the price that were seen', async () => {
    const open = await rig()
    expect((await post(open, order())).status).toBe(200)
    expect(open.orders).toEqual(['lamp 5'])
  })

  it.each([
    ['a lower price', { credits: 4 }],
    ['a higher price', { credits: 6 }],
    ['no known price', { credits: null }],
    ['another number of pictures', { pictures: 2 }],
    ['other words', { purchases: ['key-of-other-words'] }],
    ['one that is no longer pending', { purchases: ['key-of-lamp', 'key-of-mug'] }],
  ])('with %s is refused with 409, and nothing is bought', async (_name, more) => {
    const open = await rig()
    const answer = await post(open, order(more))
    expect(answer.status).toBe(409)
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false, problems: [{ code: 'gallery/changed' }] })
    expect(open.orders).toEqual([])
  })

  it('is refused while another purchase is under way', async () => {
    const open = await rig({ isBuying: () => true })
    expect((await post(open, order())).status).toBe(409)
    expect(open.orders).toEqual([])
  })

  it('that names a price for two when only one of them is still pending is refused', async () => {
    const mug = { ...PENDING, images: ['mug'], purchases: ['key-of-mug'] }
    const open = await rig({ pending: () => [PENDING, mug] })
    expect((await post(open, order({ credits: 10, pictures: 2 }))).status).toBe(409)
    expect((await post(open, order())).status).toBe(200)
    expect(open.orders).toEqual(['lamp 5'])
  })
})

describe('an edit in the live gallery', () => {
  it.each([
    [{ action: 'pick', image: 'lamp', take: 2 }],
    [{ action: 'pin', image: 'lamp', sha256: 'a'.repeat(64) }],
    [{ action: 'unpin', image: 'lamp' }],
    [{ action: 'reroll', image: 'lamp' }],
    [{ action: 'accept', image: 'lamp' }],
    [{ action: 'restore', image: 'lamp', sha256: 'a'.repeat(64) }],
    [{ action: 'focus', image: 'lamp', point: [0.25, 1] }],
  ])('%j reaches the hands as it is, and says what was done', async (action) => {
    const open = await rig()
    const answer = await open.send({
      method: 'POST',
      path: 'act',
      headers: own(open),
      body: JSON.stringify(action),
    })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { ok: true, said: 'Done.' }])
    expect(open.edits).toEqual([JSON.stringify(action)])
  })

  it('that the manifest does not allow is answered with 422 and the reason', async () => {
    const problems = [{ code: 'image/pick', message: 'lamp has one candidate.' }] as const
    const open = await rig({ edit: async () => Promise.resolve({ changes: [], notes: [], problems }) })
    const answer = await open.send({ method: 'POST', path: 'act', headers: own(open), body: REROLL })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([422, { ok: false, problems }])
  })
})

/** Reads events until one is like that. */
async function hear(open: Rig, until: (text: string) => boolean, then: () => void): Promise<string> {
  const stop = new AbortController()
  const reply = await fetch(`${open.url.origin}/${open.token}/events`, { signal: stop.signal })
  expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  let text = ''
  let told = false
  try {
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8')
      if (!told && text.includes('event: trouble')) {
        told = true
        then()
      }
      if (until(text)) return text
    }
  } finally {
    stop.abort()
  }
  return text
}

describe('the news of the live gallery', () => {
  it('begin with the newest model and go on with what is bought, how far and what came of it', async () => {
    const open = await rig()
    const base = { purchase: 'p', images: ['lamp'] }
    const text = await hear(
      open,
      (heard) => heard.includes('Bought lamp'),
      () => {
        open.live.onEvent({
          ...base,
          type: 'buying',
          model: 'm',
          count: 1,
          credits: 5,
          usualSeconds: null,
          reason: 'new image',
        })
        open.live.onEvent({ type: 'progress', purchase: 'p', percent: 40 })
        open.live.onEvent({ ...base, type: 'bought', pictures: 1, credits: 5, bytes: 1 })
      },
    )
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
    expect(names.slice(0, 5)).toEqual(['model', 'trouble', 'progress', 'progress', 'said'])
    expect(text).toContain('data: {"images":["lamp"],"percent":40}')
  })

  it('tell of a manifest that broke, with its place, and keep the last good model', async () => {
    const open = await rig()
    const text = await hear(
      open,
      (heard) => heard.includes('manifest/'),
      () => {
        open.project.write('pixelkiln.yaml', 'version: 1\nimages: {lamp: {promt: x}}\n')
        void open.live.refresh()
      },
    )
    expect(text).toContain('pixelkiln.yaml:2:')
    expect(open.live.model().images.map(({ id }) => id)).toEqual(['lamp'])
    open.project.write('pixelkiln.yaml', manifestOf({ mug: { prompt: 'A mug.' } }))
    await open.live.refresh()
    expect(open.live.model().images.map(({ id }) => id)).toEqual(['mug'])
  })
})
