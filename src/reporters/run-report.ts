import type { BuildEvent } from '../core/events.ts'
import type { Finished } from './reporter.ts'

/** What a run did for one image. */
export interface ImageReport {
  readonly id: string
  readonly files: number
  readonly bytes: number
  /** True when its files are a stand-in. */
  readonly draft: boolean
  /** Its smallest file, as a page would show it first; null when no file was made. */
  readonly smallest: { readonly path: string; readonly bytes: number } | null
  /** Credits of its purchases; null when none was made or the price is not known. */
  readonly credits: number | null
  /** Pictures bought for it. */
  readonly bought: number
}

/** A run in figures, for reports that are written at its end. */
export interface RunReport {
  /** In the order in which something happened to them. */
  readonly images: readonly ImageReport[]
  /** Null until the run has ended. */
  readonly end: Finished | null
}

/** Collects a run's events into its report. */
export function createRunReport(): {
  readonly onEvent: (event: BuildEvent) => void
  readonly report: () => RunReport
} {
  const images = new Map<string, ImageReport>()
  let end: Finished | null = null
  const change = (id: string, more: (known: ImageReport) => Partial<ImageReport>): void => {
    const known = images.get(id) ?? { ...NOTHING, id }
    images.set(id, { ...known, ...more(known) })
  }
  return {
    onEvent: (event) => {
      if (event.type === 'finished') end = event
      if (event.type === 'encoded') {
        const { outputs: files, bytes, draft, smallest } = event
        change(event.image, () => ({ files, bytes, draft, smallest }))
      }
      if (event.type === 'bought') {
        // Images that share a purchase share its picture: the first one carries the cost.
        const [first, ...others] = event.images
        if (first === undefined) return
        change(first, ({ credits, bought }) => ({
          credits: event.credits === null ? credits : (credits ?? 0) + event.credits,
          bought: bought + event.pictures,
        }))
        for (const id of others) change(id, () => ({}))
      }
    },
    report: () => ({ images: [...images.values()], end }),
  }
}

const NOTHING: Omit<ImageReport, 'id'> = {
  files: 0,
  bytes: 0,
  draft: false,
  smallest: null,
  credits: null,
  bought: 0,
}
