import type { lookup } from 'node:dns'
import sharp from 'sharp'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DownloadError } from '../../src/effects/download-error.ts'
import { createDownload, type DownloadOptions } from '../../src/effects/download.ts'
import { hurryingClock } from '../support/driven-clock.ts'
import { cut, raw, scriptedServer, type ScriptedServer, type Step } from '../support/scripted-server.ts'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

let png: Buffer
beforeAll(async () => {
  png = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#356' } })
    .png()
    .toBuffer()
})

async function serve(...steps: readonly [Step, ...(readonly Step[])]): Promise<ScriptedServer> {
  const server = await scriptedServer(...steps)
  open.push(server)
  return server
}

function downloader(options: Partial<DownloadOptions> = {}): ReturnType<typeof createDownload>['download'] {
  const made = createDownload({ allowLoopbackHttp: true, proxy: false, clock: hurryingClock(), ...options })
  open.push(made)
  return made.download
}

async function failureOf(downloaded: Promise<Uint8Array>): Promise<DownloadError> {
  const result = await downloaded.catch((error: unknown) => error)
  if (!(result instanceof DownloadError)) throw new Error('expected a DownloadError')
  return result
}

const cutShort: Step = (response) => {
  response.writeHead(200, { 'content-length': String(png.length) })
  response.write(png.subarray(0, 50), () => response.socket?.destroy())
}

const drip: Step = (response) => {
  response.writeHead(200)
  const timer = setInterval(() => response.write(png.subarray(0, 8)), 5)
  response.on('close', () => clearInterval(timer))
}

/** Resolves every name to these addresses, whatever the system says. */
function resolvesTo(...addresses: readonly string[]): typeof lookup {
  const answer = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  const resolve = (_: string, __: object, callback: (error: null, found: typeof answer) => void): void =>
    callback(null, answer)
  // Only the form that the downloader uses.
  return resolve as unknown as typeof lookup
}

describe('a picture', () => {
  it('comes as it is, asked for without key or cookie', async () => {
    const server = await serve(raw(200, png, { 'set-cookie': 'a=b', 'content-type': 'text/html' }))
    const download = downloader()
    expect(Buffer.from(await download(`${server.url}/a.png`))).toEqual(png)
    await download(`${server.url}/a.png`)
    for (const { headers } of server.arrivals) {
      expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'host', 'user-agent'])
    }
  })

  it('comes through redirects', async () => {
    const server = await serve(
      raw(302, '', { location: '/b' }),
      raw(308, '', { location: 'c?x=1' }),
      raw(200, png),
    )
    expect(Buffer.from(await downloader()(`${server.url}/a`))).toEqual(png)
    expect(server.arrivals.map(({ path }) => path)).toEqual(['/a', '/b', '/c?x=1'])
  })

  it.each(['jpeg', 'webp', 'avif', 'gif'] as const)('may be %s', async (format) => {
    const bytes = await sharp(png).toFormat(format).toBuffer()
    const server = await serve(raw(200, bytes))
    expect(Buffer.from(await downloader()(server.url))).toEqual(bytes)
  })
})

describe('a bad answer', () => {
  it.each<readonly [string, DownloadError['why'], Step]>([
    ['500', 'network', raw(500, 'oops')],
    ['403, which a bot filter says too', 'network', raw(403, 'error code: 1010')],
    ['404', 'not-found', raw(404, 'gone')],
    ['410', 'not-found', raw(410, 'gone')],
    ['a reset', 'network', cut],
    ['a body that is cut', 'truncated', cutShort],
    ['an empty body', 'not-a-picture', raw(200, '')],
    ['HTML', 'not-a-picture', raw(200, '<!doctype html><title>x</title>', { 'content-type': 'image/png' })],
    [
      'SVG',
      'not-a-picture',
      raw(200, '<svg xmlns="http://www.w3.org/2000/svg"/>', { 'content-type': 'image/png' }),
    ],
    ['a redirect without a target', 'network', raw(302, '')],
  ])('(%s) is asked for four times within 20 s', async (_, why, step) => {
    const server = await serve(step)
    const clock = hurryingClock(0.99)
    const startMs = clock.now()
    expect(await failureOf(downloader({ clock })(server.url))).toMatchObject({ why })
    expect(server.arrivals).toHaveLength(4)
    expect(clock.now() - startMs).toBeLessThanOrEqual(20_000)
  })

  it('is forgotten when a good one follows', async () => {
    const server = await serve(raw(502, ''), cutShort, raw(200, '<html>'), raw(200, png))
    expect(Buffer.from(await downloader()(server.url))).toEqual(png)
  })
})

describe('caps', () => {
  it('refuse a picture that says it is too large, and one that is', async () => {
    const said = await serve((response) => {
      response.writeHead(200, { 'content-length': '4294967296' })
      response.write(png)
    })
    expect(await failureOf(downloader({ maxBytes: 1000 })(said.url))).toMatchObject({ why: 'too-large' })
    const silent = await serve((response) => {
      response.writeHead(200)
      response.write(Buffer.alloc(2000, 1))
    })
    expect(await failureOf(downloader({ maxBytes: 1000 })(silent.url))).toMatchObject({ why: 'too-large' })
    expect(said.arrivals.length + silent.arrivals.length).toBe(2)
  })

  it('end a slow drip, although every drop comes in time', async () => {
    const server = await serve(drip)
    const failure = await failureOf(downloader({ totalMs: 100, idleMs: 80 })(server.url))
    expect(failure).toMatchObject({ why: 'network' })
  })

  it('end silence, before the headers and within the body', async () => {
    const clock = hurryingClock()
    const mute = await serve(() => void clock.advance(25_000))
    const stalled = await serve((response) => {
      void clock.advance(25_000)
      response.writeHead(200, { 'content-length': '1000' })
      response.write(png.subarray(0, 20))
    })
    const download = downloader({ clock, idleMs: 40 })
    const failures = await Promise.all([failureOf(download(mute.url)), failureOf(download(stalled.url))])
    expect(failures.map(({ why }) => why)).toEqual(['network', 'network'])
  })

  it('leave no time for more tries after a slow one', async () => {
    const clock = hurryingClock()
    const server = await serve((response) => {
      void clock.advance(25_000)
      raw(503, '')(response, { method: '', path: '', headers: {}, body: '' }, response.req)
    })
    expect(await failureOf(downloader({ clock })(server.url))).toMatchObject({ why: 'network' })
    expect(server.arrivals).toHaveLength(1)
  })

  it('end a ring of redirects', async () => {
    const server = await serve(raw(302, '', { location: '/again' }))
    expect(await failureOf(downloader()(server.url))).toMatchObject({ why: 'hostile' })
    expect(server.arrivals).toHaveLength(6)
  })
})

describe('a hostile address', () => {
  it.each([
    'file:///etc/passwd',
    'ftp://example.com/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'javascript:alert(1)',
    'not an address',
    '',
    'http://example.com/a.png',
    'http://10.0.0.1/a.png',
    'http://localhost.evil.example/a.png',
    'https://127.0.0.1/a.png',
    'https://127.1/a.png',
    'https://0x7f000001/a.png',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/a.png',
    'https://[::ffff:169.254.169.254]/a.png',
    'https://[fd00:ec2::254]/a.png',
    'https://100.64.0.1/a.png',
    'https://0.0.0.0/a.png',
    'https://localhost/a.png',
    'https://metadata.google.internal/a.png',
    'https://intranet/a.png',
    'https://user:word@example.com/a.png',
  ])('(%s) is not fetched', async (url) => {
    const clock = hurryingClock()
    const resolve: typeof lookup = Object.assign(
      () => {
        throw new Error('nothing should be resolved')
      },
      { __promisify__: () => Promise.reject(new Error('unused')) },
    )
    expect(await failureOf(downloader({ clock, resolve })(url))).toMatchObject({ why: 'hostile' })
    expect(clock.waits).toEqual([])
  })

  it('is not fetched from this machine unless the service runs here', async () => {
    const server = await serve(raw(200, png))
    const failure = await failureOf(downloader({ allowLoopbackHttp: false })(server.url))
    expect(failure).toMatchObject({ why: 'hostile' })
    expect(server.arrivals).toHaveLength(0)
  })

  it.each([
    'file:///etc/passwd',
    'http://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    '//192.168.0.1/',
    'https://[::1]:1/',
    'http://',
  ])('is not followed in a redirect: %s', async (location) => {
    const server = await serve(raw(302, '', { location }))
    expect(await failureOf(downloader()(server.url))).toMatchObject({ why: 'hostile' })
    expect(server.arrivals).toHaveLength(1)
  })

  it.each([
    [['127.0.0.1']],
    [['10.1.2.3']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['169.254.169.254']],
    [['8.8.8.8', '127.0.0.1']],
  ])('behind a harmless name is found out when connecting (%j)', async (addresses) => {
    const server = await serve(raw(200, png))
    const resolve = resolvesTo(...addresses)
    for (const allowLoopbackHttp of [true, false]) {
      const url = `https://pictures.example:${server.port}/a.png`
      const failure = await failureOf(downloader({ resolve, allowLoopbackHttp })(url))
      expect(failure).toMatchObject({ why: 'hostile' })
    }
    expect(server.arrivals).toHaveLength(0)
  })

  it('cannot be reached by a service that resolves localhost elsewhere', async () => {
    const download = downloader({ resolve: resolvesTo('8.8.8.8') })
    expect(await failureOf(download('http://localhost:1/a.png'))).toMatchObject({ why: 'hostile' })
  })

  it('guards a direct connection also where a proxy is set for other hosts', async () => {
    const before = { ...process.env }
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9'
    process.env['NO_PROXY'] = 'pictures.example'
    try {
      const download = downloader({ proxy: true, resolve: resolvesTo('127.0.0.1') })
      expect(await failureOf(download('https://pictures.example/a.png'))).toMatchObject({ why: 'hostile' })
    } finally {
      process.env = before
    }
  })
})

describe('localhost by name', () => {
  it('is fetched from when the service runs here', async () => {
    const server = await serve(raw(200, png))
    const download = downloader({ resolve: resolvesTo('127.0.0.1') })
    expect(Buffer.from(await download(`http://localhost:${server.port}/a.png`))).toEqual(png)
  })
})

describe('stopping', () => {
  it('ends a download in flight and tries no more', async () => {
    const stop = new AbortController()
    const server = await serve(() => stop.abort())
    expect(await failureOf(downloader()(server.url, stop.signal))).toMatchObject({ why: 'stopped' })
    expect(server.arrivals).toHaveLength(1)
  })
})
