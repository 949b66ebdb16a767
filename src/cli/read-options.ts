import type { ReadOptions } from '../build/options.ts'
import type { Terminal } from '../cli.ts'
import type { Flags } from './parse-arguments.ts'

/** What every command that reads a project takes from its flags. */
export function readOptions(flags: Flags, terminal: Terminal): ReadOptions {
  const manifest = flags.text('manifest')
  return {
    cwd: terminal.cwd,
    environment: terminal.environment,
    ...(manifest === undefined ? {} : { manifest }),
    only: flags.texts('only'),
    draft: flags.on('draft'),
    emulator: flags.on('emulator'),
  }
}
