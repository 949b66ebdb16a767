import { build } from '../build.ts'
import type { BuildOptions, Question } from '../build/options.ts'
import type { Terminal } from '../cli.ts'
import { openReporter } from './open-reporter.ts'
import type { Call, Flags } from './parse-arguments.ts'

/** `pixelkiln build`: the run, told by a reporter, with the person's consent where one can be asked. */
export function buildCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const inCi = isInCi(terminal)
  const real = !flags.on('draft') && !flags.on('emulator')
  return runAndTell({ command: 'build', flags }, terminal, (given) =>
    build({
      ...given,
      only: flags.texts('only'),
      draft: flags.on('draft'),
      prune: flags.on('prune'),
      buy: true,
      frozen: flags.on('frozen') || (inCi && real ? 'unless-budget' : false),
    }),
  )
}

/** Whether a machine runs this that nobody looks at. */
export function isInCi({ environment }: Pick<Terminal, 'environment'>): boolean {
  return !['', '0', 'false'].includes(environment['CI'] ?? '')
}

/** What every run that may buy takes from its flags. */
export type Given = Omit<BuildOptions, 'buy' | 'only' | 'draft' | 'frozen' | 'prune'>

/** Does one run, told by a reporter, stopped by Ctrl-C; resolves with its exit code. */
export async function runAndTell(
  { command, flags }: Pick<Call, 'command' | 'flags'>,
  terminal: Terminal,
  run: (given: Given) => Promise<unknown>,
): Promise<number> {
  const budget = numberFlag(flags, 'budget', { whole: false, least: 0 })
  const concurrency = numberFlag(flags, 'concurrency', { whole: true, least: 1 })
  for (const value of [budget, concurrency]) {
    if (typeof value === 'string') {
      terminal.writeError(`usage/wrong: ${value}\n`)
      return 2
    }
  }
  const reporter = await openReporter(flags, terminal, command)
  if (!reporter) return 2
  const stop = new AbortController()
  const unhook = terminal.onInterrupt(() => {
    if (stop.signal.aborted) {
      reporter.close()
      // The second one means now: the journal holds everything that was paid for.
      process.exit(130)
    }
    stop.abort()
  })
  const emulator = flags.on('emulator')
    ? (await import('./emulated-service.ts')).emulatedService(flags, terminal)
    : null
  try {
    await run({
      ...settings(flags, terminal),
      ...(typeof budget === 'number' ? { budget } : {}),
      ...(typeof concurrency === 'number' ? { concurrency } : {}),
      ...(emulator ? { service: emulator.service } : {}),
      ...(mayAsk(flags, terminal) ? { agree: (question) => agree(question, terminal, stop.signal) } : {}),
      signal: stop.signal,
      onEvent: reporter.onEvent,
    })
    return 0
  } catch (error) {
    const { BuildError } = await import('../core/build-error.ts')
    if (error instanceof BuildError) return error.exitCode
    throw error
  } finally {
    await emulator?.close()
    await reporter.done()
    reporter.close()
    // A second Ctrl-C may still come while the process ends.
    if (!stop.signal.aborted) unhook()
  }
}

function settings(flags: Flags, terminal: Terminal): Given {
  const manifest = flags.text('manifest')
  return {
    cwd: terminal.cwd,
    environment: terminal.environment,
    ...(manifest === undefined ? {} : { manifest }),
    emulator: flags.on('emulator'),
    partial: flags.on('partial'),
    allowUnknownPrices: flags.on('allow-unknown-prices'),
    wait: !flags.on('no-wait'),
  }
}

function mayAsk(flags: Flags, terminal: Terminal): boolean {
  return terminal.interactive && !flags.on('yes') && !flags.on('json') && flags.text('budget') === undefined
}

async function agree(question: Question, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const pictures = `${question.pictures} ${question.pictures === 1 ? 'picture' : 'pictures'}`
  const price = question.credits === null ? 'at a price that is not known' : `for ${question.credits} credits`
  const answer = await terminal.ask(`Buy ${pictures} ${price}? [y/N] `, signal)
  return /^y(es)?$/i.test(answer.trim())
}

/** A number flag: its value, undefined when not given, or what is wrong with it. */
export function numberFlag(
  flags: Flags,
  name: string,
  rule: { readonly whole: boolean; readonly least: number },
): number | string | undefined {
  const text = flags.text(name)
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const fits = Number.isFinite(value) && value >= rule.least && (!rule.whole || Number.isInteger(value))
  if (fits) return value
  return `--${name} takes a ${rule.whole ? 'whole number' : 'number'} of ${rule.least} or more, not "${text}".`
}
