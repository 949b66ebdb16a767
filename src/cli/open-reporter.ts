import type { Terminal } from '../cli.ts'
import { systemClock } from '../effects/clock.ts'
import { createDeferredReporter, idleText, isIdle } from '../reporters/deferred.ts'
import type { Reporter, Screen, Ticker } from '../reporters/reporter.ts'
import type { Flags } from './parse-arguments.ts'

const NAMES = ['text', 'json', 'github'] as const
const FILES = ['junit', 'sarif'] as const

/**
 * Opens the reporters that flags and terminal ask for: one that speaks (JSON lines, plain lines, or a live picture of
 * the run), and those that write a report at the end. Null when a name means nothing, which is told.
 */
export async function openReporter(
  flags: Flags,
  terminal: Terminal,
  command: string,
): Promise<Reporter | null> {
  const kinds = flags.texts('reporter')
  const wrong = kinds.find((kind) => !isKnown(kind))
  if (wrong !== undefined) {
    const known = `${NAMES.join(', ')}, junit:PATH or sarif:PATH`
    terminal.writeError(`usage/wrong: --reporter takes ${known}, not "${wrong}".\n`)
    return null
  }
  const speaker = await openSpeaker(flags, terminal, command)
  const reports = kinds.filter((kind) => kind === 'github' || kind.includes(':'))
  if (reports.length === 0) return speaker
  const { createReports } = await import('./open-reports.ts')
  return createReports(speaker, terminal, {
    reports,
    command,
    manifest: flags.text('manifest') ?? 'pixelkiln.yaml',
  })
}

function isKnown(kind: string): boolean {
  const at = kind.indexOf(':')
  if (at === -1) return NAMES.some((name) => name === kind)
  return FILES.some((name) => name === kind.slice(0, at)) && at + 1 < kind.length
}

async function openSpeaker(flags: Flags, terminal: Terminal, command: string): Promise<Reporter> {
  const kinds = flags.texts('reporter')
  if (flags.on('json') || kinds.includes('json')) {
    const { createJsonReporter } = await import('../reporters/json.ts')
    return createJsonReporter(terminal.write)
  }
  const screen = screenOf(flags, terminal)
  const told = { command, folder: folderOf(flags.text('manifest') ?? '') }
  const load = async (): Promise<Reporter> => {
    if (screen.isTerminal && !kinds.includes('text')) {
      const { createLiveReporter } = await import('../reporters/live.ts')
      return createLiveReporter(screen, ticker, told)
    }
    const { createTextReporter } = await import('../reporters/text.ts')
    return createTextReporter(screen, ticker, told)
  }
  return createDeferredReporter(load, async (end) => {
    if (isIdle(end)) return screen.write(`${idleText(end, told)}\n`)
    const { endText } = await import('../reporters/end-text.ts')
    return screen.write(endText(end, told, screen))
  })
}

/** The machine's time. */
export const ticker: Ticker = {
  now: systemClock.now,
  every: (delayMs, listener) => {
    const timer = setInterval(listener, delayMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}

function folderOf(manifest: string): string {
  const path = manifest.replaceAll('\\', '/')
  return /\.ya?ml$/i.test(path) ? path.slice(0, Math.max(0, path.lastIndexOf('/'))) : path
}

/** Where words go, as flags and environment want it. */
export function screenOf(flags: Flags, terminal: Terminal): Screen {
  const { environment, isTerminal } = terminal
  const wanted = flags.on('color') || (environment['FORCE_COLOR'] ?? '') !== ''
  const unwanted =
    flags.off('color') || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const locale = environment['LC_ALL'] ?? environment['LC_CTYPE'] ?? environment['LANG'] ?? 'UTF-8'
  return {
    write: terminal.write,
    columns: terminal.columns,
    isTerminal: isTerminal && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === '',
    colour: wanted || (isTerminal && !unwanted),
    unicode: /utf-?8/i.test(locale),
    onResize: terminal.onResize,
  }
}
