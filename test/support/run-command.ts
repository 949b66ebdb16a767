import { type Terminal, main } from '../../src/cli.ts'
import { expectKeyless, meantFor } from './planted-key.ts'

/** What a command line came to. */
export interface CommandRun {
  readonly exitCode: number
  readonly out: string
  readonly errors: string
}

/** Runs one command line as a person without a terminal would; nothing of this process's environment is seen. */
export async function runCommand(
  argv: readonly string[],
  where: {
    readonly cwd: string
    readonly environment?: Readonly<Record<string, string | undefined>>
  },
): Promise<CommandRun> {
  const said = { out: '', errors: '' }
  const terminal: Terminal = {
    write: (text) => {
      said.out += text
    },
    writeError: (text) => {
      said.errors += text
    },
    environment: where.environment ?? {},
    cwd: where.cwd,
    interactive: false,
    isTerminal: false,
    columns: () => 80,
    onResize: () => () => undefined,
    ask: async () => Promise.resolve(''),
    onKey: async () => Promise.resolve(() => undefined),
    onInterrupt: () => () => undefined,
  }
  meantFor(where.environment?.['APIFRAME_BASE_URL'])
  const exitCode = await main(argv, terminal)
  expectKeyless(`what ${argv[0] ?? 'the command'} said`, said.out + said.errors)
  return { exitCode, ...said }
}
