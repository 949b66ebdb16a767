import type { FocalPoint } from '../core/crop-around.ts'
import type { Focus, Recipe } from '../core/image.ts'
import { shapedSize } from '../core/recipes.ts'
import { fromRaw, type Raw } from './raw.ts'

/** Longest side of the copy that a focus is looked for in; libvips' own attention map is 32 pixels. */
const PROXY_SIDE = 512

/**
 * Where a picture's subject is when it is cut to a shape: the point given, the middle, or what libvips finds with
 * its attention (the point itself) or entropy strategy (the middle of the part it keeps). A picture that already has the
 * shape loses nothing, so nothing is looked for: the middle.
 */
export async function findFocus(raw: Raw, recipe: Pick<Recipe, 'aspect'>, focus: Focus): Promise<FocalPoint> {
  if (typeof focus !== 'string') return [share(focus[0]), share(focus[1])]
  const shape = shapedSize(raw, { aspect: recipe.aspect, fit: 'cover' })
  const whole = shape.width === raw.width && shape.height === raw.height
  if (focus === 'center' || whole) return [0.5, 0.5]
  return await lookForFocus(raw, shape, focus)
}

async function lookForFocus(
  raw: Raw,
  shape: { readonly width: number; readonly height: number },
  strategy: 'attention' | 'entropy',
): Promise<FocalPoint> {
  const scale = Math.min(1, PROXY_SIDE / Math.max(raw.width, raw.height))
  const width = scaled(raw.width, scale)
  const height = scaled(raw.height, scale)
  const proxy = await fromRaw(raw).resize({ width, height, fit: 'fill' }).raw().toBuffer()
  const crop = { width: scaled(shape.width, scale), height: scaled(shape.height, scale) }
  const { info } = await fromRaw({ ...raw, pixels: proxy, width, height })
    .resize({ ...crop, fit: 'cover', position: strategy })
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (strategy === 'attention') {
    return [share((info.attentionX ?? width / 2) / width), share((info.attentionY ?? height / 2) / height)]
  }
  // sharp gives the offsets as the picture's move behind the frame, hence the minus.
  const left = -(info.cropOffsetLeft ?? 0)
  const top = -(info.cropOffsetTop ?? 0)
  return [share((left + crop.width / 2) / width), share((top + crop.height / 2) / height)]
}

function scaled(length: number, scale: number): number {
  return Math.max(1, Math.round(length * scale))
}

function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
}
