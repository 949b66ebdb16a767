import type { ReadOptions } from '../build/options.ts'
import type { Watcher } from '../watch/options.ts'
import type { EditAction, EditDone } from './answer.ts'
import { openLiveProject } from './live-project.ts'
import type { LiveEvent } from './progress.ts'
import { serveGallery } from './serve.ts'

/** The live gallery beside a watch. */
export interface Gallery {
  /** The address with its token: who has it may look, edit and buy. */
  readonly url: string
  /** To be called with everything that the watch tells. */
  readonly onEvent: (event: LiveEvent) => void
  readonly close: () => Promise<void>
}

/**
 * Serves the gallery of a project that is being watched: edits go into the manifest, orders to the watch. Rejects with
 * the system's error when the port is taken.
 */
export async function openGallery(
  options: ReadOptions & {
    readonly port?: number
    readonly watcher: Pick<Watcher, 'pending' | 'buy'>
    /** Writes what a person chose into the manifest. */
    readonly edit: (action: EditAction) => Promise<EditDone>
  },
): Promise<Gallery> {
  const { watcher, edit, port } = options
  let ordered = false
  const project = await openLiveProject(options, {
    edit,
    pending: watcher.pending,
    isBuying: () => ordered,
    buy: (images, credits) => {
      ordered = true
      watcher.buy(images, credits === null ? {} : { budget: credits })
    },
  })
  const server = await serveGallery(project, port === undefined ? {} : { port })
  return {
    url: server.url,
    close: server.close,
    onEvent: (event) => {
      // The look after a run ends an order, whatever came of it.
      if (event.type === 'pending' || event.type === 'broken' || event.type === 'closed') ordered = false
      project.onEvent(event)
    },
  }
}
