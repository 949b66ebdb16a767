import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The emulator in a process of its own, so that its work is not taken for ours. */
export interface ServiceProcess {
  readonly url: string
  /** Requests for a job's state so far, per job. */
  readonly pollsPerJob: () => Promise<number>
  readonly stop: () => void
}

export async function startService(options: {
  readonly latencyMs: number
  readonly spread?: number
  readonly picture: 'canned' | 'sketch'
}): Promise<ServiceProcess> {
  const server = join(process.cwd(), 'dist/emulator/server.js')
  const settings = JSON.stringify({ plain: true, credits: 1_000_000_000, ...options })
  const code = `import { startEmulator } from ${JSON.stringify(`file://${server}`)}
process.stdout.write((await startEmulator(${settings})).url)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await once(child.stdout, 'data')).map(String)
  if (url === undefined) throw new Error('the emulator did not say where it listens')
  return {
    url,
    pollsPerJob: async () => {
      const response = await fetch(`${url}/__emulator/ledger`)
      const ledger: unknown = await response.json()
      if (!isLedger(ledger)) throw new Error('the emulator has another kind of ledger')
      return ledger.jobs.reduce((sum, { polls }) => sum + polls, 0) / ledger.jobs.length
    },
    stop: () => void child.kill(),
  }
}

function isLedger(value: unknown): value is { readonly jobs: readonly { readonly polls: number }[] } {
  return typeof value === 'object' && value !== null && 'jobs' in value && Array.isArray(value.jobs)
}
