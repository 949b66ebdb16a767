import type { BuildOptions } from '../build/options.ts'
import type { Terminal } from '../cli.ts'
import type { Flags } from './parse-arguments.ts'

/** The project's own emulator, started when something is first bought from it and kept until it is closed. */
export interface EmulatedService {
  readonly service: NonNullable<BuildOptions['service']>
  readonly close: () => Promise<void>
}

/** What `--emulator` buys from. Nothing is started yet. */
export function emulatedService(flags: Flags, terminal: Terminal): EmulatedService {
  let running: Promise<{ readonly url: string; readonly close: () => Promise<void> }> | null = null
  const start = async (): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
    const { startEmulator } = await import('../emulator/server.ts')
    const { locateProject } = await import('../build/project.ts')
    const manifest = flags.text('manifest')
    const project = locateProject({ cwd: terminal.cwd, ...(manifest === undefined ? {} : { manifest }) })
    return startEmulator({ folder: `${project.stateFolder}/emulator` })
  }
  return {
    service: async () => {
      running ??= start()
      const { url } = await running
      return { baseUrl: url, apiKey: 'afk_0000000000000000000000000000000000emulator' }
    },
    close: async () => {
      // A start that failed was told where the service was needed.
      const emulator = await running?.catch(() => null)
      await emulator?.close()
    },
  }
}
