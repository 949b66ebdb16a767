import type { CommandFacts } from './cli/command-table.ts'
import type { Call } from './cli/parse-arguments.ts'

/** What the command line touches outside itself; tests bring their own. */
export interface Terminal {
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** True when a person can be asked. */
  readonly interactive: boolean
  /** Whether `write` goes to a terminal, and how wide it is. */
  readonly isTerminal: boolean
  readonly columns: () => number
  readonly onResize: (listener: () => void) => () => void
  /** Asks one question and resolves with the answer's text, which is empty when the signal came first. */
  readonly ask: (question: string, signal?: AbortSignal) => Promise<string>
  /** Takes every key from now on, unechoed, Ctrl-C among them; returns what gives the terminal back as it was. */
  readonly onKey: (listener: (key: string) => void) => Promise<() => void>
  /** Calls the listener at each Ctrl-C or SIGTERM; returns what takes it back. */
  readonly onInterrupt: (listener: () => void) => () => void
}

type Command = (call: Call, terminal: Terminal) => Promise<number>

/** Every command is loaded on demand, so that none pays for another. */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  build: async () => (await import('./cli/build-command.ts')).buildCommand,
  plan: async () => (await import('./cli/plan-command.ts')).planCommand,
  check: async () => (await import('./cli/check-command.ts')).checkCommand,
  init: async () => (await import('./cli/init-command.ts')).initCommand,
  prune: async () => (await import('./cli/prune-command.ts')).pruneCommand,
  resume: async () => (await import('./cli/resume-command.ts')).resumeCommand,
  reroll: async () => (await import('./cli/edit-commands.ts')).rerollCommand,
  pick: async () => (await import('./cli/edit-commands.ts')).pickCommand,
  pin: async () => (await import('./cli/edit-commands.ts')).pinCommand,
  unpin: async () => (await import('./cli/edit-commands.ts')).unpinCommand,
  accept: async () => (await import('./cli/project-edit-commands.ts')).acceptCommand,
  adopt: async () => (await import('./cli/project-edit-commands.ts')).adoptCommand,
  rename: async () => (await import('./cli/project-edit-commands.ts')).renameCommand,
  history: async () => (await import('./cli/history-command.ts')).historyCommand,
  restore: async () => (await import('./cli/edit-commands.ts')).restoreCommand,
  why: async () => (await import('./cli/why-command.ts')).whyCommand,
  doctor: async () => (await import('./cli/doctor-command.ts')).doctorCommand,
  models: async () => (await import('./cli/models-command.ts')).modelsCommand,
  spend: async () => (await import('./cli/spend-command.ts')).spendCommand,
  gallery: async () => (await import('./cli/gallery-command.ts')).galleryCommand,
  'merge-driver': async () => (await import('./cli/merge-driver-command.ts')).mergeDriverCommand,
  html: async () => (await import('./cli/html-command.ts')).htmlCommand,
  inject: async () => (await import('./cli/inject-command.ts')).injectCommand,
  watch: async () => (await import('./cli/watch-command.ts')).watchCommand,
  emulator: async () => (await import('./cli/emulator-command.ts')).emulatorCommand,
}

/** Runs one command line; resolves with the exit code and never throws. */
export async function main(argv: readonly string[], terminal?: Terminal): Promise<number> {
  const screen = terminal ?? processTerminal()
  if (argv[0] === '--version' || argv[0] === '-v') {
    const { VERSION } = await import('./tool.ts')
    screen.write(`${VERSION}\n`)
    return 0
  }
  if (argv[0] === 'help' || argv[0] === '--help' || argv[0] === '-h') {
    const { helpText } = await import('./cli/help-text.ts')
    screen.write(helpText(argv[1]))
    return 0
  }
  const { parseArguments } = await import('./cli/parse-arguments.ts')
  const call = parseArguments(argv, screen.environment, await commandsFor(argv[0]))
  if ('wrong' in call) {
    const { misusedText } = await import('./cli/help-text.ts')
    screen.writeError(misusedText(call, argv))
    return 2
  }
  if (call.flags.on('help')) {
    const { helpText } = await import('./cli/help-text.ts')
    screen.write(helpText(call.command))
    return 0
  }
  try {
    const command = await LOADERS[call.command]?.()
    return command ? await command(call, screen) : 2
  } catch (error) {
    const { internalErrorText } = await import('./cli/help-text.ts')
    screen.writeError(internalErrorText(error, screen.environment))
    return 1
  }
}

/** The everyday commands; every one when another name is given. */
async function commandsFor(name: string | undefined): Promise<Readonly<Record<string, CommandFacts>>> {
  const { COMMANDS } = await import('./cli/command-table.ts')
  if (name === undefined || name.startsWith('-') || Object.hasOwn(COMMANDS, name)) return COMMANDS
  return (await import('./cli/all-commands.ts')).ALL_COMMANDS
}

type Stream = typeof process.stdout | typeof process.stderr

/** The terminal of this process. Its streams are opened when they are used: each takes Node some milliseconds. */
function processTerminal(): Terminal {
  const stdout = opener(() => process.stdout)
  const stderr = opener(() => process.stderr)
  return {
    write: (text) => void stdout().write(text),
    writeError: (text) => void stderr().write(text),
    environment: process.env,
    cwd: process.cwd(),
    get interactive() {
      return stdout().isTTY && process.stdin.isTTY
    },
    get isTerminal() {
      return stdout().isTTY
    },
    columns: () => stdout().columns ?? 80,
    onResize: (listener) => {
      stdout().on('resize', listener)
      return () => stdout().off('resize', listener)
    },
    ask: async (question, signal) =>
      (await import('./cli/ask-person.ts')).askPerson(question, process, signal),
    onKey: async (listener) => (await import('./cli/raw-keys.ts')).takeKeys(process.stdin, listener),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
  }
}

/** Opens a stream at its first use. A reader that went away (`| head`) ends the output, not the run. */
function opener(open: () => Stream): () => Stream {
  let stream: Stream | null = null
  return () => (stream ??= open().on('error', () => undefined))
}
