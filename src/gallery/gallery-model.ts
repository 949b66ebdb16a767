import type { Focus, Format, Original } from '../core/image.ts'

/** Everything that the gallery shows, as one JSON value: the page draws this and nothing else. */
export interface GalleryModel {
  /** The name of the project's folder. */
  readonly title: string
  /** The manifest and the asset folder, as people should see them. */
  readonly manifest: string
  readonly out: string
  /** Who makes pictures in this look at the project. */
  readonly mode: 'real' | 'sketch' | 'emulator'
  /** In the order of the manifest's ids. */
  readonly images: readonly GalleryImage[]
  /** What a build would buy, in the order in which it would. */
  readonly purchases: readonly GalleryPurchase[]
  /** Credits of all purchases together; null when a price is unknown. */
  readonly credits: number | null
  /** Credits spent since midnight UTC, and what the config allows a day. */
  readonly today: number
  readonly dayBudget: number | null
  /** What belongs to no image. */
  readonly problems: readonly Told[]
  readonly notes: readonly Told[]
}

/** Where one image stands. `out-of-step`: its picture was made from other words. `unmade`: files are to be made, for nothing. */
export type GalleryState =
  'fresh' | 'pinned' | 'draft' | 'unmade' | 'out-of-step' | 'pending' | 'buying' | 'failed'

export interface GalleryImage {
  readonly id: string
  readonly state: GalleryState
  /** Why it is in that state, in words. */
  readonly reason: string
  /** A percentage while it is bought, where the service tells one. */
  readonly percent: number | null
  readonly pinned: boolean
  /** The image that it is another crop of. */
  readonly from: string | null
  /** The canonical text that the service gets. */
  readonly prompt: string
  readonly style: string | null
  readonly model: string
  /** The ratio asked for, `3:2`; null for models that take none. */
  readonly asked: string | null
  readonly aspect: { readonly width: number; readonly height: number }
  readonly fit: 'cover' | 'contain' | 'refuse'
  /** As written, and the point that came of it, 0..1 in the original; null while there is no picture. */
  readonly focus: Focus
  readonly point: readonly [x: number, y: number] | null
  /** The share of the original that is left after cropping, 0..1; null while there is no picture. */
  readonly kept: number | null
  readonly alt: string | null
  readonly decorative: boolean
  /** Who drew a stand-in; null for the real picture. */
  readonly standIn: 'sketch' | 'emulator' | null
  /** What is shown while a file loads: a colour, `#8a7f6d`, and 16 pixels of WebP in base64. Null where it would shine through, or is not known. */
  readonly placeholder: { readonly colour: string; readonly image: string } | null
  /** Best format first, widths ascending. */
  readonly outputs: readonly GalleryOutput[]
  /** Of all outputs together. */
  readonly bytes: number
  /** Credits its pictures cost so far; null when nobody knows. */
  readonly spent: number | null
  /** Credits that buying it would cost; null when nothing is to be bought or the price is unknown. */
  readonly price: number | null
  /** Credits that new pictures for the same words would cost; null when the price is unknown. */
  readonly anew: number | null
  /** Pictures bought for its words, first take first. */
  readonly candidates: readonly GalleryOriginal[]
  /** Earlier originals, newest first, none of them a candidate. */
  readonly history: readonly GalleryOriginal[]
  /** The original that its files are made of. */
  readonly original: GalleryOriginal | null
  readonly problems: readonly Told[]
  readonly notes: readonly Told[]
}

export interface GalleryOutput {
  readonly format: Format
  readonly width: number
  readonly height: number
  readonly bytes: number
  /** Null when the file is not there. */
  readonly address: string | null
}

/** A bought picture as it came. */
export interface GalleryOriginal extends Pick<Original, 'sha256' | 'format' | 'width' | 'height' | 'bytes'> {
  /** Its number among the candidates; null in the history. */
  readonly take: number | null
  /** True for the one that the image's files are made of. */
  readonly current: boolean
  /** A small picture of it, and all of it; null when the store does not have the bytes. */
  readonly preview: string | null
  readonly address: string | null
}

export interface GalleryPurchase {
  /** Names it: other words or another count are another purchase. */
  readonly key: string
  readonly images: readonly string[]
  readonly count: number
  readonly credits: number | null
  readonly reason: string
}

/** A problem or a note. */
export interface Told {
  readonly code: string
  readonly message: string
}
