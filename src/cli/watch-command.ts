import type { Terminal } from '../cli.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Wish } from '../reporters/watch/pressed.ts'
import type { WatchReporter } from '../reporters/watch/watch-reporter.ts'
import { watch } from '../watch.ts'
import type { WatchOptions, Watcher } from '../watch/options.ts'
import { isFree } from '../watch/session-order.ts'
import { isInCi, numberFlag } from './build-command.ts'
import { emulatedService } from './emulated-service.ts'
import { screenOf, ticker } from './open-reporter.ts'
import { internalErrorText } from './help-text.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { createWatchGallery } from './watch-gallery.ts'
import type { WatchGallery } from './watch-gallery.ts'

/** `pixelkiln watch`: until `q` (exit code 0) or Ctrl-C (130). A second Ctrl-C stops at once; the journal knows what is paid for. */
export async function watchCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const budget = numberFlag(flags, 'budget', { whole: false, least: 0 })
  const concurrency = numberFlag(flags, 'concurrency', { whole: true, least: 1 })
  for (const value of [budget, concurrency]) {
    if (typeof value === 'string') {
      terminal.writeError(`usage/wrong: ${value}\n`)
      return 2
    }
  }
  const emulator = flags.on('emulator') ? emulatedService(flags, terminal) : null
  const options: WatchOptions = {
    ...settings(flags, terminal),
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof concurrency === 'number' ? { concurrency } : {}),
    ...(emulator ? { service: emulator.service } : {}),
  }
  try {
    return await session(options, flags, terminal)
  } finally {
    await emulator?.close()
  }
}

async function session(options: WatchOptions, flags: Flags, terminal: Terminal): Promise<number> {
  const keys = terminal.interactive && !flags.on('json') && !flags.texts('reporter').includes('text')
  const reporter = await openWatchReporter(options, flags, { terminal, keys })
  const gallery = createWatchGallery(options)
  const watcher = watch({
    ...options,
    onEvent: (event) => {
      reporter.onEvent(event)
      gallery.onEvent(event)
    },
  })
  let exitCode = 0
  const interrupt = (): void => {
    if (exitCode === 130) {
      restore()
      process.exit(130)
    }
    exitCode = 130
    reporter.closing()
    void watcher.close()
  }
  const unhook = terminal.onInterrupt(interrupt)
  let unkey: (() => void) | null = null
  const onKey = (key: string): void => {
    if (key === CTRL_C) return interrupt()
    const wish = reporter.press(key)
    if (!wish) return
    grant(wish, { watcher, reporter, gallery, options }).catch((error: unknown) =>
      reporter.say(internalErrorText(error, terminal.environment).trimEnd()),
    )
  }
  const restore = (): void => {
    unkey?.()
    unhook()
    reporter.close()
  }
  try {
    if (keys) unkey = await terminal.onKey(onKey)
    if (flags.on('ui')) reporter.gallery(await gallery.url(watcher))
    await watcher.done
    return exitCode
  } finally {
    restore()
    await gallery.close()
    await watcher.close()
  }
}

const CTRL_C = '\u0003'

interface Session {
  readonly watcher: Watcher
  readonly reporter: WatchReporter
  readonly gallery: WatchGallery
  readonly options: WatchOptions
}

async function grant(wish: Wish, session: Session): Promise<void> {
  const { watcher, reporter, gallery } = session
  switch (wish.do) {
    case 'buy':
      return watcher.buy(wish.images)
    case 'quit':
      return watcher.close()
    case 'reroll':
      return rerollAndTell(wish.images, session)
    case 'gallery':
      return reporter.gallery(await gallery.show(watcher))
  }
}

/** Raises it in the manifest, where it shows in review; the watch sees the save like any other. */
async function rerollAndTell(
  ids: readonly string[],
  { reporter, options }: Pick<Session, 'reporter' | 'options'>,
): Promise<void> {
  const { reroll } = await import('../edit.ts')
  const { cwd, manifest, emulator } = options
  const project = { ...(cwd === undefined ? {} : { cwd }), ...(manifest === undefined ? {} : { manifest }) }
  const edited = await reroll({ ...project, emulator: emulator ?? false, ids })
  for (const problem of edited.problems) reporter.say(problemText(problem).trimEnd())
  for (const { sentence } of edited.changes) reporter.say(sentence)
  for (const { message } of edited.notes) reporter.say(message)
}

function settings(flags: Flags, terminal: Terminal): WatchOptions {
  const manifest = flags.text('manifest')
  const emulator = flags.on('emulator')
  const buys = isInCi(terminal) && !emulator ? 'with-budget' : true
  return {
    cwd: terminal.cwd,
    environment: terminal.environment,
    ...(manifest === undefined ? {} : { manifest }),
    emulator,
    buy: flags.on('buy') ? buys : false,
    allowUnknownPrices: flags.on('allow-unknown-prices'),
  }
}

async function openWatchReporter(
  options: WatchOptions,
  flags: Flags,
  where: { readonly terminal: Terminal; readonly keys: boolean },
): Promise<WatchReporter> {
  const { terminal, keys } = where
  const buys = options.buy !== false
  if (flags.on('json') || flags.texts('reporter').includes('json')) {
    const { createJsonWatch } = await import('../reporters/watch/json-watch.ts')
    return createJsonWatch(terminal.write)
  }
  const screen = screenOf(flags, terminal)
  if (keys && screen.isTerminal) {
    const { createLiveWatch } = await import('../reporters/watch/live-watch.ts')
    return createLiveWatch(screen, ticker, { buys, free: () => isFree(options) })
  }
  const { createTextWatch } = await import('../reporters/watch/text-watch.ts')
  return createTextWatch(terminal.write, { buys })
}
