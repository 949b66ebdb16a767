import type { GalleryImage, GalleryState } from '../gallery-model.ts'

/** States in the order in which people filter by them: what needs them first. */
export const STATES: readonly GalleryState[] = [
  'failed',
  'buying',
  'pending',
  'out-of-step',
  'draft',
  'unmade',
  'pinned',
  'fresh',
]

const STATE_WORDS: Readonly<Record<GalleryState, string>> = {
  failed: 'Failed',
  buying: 'Buying',
  pending: 'To buy',
  'out-of-step': 'Out of step',
  draft: 'Draft',
  unmade: 'To make',
  pinned: 'Pinned',
  fresh: 'Fresh',
}

/** A state as people read it, with the percentage of a purchase. */
export function stateWords(state: GalleryState, percent: number | null = null): string {
  return percent === null ? STATE_WORDS[state] : `${STATE_WORDS[state]} ${Math.round(percent)}\u00A0%`
}

/** `48 kB`, `1.4 MB`. */
export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** `5 credits`; an unknown price says so. */
export function creditsWords(credits: number | null): string {
  if (credits === null) return 'a price that is not known'
  return counted(Math.round(credits * 1000) / 1000, 'credit')
}

/** `1 picture`, `3 pictures`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `16:9`. */
export function aspectWords({ aspect }: Pick<GalleryImage, 'aspect'>): string {
  return `${aspect.width}:${aspect.height}`
}

/** A share as a whole percentage. */
export function percentWords(share: number): string {
  return `${Math.round(share * 100)}\u00A0%`
}

/** What a screen reader says of a picture: its alt text, or that it has none. */
export function altWords(image: Pick<GalleryImage, 'id' | 'alt' | 'decorative'>): string {
  if (image.decorative) return ''
  return image.alt ?? `${image.id}, which has no alt text yet`
}
