import { sharp } from '../../src/effects/sharp.ts'

/** What a made picture looks like. */
export interface PictureOptions {
  /** 1 is clear at the left edge and opaque at the right one. */
  readonly alpha?: boolean
  /** Of the noise; equal seeds give equal bytes. */
  readonly seed?: number
  /** 0 is none, 40 looks like a grainy photograph to an encoder. */
  readonly noise?: number
}

/** A PNG with a gradient of red from left to right and of green from top to bottom, blue 64, with a little noise. */
export async function gradientPng(
  width: number,
  height: number,
  options: PictureOptions = {},
): Promise<Uint8Array> {
  return gradient(width, height, options).png().toBuffer()
}

/** The same picture as a sharp image, for kinds of files that only one test needs. */
export function gradient(
  width: number,
  height: number,
  options: PictureOptions = {},
): ReturnType<typeof sharp> {
  const { alpha = false, seed = 1, noise = 4 } = options
  const channels = alpha ? 4 : 3
  const pixels = Buffer.alloc(width * height * channels)
  const random = randomBytes(seed)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * channels
      const grain = Math.round(((random() - 128) / 128) * noise)
      pixels[at] = clamp((x / width) * 255 + grain)
      pixels[at + 1] = clamp((y / height) * 255 + grain)
      pixels[at + 2] = clamp(64 + grain)
      if (alpha) pixels[at + 3] = clamp((x / width) * 255)
    }
  }
  return sharp(pixels, { raw: { width, height, channels } })
}

/** A PNG of one colour with a disc of another. */
export async function discPng(
  size: { readonly width: number; readonly height: number },
  disc: { readonly x: number; readonly y: number; readonly radius: number },
  colours: { readonly ground: string; readonly disc: string } = { ground: '#707070', disc: '#ff4000' },
): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
    <rect width="100%" height="100%" fill="${colours.ground}"/>
    <circle cx="${disc.x}" cy="${disc.y}" r="${disc.radius}" fill="${colours.disc}"/></svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
}

/** The start of a file: `share` of its bytes, 0..1. */
export function truncated(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}

/** A decoded file: its size and a way to look at one pixel (red, green, blue and, where there is one, alpha). */
export interface Decoded {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixel: (x: number, y: number) => readonly number[]
}

/** Decodes any picture. */
export async function decoded(bytes: Uint8Array): Promise<Decoded> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  return {
    width,
    height,
    channels,
    pixel: (x, y) => {
      const at = (Math.floor(y) * width + Math.floor(x)) * channels
      return [...data.subarray(at, at + channels)]
    },
  }
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}

/** A linear congruential generator: plain, and the same on every machine. */
function randomBytes(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  }
}
