import type { Terminal } from '../cli.ts'
import { systemClock } from '../effects/clock.ts'
import type { Reporter, Screen } from '../reporters/reporter.ts'
import { createTextReporter } from '../reporters/text.ts'
import type { Flags } from './parse-arguments.ts'

/** Opens the reporter that the flags ask for: JSON lines, or words for people. */
export async function openReporter(flags: Flags, terminal: Terminal): Promise<Reporter> {
  if (flags.on('json') || flags.texts('reporter').includes('json')) {
    const { createJsonReporter } = await import('../reporters/json.ts')
    return createJsonReporter(terminal.write)
  }
  const clock = {
    now: systemClock.now,
    every: (delayMs: number, listener: () => void): (() => void) => {
      const timer = setInterval(listener, delayMs)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
  return createTextReporter(screenOf(flags, terminal), clock, { heading: flags.text('manifest') ?? '' })
}

function screenOf(flags: Flags, terminal: Terminal): Screen {
  const { environment, isTerminal } = terminal
  const wanted = flags.on('color') || (environment['FORCE_COLOR'] ?? '') !== ''
  const unwanted =
    flags.off('color') || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const locale = environment['LC_ALL'] ?? environment['LC_CTYPE'] ?? environment['LANG'] ?? 'UTF-8'
  return {
    write: terminal.write,
    columns: terminal.columns,
    isTerminal: isTerminal && environment['TERM'] !== 'dumb',
    colour: wanted || (isTerminal && !unwanted),
    unicode: /utf-?8/i.test(locale),
    onResize: terminal.onResize,
  }
}
