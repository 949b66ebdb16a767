import { locateProject } from '../build/project.ts'
import { openInBrowser } from '../effects/browser.ts'
import type { Gallery } from '../gallery/open-gallery.ts'
import type { WatchEvent, WatchOptions, Watcher } from '../watch/options.ts'

/** The gallery of a watch: served from the first wish for it until the watch ends. */
export interface WatchGallery {
  /** To be called with everything that the watch tells. */
  readonly onEvent: (event: WatchEvent) => void
  /** Its address. */
  readonly url: (watcher: Watcher) => Promise<string>
  /** Opens it in the person's browser; resolves with its address. */
  readonly show: (watcher: Watcher) => Promise<string>
  readonly close: () => Promise<void>
}

/** Serves nothing yet. */
export function createWatchGallery(options: WatchOptions): WatchGallery {
  let told: WatchEvent[] = []
  let gallery: Gallery | null = null
  let opening: Promise<Gallery> | null = null
  let forget: (() => void) | null = null
  const open = async (watcher: Watcher): Promise<Gallery> => {
    const { openGallery } = await import('../gallery/open-gallery.ts')
    const { editsOf } = await import('../gallery/edits.ts')
    gallery = await openGallery({ ...options, watcher, edit: editsOf(options) })
    for (const event of told.splice(0)) gallery.onEvent(event)
    return gallery
  }
  const url = async (watcher: Watcher): Promise<string> => {
    opening ??= open(watcher)
    return (await opening).url
  }
  return {
    url,
    show: async (watcher) => {
      const address = await url(watcher)
      // Again when asked again: the tab may have been closed.
      forget = await openInBrowser(address, locateProject(options).stateFolder)
      return address
    },
    onEvent: (event) => {
      if (gallery) return gallery.onEvent(event)
      // A page that is opened in the middle of a run shows what is being bought.
      if (event.type === 'planned') told = []
      told.push(event)
    },
    close: async () => {
      await opening?.catch(() => undefined)
      await gallery?.close()
      forget?.()
    },
  }
}
