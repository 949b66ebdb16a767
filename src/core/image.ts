import type { Aspect } from './aspect.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What is asked of a provider: the whole of what a purchase depends on, nothing else. */
export interface ImageRequest {
  readonly provider: string
  /** The model's id at its provider, without the provider's name. */
  readonly model: string
  /** Canonical text: `before`, prompt and `after` joined by one blank, NFC, white space collapsed. */
  readonly prompt: string
  /** The ratio asked for, `3:2`; null for models that take none. */
  readonly aspect: string | null
  /** The model's own params, model style included; never count or ratio. */
  readonly params: Readonly<Record<string, Json>>
  /** sha256 of each reference picture. */
  readonly references: readonly string[]
  readonly reroll: number
}

export type Format = 'avif' | 'webp' | 'jpeg' | 'png'
export const FORMATS: readonly Format[] = ['avif', 'webp', 'jpeg', 'png']

export type Focus = 'attention' | 'entropy' | 'center' | readonly [x: number, y: number]
export type Fit = 'cover' | 'contain' | 'refuse'

/** How outputs are made from an original, fully resolved: every option has its value here. */
export interface Recipe {
  readonly aspect: Aspect
  readonly fit: Fit
  readonly focus: Focus
  readonly content: 'photo' | 'illustration' | 'text'
  /** In the order the manifest gives. */
  readonly formats: readonly Format[]
  /** Pixels, ascending, without repeats. */
  readonly widths: readonly number[]
  /** Per format 1..100. */
  readonly quality: Readonly<Record<Format, number>>
  /** Per format; avif 0..9, webp 0..6, png 1..10, jpeg unused (0). */
  readonly effort: Readonly<Record<Format, number>>
  /** Limits of a file's size in bytes, metadata counted; a file obeys all that name it. */
  readonly maxBytes: MaxBytes
  /** `{id}-{width}.{format}` by default. */
  readonly filename: string
  /** Whether the lock has what stands in for the picture while it loads; it is no part of any file. */
  readonly placeholder: 'auto' | 'off'
  readonly provenance: Provenance
}

/** What the files say inside themselves of where they come from. */
export interface Provenance {
  readonly level: 'off' | 'iptc' | 'full'
  /** Whom to name; only with `full`. */
  readonly credit: string | null
  /** Whether the prompt is told; only with `full`. */
  readonly prompt: boolean
}

export interface MaxBytes {
  readonly all: number | null
  readonly formats: Readonly<Partial<Record<Format, number>>>
  /** By the width as the manifest gives it. */
  readonly widths: Readonly<Record<string, number>>
}

/** Short digests (6 hex digits) of what a request was declared from, so that a reason can say what changed. */
export interface RequestParts {
  readonly model: string
  readonly prompt: string
  readonly style: string
  readonly aspect: string
  readonly params: string
  readonly reroll: string
}

/** What markup says of an image beside its files. */
export interface ImageWords {
  readonly alt: string | null
  /** True for a picture that says nothing to a reader: `alt=""`. */
  readonly decorative: boolean
  /** Other images that take its place where a media query holds, in the order to try. */
  readonly variants: readonly Variant[]
}

/** One image in another's place: `(max-width: 40em)` shows `home/hero.tall`. */
export interface Variant {
  readonly media: string
  readonly id: string
}

/** A pick that was made on other words. */
export interface LapsedPick {
  readonly pick: number
  /** The RequestKey it was made on. */
  readonly request: string
}

/** One named picture, resolved: defaults, style, matrix and `from` are done. */
export interface Image extends ImageWords {
  readonly id: string
  /** Offset of its id in the manifest's text. */
  readonly offset: number
  /** Offset of its `aspect` where that was written, be it in the defaults or a style; null where it is nowhere. */
  readonly aspectOffset: number | null
  readonly request: ImageRequest
  readonly requestKey: string
  /** Digest of what was declared: provider, model, prompt and style as written, aspect as written, params, references, reroll. */
  readonly declared: string
  readonly parts: RequestParts
  /** The name of its style as written, a look's or the model's own; null for none. */
  readonly styleName?: string | null
  readonly candidates: number
  readonly pick: number
  /** The pick as written, where it does not count for the present words; `pick` is 1 then. */
  readonly lapsed?: LapsedPick
  /** 12 or more hex digits of an original's sha256. */
  readonly pin: string | null
  /** The image whose original this is another crop of; such an image never buys. */
  readonly from: string | null
  readonly recipe: Recipe
  readonly policy: { readonly refused: 'keep-previous' | 'placeholder' | 'fail' | 'skip' }
}

/** A manifest, resolved. */
export interface Manifest {
  /** The asset folder as written, relative to the project, forward slashes, no trailing slash. */
  readonly out: string
  /** Public prefix of `out`; null when not given. */
  readonly url: string | null
  /** Data file and module to be written for templates and code, relative to the project; null for none. */
  readonly emit: { readonly data: string | null; readonly module: string | null }
  /** By id, sorted by code unit. */
  readonly images: readonly Image[]
}

/** The shape that defines an original's facts. */
export interface Original {
  readonly sha256: string
  readonly format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif'
  readonly width: number
  readonly height: number
  readonly bytes: number
  /** True when any pixel is not opaque. */
  readonly alpha: boolean
  /** The C2PA manifest that its file carries; left out for none. */
  readonly c2pa?: C2pa
}

/** A record of origin that came inside a file. */
export interface C2pa {
  /** Of the manifest's own bytes. */
  readonly sha256: string
  /** Who says so, `claim_generator`; null where it cannot be read. */
  readonly generator: string | null
}
