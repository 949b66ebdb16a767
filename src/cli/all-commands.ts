import { COMMANDS } from './command-table.ts'
import type { CommandFacts } from './command-table.ts'
import { EDIT_COMMANDS } from './edit-command-table.ts'

/** Every command, in the order of the help. */
export const ALL_COMMANDS: Readonly<Record<string, CommandFacts>> = Object.fromEntries(
  Object.entries(COMMANDS).flatMap(([name, facts]) =>
    name === 'why' ? [...Object.entries(EDIT_COMMANDS), [name, facts]] : [[name, facts]],
  ),
)
