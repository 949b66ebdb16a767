import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OutputSpec } from '../../src/core/recipes.ts'
import { encodeEnvironment } from '../../src/effects/encode-process.ts'
import type { EncodeWork } from '../../src/effects/encode-process.ts'
import type { EncodeResult, FinishedOutput } from '../../src/effects/encode.ts'
import { sha256Of } from '../../src/effects/files.ts'
import { openEncoder } from '../../src/effects/open-encoder.ts'
import type { Encoder } from '../../src/effects/open-encoder.ts'
import { encodeSlots } from '../../src/effects/schedule.ts'
import { gradientPng } from '../support/pictures.ts'
import { recipeOf } from '../support/recipe.ts'

// As it is installed: beside the sources there is no script to start.
const built = new URL('../../dist/effects/open-encoder.js', import.meta.url)
const { openEncoder: openBuilt } = (await import(built.href)) as { openEncoder: typeof openEncoder }

const FEW = 1
const MANY = 5
const WIDTHS = [60, 90, 120]

describe('an encoder of many originals', () => {
  it('makes the same bytes and finds the same as one of few', async () => {
    const [many, few] = await Promise.all([MANY, FEW].map(async (originals) => encode(opened(originals))))
    expect(many?.outputs.map(({ width }) => width).sort()).toEqual(['120', '60', '90'])
    expect(many).toEqual(few)
  })

  it('encodes here where no process can be started', async () => {
    const made = await encode(opened(MANY, openEncoder))
    expect(made).toEqual(await encode(opened(FEW)))
  })

  it.each([
    ['no picture', async () => Buffer.from('no picture'), 'failed'],
    ['not in the store', async () => ({ path: '/nowhere.png', sha256: '00' }), 'damaged'],
    ['another than its name says', async () => stored(await gradientPng(30, 20), '00'), 'damaged'],
  ] as const)('an original that is %s fails alone', async (_, original, why) => {
    const encoder = opened(MANY)
    const bad = encode(encoder, { original: await original() })
    const good = encode(encoder, { original: stored(await gradientPng(150, 100)) })
    await expect(bad).rejects.toMatchObject({ name: 'EncodeError', why })
    expect((await good).outputs).toHaveLength(3)
  })

  it('says which outputs stay too large', async () => {
    const tooLarge: number[] = []
    const outputs = [{ format: 'webp', width: 60, height: 40, maxBytes: 10 }] as const
    await encode(opened(MANY), { outputs, onTooLarge: ({ width }) => void tooLarge.push(width) })
    expect(tooLarge).toEqual([60])
  })

  it('rejects with what the taker of an output threw, unchanged, and begins nothing more of that original', async () => {
    const full = new Error('the disk is full')
    const encoder = opened(MANY)
    const onOutput = async (): Promise<void> => Promise.reject(full)
    await expect(encode(encoder, { onOutput })).rejects.toBe(full)
    expect((await encode(encoder)).outputs).toHaveLength(3)
  })
})

describe.runIf(process.platform === 'linux')('a process that encodes', () => {
  it('is started again when it dies, and what it had made is not made again', async () => {
    const encoder = opened(MANY)
    const outputs = [
      { format: 'webp', width: 60, height: 40 },
      { format: 'avif', width: 300, height: 200 },
    ] as const
    const original = await gradientPng(300, 200, { noise: 30 })
    const recipe = recipeOf({ effort: { ...recipeOf().effort, avif: 6 } })
    let left: readonly string[] = ['60', '300']
    const onOutput = async ({ width }: FinishedOutput): Promise<void> => {
      left = left.filter((name) => name !== String(width))
      if (width === 60) killAll()
    }
    const made = await encode(encoder, { original, recipe, outputs, onOutput })
    expect([made.outputs.map(({ width }) => width), left]).toEqual([['300', '60'], []])
    expect((await encode(encoder)).outputs).toHaveLength(3)
  })

  it('may die of one original: that one fails, and those beside it are encoded', async () => {
    const encoder = opened(MANY)
    const { path, opens } = fifo()
    const deadly = encode(encoder, { original: { path, sha256: '00' } })
    const others = Promise.all([encode(encoder), encode(encoder)])
    const failure = deadly.catch(String)
    const killed: number[] = []
    for (const _ of ['beside others', 'alone']) {
      const next = (): boolean => childrenOf(process.pid).some((child) => !killed.includes(child))
      await expect.poll(() => next() && opens()).toBe(true)
      killed.push(...killAll())
    }
    expect(await failure).toMatch(/EncodeError.*died of it \(SIGKILL, mostly for want of memory\)/)
    for (const { outputs } of await others) expect(outputs).toHaveLength(3)
  })

  it('ends with the one that started it, however that ends', async () => {
    const script = `
      import { openEncoder } from ${JSON.stringify(join(process.cwd(), 'dist/effects/open-encoder.js'))}
      openEncoder(${MANY}).prepare()
      process.kill(process.pid, 'SIGSTOP')`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
    await expect.poll(() => childrenOf(parent.pid ?? 0).length).toBe(1)
    const [child] = childrenOf(parent.pid ?? 0)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await expect.poll(() => existsSync(`/proc/${child}/cmdline`)).toBe(false)
  })

  it('is started when it is wanted, once', async () => {
    const encoder = opened(MANY)
    expect(childrenOf(process.pid)).toEqual([])
    encoder.prepare()
    encoder.prepare()
    await expect.poll(() => childrenOf(process.pid).length).toBe(1)
    const [prepared] = childrenOf(process.pid)
    const onOutput = async (): Promise<void> => expect(childrenOf(process.pid)).toEqual([prepared])
    expect((await encode(encoder, { onOutput })).outputs).toHaveLength(3)
  })

  it('says nothing when it is let go before it is ready', async () => {
    const script = `
      import { openEncoder } from ${JSON.stringify(join(process.cwd(), 'dist/effects/open-encoder.js'))}
      const encoder = openEncoder(${MANY})
      encoder.prepare()
      encoder.close()`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    parent.stderr.setEncoding('utf8').on('data', (text) => (said += text))
    // Both have ended by then: the encoder writes to the same pipe.
    await once(parent.stderr, 'close')
    expect(said).toBe('')
  })

  it('makes way for another one after many pixels', async () => {
    const encoder = opened(MANY)
    const seen: (readonly number[])[] = []
    const onOutput = async (): Promise<void> => void seen.push(childrenOf(process.pid))
    const outputs = [{ format: 'jpeg', width: 30, height: 20 }] as const
    await encode(encoder, { outputs, onOutput })
    await encode(encoder, { outputs, onOutput })
    // More than the original gives: refused at once, and counted all the same.
    const many = [{ format: 'jpeg', width: 30_000, height: 20_000 }] as const
    await expect(encode(encoder, { outputs: many })).rejects.toThrow('at most')
    await encode(encoder, { outputs, onOutput })
    expect(seen.map((pids) => pids.length)).toEqual([1, 1, 1])
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).not.toEqual(seen[0])
  })

  it('lets the run that buys go first, with all its threads', async () => {
    const encoder = opened(MANY)
    await encode(encoder)
    const [child = 0] = childrenOf(process.pid)
    const threads = readdirSync(`/proc/${child}/task`).map(Number)
    const nicer = threads.filter((thread) => getPriority(thread) === getPriority() + 5)
    // Those of V8, which do next to nothing, may have been there before.
    expect(nicer.length).toBeGreaterThan(encodeSlots())
  })

  it('is not given the key', async () => {
    process.env['APIFRAME_API_KEY'] = 'afk_planted'
    onTestFinished(() => void delete process.env['APIFRAME_API_KEY'])
    const encoder = opened(MANY)
    await encode(encoder)
    const [child] = childrenOf(process.pid)
    const environment = readFileSync(`/proc/${child}/environ`, 'utf8')
    expect(environment).toContain('UV_THREADPOOL_SIZE=')
    expect(environment).not.toContain('planted')
  })
})

it('a process that encodes has threads for every core, unless somebody wants fewer', () => {
  expect(encodeSlots(encodeEnvironment({}, 16), 16)).toBe(17)
  expect(encodeSlots(encodeEnvironment({ UV_THREADPOOL_SIZE: '4' }, 16), 16)).toBe(3)
})

it('threads that make thumbnails do not wait for one heap, which large pictures need for their memory', () => {
  expect(encodeEnvironment({}, 4, 480)).toMatchObject({ MALLOC_ARENA_MAX: '8' })
  expect(encodeEnvironment({}, 4, 1_600)).toMatchObject({ MALLOC_ARENA_MAX: '1' })
  expect(encodeEnvironment({ MALLOC_ARENA_MAX: '3' }, 4, 480)).toMatchObject({ MALLOC_ARENA_MAX: '3' })
})

function opened(originals: number, open: typeof openEncoder = openBuilt): Encoder {
  const encoder = open(originals)
  onTestFinished(encoder.close)
  return encoder
}

interface Made {
  readonly outputs: readonly { readonly width: string; readonly bytes: readonly number[] }[]
  readonly result: EncodeResult
}

async function encode({ encode }: Encoder, more: Partial<EncodeWork> = {}): Promise<Made> {
  const files = new Map<string, readonly number[]>()
  const outputs = WIDTHS.map((width): OutputSpec => ({ format: 'webp', width, height: (width * 2) / 3 }))
  const result = await encode({
    original: await gradientPng(150, 100),
    recipe: recipeOf(),
    outputs,
    xmp: null,
    onTooLarge: () => undefined,
    ...more,
    onOutput: async (output) => {
      const width = String(output.width)
      if (files.has(width)) throw new Error(`${width} came twice`)
      files.set(width, [...output.bytes])
      await more.onOutput?.(output)
    },
  })
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return { outputs: sorted.map(([width, bytes]) => ({ width, bytes })), result }
}

function stored(bytes: Uint8Array, sha256 = sha256Of(bytes)): EncodeWork['original'] {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'original.png')
  writeFileSync(path, bytes)
  return { path, sha256 }
}

/** A file that whoever reads it waits for; `opens` tells that somebody does. */
function fifo(): { readonly path: string; readonly opens: () => boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-fifo-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'original')
  execFileSync('mkfifo', [path])
  const opens = (): boolean => {
    try {
      const file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      onTestFinished(() => closeSync(file))
      return true
    } catch {
      return false
    }
  }
  return { path, opens }
}

function killAll(): readonly number[] {
  const children = childrenOf(process.pid)
  for (const child of children) process.kill(child, 'SIGKILL')
  return children
}

/** The processes that encode for another. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter((child) => child !== '' && commandOf(child).includes('encode-child.js'))
    .map(Number)
}

/** Empty for one that has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
