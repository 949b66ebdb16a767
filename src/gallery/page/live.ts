import type { GalleryNews } from '../gallery-action.ts'
import type { GalleryModel } from '../gallery-model.ts'

/** What a live page does with the news. */
export interface OnNews {
  readonly model: (model: GalleryModel) => void
  readonly progress: (news: GalleryNews['progress']) => void
  readonly said: (news: GalleryNews['said']) => void
  readonly trouble: (news: GalleryNews['trouble']) => void
  readonly connected: (yes: boolean) => void
  /** Another server is there now, with another token: nothing more will come. */
  readonly refused: () => void
}

/**
 * Follows the server's events. The browser reconnects by itself; on each connection the server first says which model
 * is the newest, so that nothing that happened in between is missed.
 */
export function followNews(on: OnNews): void {
  const source = new EventSource('events')
  let fetching = false
  let wanted = -1
  let have = -1
  const fetchModel = async (): Promise<void> => {
    if (fetching) return
    fetching = true
    try {
      while (have < wanted) {
        const version = wanted
        const reply = await fetch('model')
        // The page and its server are one version of one program.
        on.model((await reply.json()) as GalleryModel)
        have = version
      }
    } catch {
      // The next event asks again.
    } finally {
      fetching = false
    }
  }
  source.addEventListener('open', () => on.connected(true))
  source.addEventListener('error', () => {
    on.connected(false)
    // Where nobody answers the browser tries again; a refusal it takes for the end.
    if (source.readyState === EventSource.CLOSED) on.refused()
    have = -1
  })
  source.addEventListener('model', (event) => {
    wanted = read(event, 'model').version
    void fetchModel()
  })
  source.addEventListener('progress', (event) => on.progress(read(event, 'progress')))
  source.addEventListener('said', (event) => on.said(read(event, 'said')))
  source.addEventListener('trouble', (event) => on.trouble(read(event, 'trouble')))
}

function read<Name extends keyof GalleryNews>(event: MessageEvent<string>, _name: Name): GalleryNews[Name] {
  // The page and its server are one version of one program.
  return JSON.parse(event.data) as GalleryNews[Name]
}
