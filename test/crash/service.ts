import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultRule } from '../../src/emulator/faults.ts'
import type { Ledger } from '../../src/emulator/ledger.ts'
import { COMMAND } from './root.ts'

/** The emulator in a process of its own, which no kill of a run reaches. */
export interface Service {
  readonly url: string
  readonly ledger: () => Promise<Ledger>
  /** These faults from now on, and no others. */
  readonly faults: (rules: readonly FaultRule[]) => Promise<void>
  readonly close: () => void
}

/** Starts a plain emulator with small pictures and money enough. */
export async function startService(latencyMs = 40): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-service-'))
  const config = join(folder, 'options.json')
  writeFileSync(config, JSON.stringify({ picture: 'canned', credits: 10_000_000, plain: true, latencyMs }))
  const child = spawn(process.execPath, [COMMAND, 'emulator', '--port', '0', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString()
      const found = /listens on (\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the emulator did not start: ${said}`)))
  })
  const control = async (path: string, body?: unknown): Promise<unknown> => {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const reply = await fetch(`${url}/__emulator/${path}`, body === undefined ? {} : post)
    if (!reply.ok) throw new Error(`the emulator answered ${reply.status}: ${await reply.text()}`)
    return reply.json()
  }
  return {
    url,
    // The emulator's own route, so it is what the type says.
    ledger: async () => (await control('ledger')) as Ledger,
    faults: async (rules) => {
      await control('faults', rules)
    },
    close: () => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
