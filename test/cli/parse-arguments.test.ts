import { expect, it } from 'vitest'
import { ALL_COMMANDS } from '../../src/cli/all-commands.ts'
import { parseArguments } from '../../src/cli/parse-arguments.ts'

it.each([
  ['build', 'no-wait'],
  ['check', 'no-files'],
])('%s --%s is on where it is given, and off where it is not', (command, flag) => {
  const on = (argv: readonly string[], environment = {}): boolean | null => {
    const call = parseArguments(argv, environment, ALL_COMMANDS)
    return 'flags' in call ? call.flags.on(flag) : null
  }
  expect(on([command, `--${flag}`])).toBe(true)
  expect(on([command])).toBe(false)
  expect(on([command], { [`PIXELKILN_${flag.toUpperCase().replace('-', '_')}`]: '1' })).toBe(true)
})
