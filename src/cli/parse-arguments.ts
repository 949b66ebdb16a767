import { parseArgs } from 'node:util'
import { GLOBAL_FLAGS } from './command-table.ts'
import type { CommandFacts, FlagFacts } from './command-table.ts'

/** A command line as understood. */
export interface Call {
  readonly command: string
  readonly words: readonly string[]
  readonly flags: Flags
}

/** Values by flag name; a flag that was not given is absent. */
export interface Flags {
  readonly on: (name: string) => boolean
  /** True when it was turned off by name, `--no-color`. */
  readonly off: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  readonly texts: (name: string) => readonly string[]
}

/** A command line that is not understood: what is wrong, and what may have been meant. */
export interface Misused {
  readonly wrong: string
  readonly near: readonly string[]
}

/** Reads argv (without node and script). Values of flags also come from `PIXELKILN_<FLAG>`, where the flag was not given. */
export function parseArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  commands: Readonly<Record<string, CommandFacts>>,
): Call | Misused {
  const first = argv.find((word) => !word.startsWith('-'))
  const named = first !== undefined && argv[0] === first
  const command = named ? first : 'build'
  const facts = commands[command]
  if (!facts) return { wrong: `There is no command "${command}".`, near: Object.keys(commands) }
  const flags: Record<string, FlagFacts> = { ...facts.flags, ...GLOBAL_FLAGS }
  const { tokens, positionals, values } = parseArgs({
    args: argv.slice(named ? 1 : 0),
    options: Object.fromEntries(
      Object.entries(flags).map(([name, { type, multiple }]) => [
        name,
        { type, multiple: multiple ?? false },
      ]),
    ),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const flag = flags[token.name] ?? flags[token.rawName.replace(/^--/, '')]
    if (!flag)
      return {
        wrong: `"${command}" has no option ${token.rawName}.`,
        near: Object.keys(flags).map((name) => `--${name}`),
      }
    if (flag.type === 'string' && token.value === undefined)
      return { wrong: `${token.rawName} needs a value.`, near: [] }
    if (flag.type === 'boolean' && token.value !== undefined)
      return { wrong: `${token.rawName} takes no value.`, near: [] }
  }
  const [least, most] = facts.words
  const help = values['help'] === true
  if (!help && (positionals.length < least || positionals.length > most)) {
    return { wrong: `Usage: ${facts.usage}`, near: [] }
  }
  return { command, words: positionals, flags: flagsOf(values, flags, environment) }
}

type Values = Readonly<Record<string, unknown>>

function flagsOf(
  values: Values,
  facts: Readonly<Record<string, FlagFacts>>,
  environment: Readonly<Record<string, string | undefined>>,
): Flags {
  const valueOf = (name: string): unknown => {
    if (values[name] !== undefined) return values[name]
    if (!(name in facts)) return undefined
    return environment[`PIXELKILN_${name.toUpperCase().replaceAll('-', '_')}`]
  }
  const texts = (name: string): readonly string[] => {
    const value = valueOf(name)
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    return list.filter((text) => typeof text === 'string')
  }
  return {
    on: (name) => {
      const value = valueOf(name)
      // `--no-wait` is read as `wait` turned off, also where the flag itself has that name.
      if (name.startsWith('no-') && values[name.slice('no-'.length)] === false) return true
      return value === true || (typeof value === 'string' && !['', '0', 'false'].includes(value))
    },
    off: (name) => values[name] === false,
    text: (name) => texts(name).at(-1),
    texts,
  }
}
