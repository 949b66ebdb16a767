import type { Terminal } from '../cli.ts'
import { DiskError } from '../effects/files.ts'
import { EmulatorUsageError, runEmulator } from '../emulator/command.ts'
import { numberFlag } from './build-command.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln emulator`: the local Apiframe v2, until Ctrl-C. Exit code 2 for a mistake in the call, 4 for a folder that cannot be used. */
export async function emulatorCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const numbers = ['port', 'latency', 'credits', 'retention'].map((name) =>
    numberFlag(flags, name, { whole: true, least: 0 }),
  )
  const wrong = numbers.find((value) => typeof value === 'string')
  if (wrong !== undefined) {
    terminal.writeError(`usage/wrong: ${wrong}\n`)
    return 2
  }
  const [port, latencyMs, credits, retentionMs] = numbers.map((value) =>
    typeof value === 'number' ? value : undefined,
  )
  const stop = new AbortController()
  const unhook = terminal.onInterrupt(() => stop.abort())
  const config = flags.text('config')
  const folder = flags.text('folder')
  try {
    await runEmulator(
      {
        ...(port === undefined ? {} : { port }),
        ...(latencyMs === undefined ? {} : { latencyMs }),
        ...(credits === undefined ? {} : { credits }),
        ...(retentionMs === undefined ? {} : { retentionMs }),
        ...(config === undefined ? {} : { config }),
        ...(folder === undefined ? {} : { folder }),
        plain: flags.on('plain'),
        faults: flags.texts('fault'),
      },
      (line) => terminal.write(`${line}\n`),
      stop.signal,
    )
    return 0
  } catch (error) {
    if (error instanceof EmulatorUsageError) {
      terminal.writeError(`usage/wrong: ${error.message}\n`)
      return 2
    }
    if (error instanceof DiskError) {
      terminal.writeError(`disk/failed: ${error.message}. Choose another place with --folder.\n`)
      return 4
    }
    throw error
  } finally {
    unhook()
  }
}
