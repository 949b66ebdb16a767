import type { Placeholder } from '../core/lock.ts'
import { thumbHash } from '../core/thumbhash.ts'
import { fullestColour } from './fullest-colour.ts'
import { fromRaw, resizeRaw, type Cut, type Raw } from './raw.ts'

/** Longest side of the copy that hash and colour are taken from; a ThumbHash knows seven waves at most. */
const PROXY_SIDE = 64
const IMAGE_WIDTH = 16
/** Bytes of the small picture that should do: 120 characters as base64, for a lock of ten thousand images is read on every run. */
const IMAGE_BYTES = 90
const QUALITIES = [50, 40, 30, 20, 10] as const

/** What stands in for a picture while it loads, made of the part of it that is shown; `size` is that part's. */
export async function makePlaceholder(
  raw: Raw,
  cut: Cut,
  size: { readonly width: number; readonly height: number },
): Promise<Placeholder> {
  const scale = Math.min(1, PROXY_SIDE / Math.max(size.width, size.height))
  const proxy = await resizeRaw(raw, cut, {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  })
  const { r, g, b } = fullestColour(proxy, () => [[0, proxy.width]])
  return {
    thumbhash: Buffer.from(thumbHash({ ...proxy, pixels: withAlpha(proxy) })).toString('base64'),
    colour: `#${[r, g, b].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`,
    image: (await smallImage(proxy, size)).toString('base64'),
  }
}

/** Rows of four channels; by hand, for a pipeline of libvips costs as much as an encode of so few pixels. */
function withAlpha({ pixels, width, height, channels }: Raw): Uint8Array {
  if (channels === 4) return pixels
  const opaque = new Uint8Array(width * height * 4).fill(255)
  for (let at = 0; at < pixels.length; at += 1) opaque[at + Math.floor(at / 3)] = pixels[at] ?? 255
  return opaque
}

/** As good as fits, halving the qualities; a picture that is full of detail or very tall is a little larger. Scaled once for all of them. */
async function smallImage(
  proxy: Raw,
  size: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  const width = Math.min(IMAGE_WIDTH, size.width)
  const height = Math.max(1, Math.round((width * size.height) / size.width))
  const whole = { left: 0, top: 0, width: proxy.width, height: proxy.height }
  const small = await resizeRaw(proxy, { kind: 'crop', rectangle: whole }, { width, height })
  const encode = async (quality: number): Promise<Buffer> =>
    fromRaw(small).webp({ quality, alphaQuality: quality, effort: 6 }).toBuffer()
  let best: Buffer | null = null
  let from = 0
  let to: number = QUALITIES.length
  while (from < to) {
    const middle = (from + to) >> 1
    const bytes = await encode(QUALITIES[middle] ?? 1)
    if (bytes.length <= IMAGE_BYTES) [best, to] = [bytes, middle]
    else from = middle + 1
  }
  return best ?? encode(1)
}
