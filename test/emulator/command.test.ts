import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type EmulatorArguments, EmulatorUsageError, runEmulator } from '../../src/emulator/command.ts'
import { FAULT_NAMES } from '../../src/emulator/fault-names.ts'
import { startTestEmulator } from '../support/emulator.ts'

const HEADERS = { 'x-api-key': 'afk_local', 'content-type': 'application/json' }
const LAMP = JSON.stringify({ prompt: 'A lamp.', model: 'dall-e-3' })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelkiln-emulator-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

function configFile(value: unknown): string {
  const path = join(folder, 'emulator.json')
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

/** Runs the command while `use` does, which gets the address it printed. */
async function run(args: EmulatorArguments, use: (url: string) => Promise<void>): Promise<readonly string[]> {
  const lines: string[] = []
  const stop = new AbortController()
  const used: Promise<void>[] = []
  const out = (line: string): void => {
    lines.push(line)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined && used.length === 0) used.push(use(url).finally(() => stop.abort()))
  }
  await runEmulator(args, out, stop.signal)
  await Promise.all(used)
  return lines
}

async function submit(url: string): Promise<number> {
  const reply = await fetch(`${url}/v2/images/generate`, { method: 'POST', headers: HEADERS, body: LAMP })
  return reply.status
}

describe('the command', () => {
  it('serves until it is told to stop, and says how to reach it', async () => {
    let address = ''
    const lines = await run({}, async (url) => {
      address = url
      expect(await submit(url)).toBe(202)
    })
    expect(lines.join('\n')).toContain(`APIFRAME_BASE_URL=${address} APIFRAME_API_KEY=afk_`)
    await expect(fetch(address)).rejects.toThrow(TypeError)
  })

  it('takes faults and options from flags and from a file; flags win', async () => {
    const config = configFile({
      credits: 5,
      latencyMs: 7,
      faults: ['unavailable,nth=1', { fault: 'blocked', when: { nth: 2 } }],
    })
    const args = { config, credits: 40, plain: true, faults: ['rate-limited,nth=3'] }
    const lines = await run(args, async (url) => {
      const statuses = []
      for (let n = 0; n < 5; n += 1) statuses.push(await submit(url))
      expect(statuses).toEqual([503, 403, 429, 202, 402])
      expect((await fetch(url)).headers.has('x-pixelkiln-emulator')).toBe(false)
    })
    for (const fault of ['unavailable', 'blocked', 'rate-limited']) {
      expect(lines.join('\n')).toContain(`"${fault}"`)
    }
  })

  it('keeps its jobs where it is told to', async () => {
    await run({ folder }, async (url) => {
      expect(await submit(url)).toBe(202)
    })
    await run({ folder }, async (url) => {
      const reply = await fetch(`${url}/v2/jobs`, { headers: HEADERS })
      expect(await reply.json()).toMatchObject({ jobs: [{ model: 'dall-e-3' }] })
    })
  })

  it('names the faults instead of starting when asked for the list', async () => {
    const lines: string[] = []
    await runEmulator({ faults: ['list'] }, (line) => lines.push(line), new AbortController().signal)
    expect(lines).toHaveLength(FAULT_NAMES.length)
    for (const [at, name] of FAULT_NAMES.entries()) expect(lines[at]).toMatch(new RegExp(`^${name} +[A-Z]`))
  })

  it('stops at once when it was stopped before it began', async () => {
    const ended = runEmulator({}, () => undefined, AbortSignal.abort())
    await expect(ended).resolves.toBeUndefined()
  })

  it.each<[EmulatorArguments]>([
    [{ port: 70_000 }],
    [{ latencyMs: -1 }],
    [{ credits: 1.5 }],
    [{ faults: ['earthquake'] }],
    [{ config: '/nowhere/emulator.json' }],
  ])('%j is a mistake of the caller', async (args) => {
    await expect(runEmulator(args, () => undefined, AbortSignal.abort())).rejects.toThrow(EmulatorUsageError)
  })

  it.each([
    ['{'],
    ['[]'],
    [{ latency: 5 }],
    [{ port: 'any' }],
    [{ host: '0.0.0.0' }],
    [{ rateLimit: {} }],
    [{ faults: [{ fault: 'reset', when: { nth: 0 } }] }],
  ])('the config file %j is one too', async (value) => {
    const args = { config: configFile(value) }
    await expect(runEmulator(args, () => undefined, AbortSignal.abort())).rejects.toThrow(EmulatorUsageError)
  })

  it('so is a port that is taken', async () => {
    const { port } = await startTestEmulator()
    await expect(runEmulator({ port }, () => undefined, AbortSignal.abort())).rejects.toThrow(
      EmulatorUsageError,
    )
  })
})
