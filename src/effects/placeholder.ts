import type { Placeholder } from '../core/lock.ts'
import { thumbHash } from '../core/thumbhash.ts'
import { fullestColour } from './fullest-colour.ts'
import { fromRaw, resizeRaw, type Cut, type Raw } from './raw.ts'

/** Longest side of the copy that hash and colour are taken from; a ThumbHash knows seven waves at most. */
const PROXY_SIDE = 64
const IMAGE_WIDTH = 16
/** Bytes of the small picture that should do: 120 characters as base64, for a lock of ten thousand images is read on every run. */
const IMAGE_BYTES = 90
/** What fits most pictures, what is tried above it while it fits, and below. */
const USUAL_QUALITY = 20
const BETTER_QUALITIES = [30, 40, 50] as const
const WORSE_QUALITY = 10

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

/** As good as fits; a picture that is full of detail or very tall is a little larger. Scaled once for all of them. */
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
  const usual = await encode(USUAL_QUALITY)
  if (usual.length > IMAGE_BYTES) {
    const worse = await encode(WORSE_QUALITY)
    return worse.length > IMAGE_BYTES ? encode(1) : worse
  }
  let best = usual
  for (const quality of BETTER_QUALITIES) {
    const better = await encode(quality)
    if (better.length > IMAGE_BYTES) break
    best = better
  }
  return best
}
