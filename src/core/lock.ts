import type { Format, LapsedPick, ImageWords, Original, RequestParts } from './image.ts'

/** The version of the lock format this tool writes. */
export const LOCK_VERSION = 1
export const LOCK_NAME = 'pixelkiln.lock.json'
/** What stands before the first image of a printed lock and behind the last one. */
export const LOCK_IMAGES = ' "images": {\n\n'
export const LOCK_FOOT = '\n\n }\n}\n'
/** What git should know of it. */
export const LOCK_ATTRIBUTES: string = `${LOCK_NAME} text eol=lf merge=pixelkiln`

/** The lockfile as data. */
export interface Lock {
  /** Path of the manifest it belongs to, relative to the lock's folder, forward slashes. */
  readonly manifest: string
  /** Public prefix of the asset folder as the manifest gives it, so that markup needs the lock alone; null for none. */
  readonly url: string | null
  readonly images: ReadonlyMap<string, LockImage>
}

/** What is remembered of one image. */
export interface LockImage extends ImageWords {
  /** The real picture: bought, adopted or pinned. */
  readonly bought: LockRecord | null
  /** A stand-in; it never counts as the picture. */
  readonly draft: LockDraft | null
  /** The RequestKey that the service refused. */
  readonly refused: string | null
  /** Pictures bought for it on another branch with other words: a merge keeps them, so that no words are paid for twice. */
  readonly others: readonly LockRecord[]
}

/** An original and the files made of it. */
export interface LockRecord {
  readonly request: string
  readonly declared: string
  readonly parts: RequestParts
  /** `provider/model`. */
  readonly model: string
  readonly original: Original
  /** Takes of these words known when it was written. */
  readonly candidates: number
  readonly pick: number
  /** The manifest's pick, while it does not count for these words. */
  readonly lapsed?: LapsedPick
  readonly aspect: string
  /** Per format: recipe digest, a dot, the encoder epoch. */
  readonly recipes: Readonly<Partial<Record<Format, string>>>
  /** The filename template. */
  readonly filename: string
  readonly outputs: readonly LockOutput[]
  /** Files that were made and not kept: they were not smaller than the fallback of their width. */
  readonly dropped: readonly DroppedOutput[]
  /** Files that could not be brought below their limit: they are not tried again until original or recipe change. */
  readonly tooLarge: readonly OversizeOutput[]
  /** The focus point found or given, 0..1 in the original. */
  readonly focus: readonly [number, number] | null
  /** Null where the manifest wants none, or where an older lock did not have it and no file had to be made since. */
  readonly placeholder: Placeholder | null
}

/** What stands in for a picture while it loads: made of the cropped picture, the same for all its files. */
export interface Placeholder {
  /** ThumbHash, base64. */
  readonly thumbhash: string
  /** The colour that fills most of it, `#rrggbb`. */
  readonly colour: string
  /** A WebP 16 pixels wide, base64, for a data URI. */
  readonly image: string
}

export interface LockDraft extends LockRecord {
  readonly by: 'sketch' | 'emulator'
}

/** One output file. */
export interface LockOutput {
  readonly format: Format
  readonly width: number
  readonly height: number
  /** First 32 hex digits of the file's sha256. */
  readonly sha256: string
  readonly bytes: number
  /** Relative to the asset folder. Derived from id and template when the lock is read. */
  readonly path: string
  /** First 8 digits of the OutputKey; kept only where the template needs it. */
  readonly hash: string | null
  /** The quality that a limit of bytes led to; null where it is the recipe's. */
  readonly quality: number | null
}

/** A file that is left out on purpose. */
export type DroppedOutput = Pick<LockOutput, 'format' | 'width'>

/** A file that was not written because of its limit, with the smallest size that was reached. */
export interface OversizeOutput extends DroppedOutput {
  readonly bytes: number
  /** Null for a format without one. */
  readonly quality: number | null
}

/** Every file a record owns. */
export function ownedPaths(image: LockImage): readonly LockOutput[] {
  if (image.others.length === 0 && image.draft === null) return image.bought?.outputs ?? []
  // What counts comes last: a map by path is left with it.
  const records = [...image.others, image.draft, image.bought]
  return records.flatMap((record) => record?.outputs ?? [])
}

/** An empty lock for a manifest. */
export function emptyLock(manifest: string): Lock {
  return { manifest, url: null, images: new Map() }
}

/** Of an image as resolved or as locked, only what markup says of it. */
export function wordsOf({ alt, decorative, variants }: ImageWords): ImageWords {
  return { alt, decorative, variants }
}
