import { nearest } from '../core/nearest.ts'
import { VERSION } from '../tool.ts'
import { ALL_COMMANDS } from './all-commands.ts'
import { GLOBAL_FLAGS } from './command-table.ts'
import type { FlagFacts } from './command-table.ts'
import type { Misused } from './parse-arguments.ts'

/** Help for one command, or for all. */
export function helpText(command: string | undefined): string {
  const facts = command === undefined ? undefined : ALL_COMMANDS[command]
  if (!facts) return overview()
  const flags = Object.entries({ ...facts.flags, ...GLOBAL_FLAGS }).map(([name, flag]) =>
    flagLine(name, flag),
  )
  return `${facts.summary}.\n\n  ${facts.usage}\n\nOptions\n${flags.join('\n')}\n\nExample\n  ${facts.example}\n`
}

/** What was wrong with a command line, what may have been meant, and where help is. */
export function misusedText(misused: Misused, argv: readonly string[]): string {
  const near = argv
    .map((word) => nearest(word.split('=')[0] ?? '', misused.near))
    .find((name) => name !== null)
  const hint = near ? ` Did you mean "${near}"?` : ''
  return `usage/wrong: ${misused.wrong}${hint}\nRun "pixelkiln help" for everything it can do.\n`
}

/** For what should not have happened; the stack only when asked for. */
export function internalErrorText(
  error: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const key = environment['APIFRAME_API_KEY'] ?? ''
  const told = error instanceof Error ? (environment['DEBUG'] ? error.stack : error.message) : String(error)
  const text = key.length > 4 ? (told ?? '').replaceAll(key, '[key]') : (told ?? '')
  return `Internal error: ${text}\nThis is a bug in pixelkiln, not in your project. What was paid for is written down in .pixelkiln. Set DEBUG=1 for details and please report it.\n`
}

function overview(): string {
  const widest = Math.max(...Object.keys(ALL_COMMANDS).map((name) => name.length))
  const commands = Object.entries(ALL_COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(widest)}  ${summary}`,
  )
  const examples = ['init', 'plan', 'build'].flatMap((name) => ALL_COMMANDS[name]?.example ?? [])
  return `pixelkiln ${VERSION}: pictures from prompts, bought once, shipped optimized.

  pixelkiln [command] [options]

Commands
${commands.join('\n')}

Examples
${examples.map((example) => `  ${example}`).join('\n')}

"pixelkiln help COMMAND" says more. Set APIFRAME_API_KEY to buy; --draft and --emulator cost nothing.
`
}

function flagLine(name: string, flag: FlagFacts): string {
  const left = `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`
  return `  ${left.padEnd(26)} ${flag.help}`
}
