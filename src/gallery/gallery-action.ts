import type { Told } from './gallery-model.ts'

/** What a person can ask the live gallery to do; the body of its one POST. */
export type GalleryAction =
  | { readonly action: 'pick'; readonly image: string; readonly take: number }
  | { readonly action: 'pin'; readonly image: string; readonly sha256: string }
  | { readonly action: 'unpin' | 'reroll' | 'accept'; readonly image: string }
  | { readonly action: 'restore'; readonly image: string; readonly sha256: string }
  | { readonly action: 'focus'; readonly image: string; readonly point: readonly [x: number, y: number] }
  /** The purchases, pictures and credits that the person saw and agreed to; null is "at a price that is not known". */
  | {
      readonly action: 'buy'
      readonly purchases: readonly string[]
      readonly pictures: number
      readonly credits: number | null
    }

/** The answer to an action: what was done in words, or why it was not. */
export type GalleryAnswer =
  { readonly ok: true; readonly said: string } | { readonly ok: false; readonly problems: readonly Told[] }

/** What the live gallery tells its pages, by the name of the event. */
export interface GalleryNews {
  /** There is a newer model to fetch. */
  readonly model: { readonly version: number }
  /** A purchase for these images is so far, in per cent where the service tells it. */
  readonly progress: { readonly images: readonly string[]; readonly percent: number | null }
  /** Something to read out, such as what a run came to. */
  readonly said: { readonly text: string }
  /** The manifest or another file cannot be read; the last good model stays. Empty when it can again. */
  readonly trouble: { readonly problems: readonly Told[] }
}
