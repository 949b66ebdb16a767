import { locateProject } from '../build/project.ts'
import type { Terminal } from '../cli.ts'
import { openInBrowser } from '../effects/browser.ts'
import { errnoOf } from '../effects/files.ts'
import { editsOf } from '../gallery/edits.ts'
import { openGallery } from '../gallery/open-gallery.ts'
import type { Gallery } from '../gallery/open-gallery.ts'
import { problemText } from '../reporters/problem-text.ts'
import { watch } from '../watch.ts'
import type { WatchEvent } from '../watch/options.ts'
import { numberFlag } from './build-command.ts'
import { emulatedService } from './emulated-service.ts'
import type { Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln gallery --serve`: the live page over a watch that buys only what is ordered on it, until Ctrl-C. Exit 2 when the port is taken. */
export async function serveGalleryCommand(flags: Flags, terminal: Terminal): Promise<number> {
  const port = numberFlag(flags, 'port', { whole: true, least: 0 })
  if (typeof port === 'string') {
    terminal.writeError(`usage/wrong: ${port}\n`)
    return 2
  }
  const options = readOptions(flags, terminal)
  const emulator = flags.on('emulator') ? emulatedService(flags, terminal) : null
  const stop = new AbortController()
  const unhook = terminal.onInterrupt(() => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
  const early: WatchEvent[] = []
  let gallery: Gallery | null = null
  let opened: (() => void) | null = null
  const watcher = watch({
    ...options,
    ...(emulator ? { service: emulator.service } : {}),
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'broken')
        for (const problem of event.problems) terminal.writeError(problemText(problem))
      if (gallery) gallery.onEvent(event)
      else early.push(event)
    },
  })
  try {
    const edit = editsOf(options)
    gallery = await openGallery({ ...options, watcher, edit, ...(port === undefined ? {} : { port }) })
    for (const event of early) gallery.onEvent(event)
    terminal.write(`${gallery.url}\nWho has this address may look, edit and buy. Ctrl-C ends it.\n`)
    if (flags.on('open')) opened = await openInBrowser(gallery.url, locateProject(options).stateFolder)
    await watcher.done
    return 0
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE' && errnoOf(error) !== 'EACCES') throw error
    terminal.writeError(
      `usage/wrong: Port ${port ?? 0} is taken or not allowed. Choose another with --port.\n`,
    )
    return 2
  } finally {
    await watcher.close()
    await gallery?.close()
    opened?.()
    await emulator?.close()
    unhook()
  }
}
