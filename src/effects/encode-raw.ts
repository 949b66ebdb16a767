import type { Format, Recipe } from '../core/image.ts'
import { withXmpChunk } from './png-chunk.ts'
import { fromRaw, type Raw } from './raw.ts'
import type { Weight } from './schedule.ts'

/** A finished file's bytes, with the size that the encoder itself reported. */
export interface EncodedOutput {
  readonly format: Format
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** The lowest quality that a limit of bytes may lead to, for each format: below it a picture is no use to a page. */
export const QUALITY_FLOOR: Readonly<Record<Format, number>> = { avif: 30, webp: 40, jpeg: 35, png: 100 }

/** By how much the logarithm of a file's size grows with a step of quality, as measured; where a search begins. */
export const SIZE_SLOPE: Readonly<Record<Format, number>> = { avif: 0.03, webp: 0.014, jpeg: 0.022, png: 1 }

/** The options of an encoder; every one that is in the recipe is in the `OutputKey` too. */
export type EncoderOptions = Pick<Recipe, 'content' | 'quality' | 'effort'> & {
  /** The packet of metadata to embed; null for none. */
  readonly xmp: string | null
}

/** Encodes pixels that already have their final size. Transparent ones never come here as JPEG (`formatsOf`); if they did, they would get a white ground. */
export async function encodeRaw(raw: Raw, format: Format, options: EncoderOptions): Promise<EncodedOutput> {
  const { xmp } = options
  const encoder = encoderFor(raw, format, options)
  const marked = xmp === null || format === 'png' ? encoder : encoder.withXmp(xmp)
  const { data, info } = await marked.toBuffer({ resolveWithObject: true })
  const bytes = xmp !== null && format === 'png' ? withXmpChunk(data, xmp) : data
  return { format, width: info.width, height: info.height, bytes }
}

/** A picture that is scaled down has more detail in each pixel: a tenth of them takes an eighth of AVIF's time. */
const AVIF_DETAIL = 0.9

/**
 * About how many CPU milliseconds an encode takes; only the order of jobs depends on it. Seconds for one megapixel as
 * measured for a photograph with libvips 8.18.
 */
export function encodeCostMs(format: Format, effort: number, pixels: number): number {
  const detail = format === 'avif' ? AVIF_DETAIL : 1
  return secondsPerMegapixel(format, effort) * 1e3 * (pixels / 1e6) ** detail
}

/** A third AVIF of less beside two of full size makes a peak a twentieth higher, and the whole no faster. */
const HEAVY_PIXELS = 3e5

/** An AVIF encode holds some fifty bytes for each pixel, every other one a fraction of that. */
export function encodeWeight(format: Format, pixels: number): Weight {
  return format === 'avif' && pixels >= HEAVY_PIXELS ? 'heavy' : 'light'
}

function encoderFor(raw: Raw, format: Format, options: EncoderOptions): ReturnType<typeof fromRaw> {
  const image = fromRaw(raw)
  const photo = options.content === 'photo'
  const quality = options.quality[format]
  const effort = options.effort[format]
  switch (format) {
    case 'avif':
      // Ten bits keep skies and flat colours free of bands and cost no bytes. Safari 16 showed deeper pictures with
      // transparency as nothing at all.
      return image.avif({ quality, effort, chromaSubsampling: '4:4:4', bitdepth: raw.alpha ? 8 : 10 })
    case 'webp':
      return image.webp({ quality, effort, smartSubsample: !photo })
    case 'jpeg':
      return image
        .flatten({ background: '#ffffff' })
        .jpeg({ quality, mozjpeg: true, chromaSubsampling: photo ? '4:2:0' : '4:4:4' })
    case 'png':
      // No quality: sharp would take it as leave to reduce the picture to a palette.
      return image.png({ compressionLevel: Math.min(9, effort - 1), adaptiveFiltering: photo })
  }
}

const AVIF_SECONDS: readonly number[] = [0.16, 0.2, 0.4, 0.65, 3, 4, 7, 11, 16, 27]

function secondsPerMegapixel(format: Format, effort: number): number {
  switch (format) {
    case 'avif':
      return AVIF_SECONDS[effort] ?? 1
    case 'webp':
      return 0.02 + 0.02 * effort
    case 'jpeg':
      return 0.07
    case 'png':
      return 0.02 * (1 + effort)
  }
}
