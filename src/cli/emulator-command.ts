import type { Terminal } from '../cli.ts'
import { runEmulator } from '../emulator/command.ts'
import { numberFlag } from './build-command.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln emulator`: the local Apiframe v2, until Ctrl-C. */
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
  } finally {
    unhook()
  }
}
