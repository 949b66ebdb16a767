import type { Rectangle } from '../core/crop-around.ts'
import { DECODE_OPTIONS, sharp } from './sharp.ts'
import { sniffPicture } from './sniff-picture.ts'

/** A decoded picture: sRGB, 8 bits a channel, upright, rows from the top, not premultiplied. */
export interface Raw {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  /** True when any pixel is not opaque; a fourth channel alone does not make it so. */
  readonly alpha: boolean
}

/**
 * Decodes an original once for all its outputs: colour profile, CMYK, grey and 16 bits become 8-bit sRGB, EXIF
 * orientation is applied, of an animation the first frame is taken.
 */
export async function decodeRaw(bytes: Uint8Array): Promise<Raw> {
  const { data, info } = await sharp(bytes, DECODE_OPTIONS)
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const channels = channelsOf(info.channels)
  return {
    pixels: data,
    width: info.width,
    height: info.height,
    channels,
    alpha: channels === 4 && hasClearPixel(data, 4),
  }
}

/** How many frames a file has, by its header; of a PNG or a JPEG one is all that is read. */
export async function countFrames(bytes: Uint8Array): Promise<number> {
  const sniffed = sniffPicture(bytes)
  if (sniffed.kind !== 'other' && (sniffed.format === 'png' || sniffed.format === 'jpeg')) return 1
  return (await sharp(bytes, DECODE_OPTIONS).metadata()).pages ?? 1
}

/** What `resizeRaw` makes of a picture: the part of it that is taken, or all of it on a ground that fills the shape. */
export type Cut =
  { readonly kind: 'crop'; readonly rectangle: Rectangle } | { readonly kind: 'pad'; readonly ground: Ground }

/** A colour, channels 0..255, alpha 0..1. */
export interface Ground {
  readonly r: number
  readonly g: number
  readonly b: number
  readonly alpha: number
}

/**
 * Cuts and scales to exactly this size, from the full picture and not from a smaller step, with Lanczos. A picture
 * that is the cut at this size already is given as it is: its copy would be as large as everything else of the work.
 */
export async function resizeRaw(
  raw: Raw,
  cut: Cut,
  size: { readonly width: number; readonly height: number },
): Promise<Raw> {
  const { width, height } = size
  const shown = cut.kind === 'crop' ? cut.rectangle : raw
  const same = [raw, shown].every((picture) => picture.width === width && picture.height === height)
  if (same && raw.channels === (raw.alpha ? 4 : 3)) return raw
  const image =
    cut.kind === 'crop'
      ? fromRaw(raw).extract(cut.rectangle).resize({ width, height, fit: 'fill' })
      : fromRaw(raw).resize({ width, height, fit: 'contain', background: { ...cut.ground } })
  const { data, info } = await (raw.alpha ? image : image.removeAlpha())
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return {
    pixels: data,
    width: info.width,
    height: info.height,
    channels: channelsOf(info.channels),
    alpha: raw.alpha,
  }
}

/** The picture as sharp's input; no copy is made. */
export function fromRaw(raw: Raw): ReturnType<typeof sharp> {
  const { width, height, channels } = raw
  return sharp(raw.pixels, { raw: { width, height, channels }, limitInputPixels: false })
}

/** Whether a pixel is not opaque; the alpha values are the last of every `channels` bytes. */
export function hasClearPixel(pixels: Uint8Array, channels: 1 | 4): boolean {
  for (let at = channels - 1; at < pixels.length; at += channels) {
    if (pixels[at] !== 255) return true
  }
  return false
}

/** The text of whatever was thrown, its first line only: sharp appends decoder chatter below it. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n', 1)[0]?.trim() ?? ''
}

function channelsOf(channels: number): 3 | 4 {
  if (channels === 3 || channels === 4) return channels
  throw new RangeError(`sRGB has 3 or 4 channels, not ${channels}`)
}
