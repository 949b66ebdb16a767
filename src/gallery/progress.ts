import type { BuildEvent } from '../core/events.ts'
import type { Problem } from '../core/problems.ts'
import type { GalleryNews } from './gallery-action.ts'

/** What the gallery hears: what builds tell, and what the watch around them adds. */
export type LiveEvent =
  | BuildEvent
  /** Manifest, config, lock or journal cannot be used; what was made last stays as it is. */
  | { readonly type: 'broken'; readonly problems: readonly Problem[] }
  /** A pass is over: the model may be another one. */
  | { readonly type: 'pending' | 'rebuilt' | 'watching' | 'changed' | 'closed' }
  /** Words of these were edited after somebody agreed to buy them, or no budget is left for them. */
  | { readonly type: 'withdrawn' | 'held-back'; readonly images: readonly string[] }

/** What is being bought, and what stopped images in the last run, followed event by event. */
export interface Progress {
  /** Percentages by image; null where none is known. */
  readonly buying: ReadonlyMap<string, number | null>
  readonly stopped: ReadonlyMap<string, Problem>
  /** Takes one event; answers with what moved, for the pages. */
  readonly take: (event: LiveEvent) => GalleryNews['progress'] | null
}

/** Begins with nothing under way. */
export function createProgress(): Progress {
  const buying = new Map<string, number | null>()
  const stopped = new Map<string, Problem>()
  const images = new Map<string, readonly string[]>()
  const move = (purchase: string, percent: number | null): GalleryNews['progress'] | null => {
    const ids = images.get(purchase) ?? []
    for (const id of ids) buying.set(id, percent)
    return ids.length === 0 ? null : { images: ids, percent }
  }
  const end = (event: BuildEvent & { type: 'bought' | 'not-bought' }): void => {
    images.delete(event.purchase)
    // Another candidate of the same image may still be on its way.
    const left = new Set([...images.values()].flat())
    for (const id of event.images) if (!left.has(id)) buying.delete(id)
  }
  const take = (event: LiveEvent): GalleryNews['progress'] | null => {
    switch (event.type) {
      case 'planned':
        stopped.clear()
        return null
      case 'buying':
        images.set(event.purchase, event.images)
        return move(event.purchase, null)
      case 'progress':
        return move(event.purchase, event.percent)
      case 'bought':
      case 'not-bought':
        end(event)
        return null
      case 'problem':
        if (event.problem.image !== undefined) stopped.set(event.problem.image, event.problem)
        return null
      case 'finished':
        buying.clear()
        images.clear()
        return null
      default:
        return null
    }
  }
  return { buying, stopped, take }
}
