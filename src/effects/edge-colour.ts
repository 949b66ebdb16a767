import type { Ground, Raw } from './raw.ts'

/** Share of the shorter side that counts as edge, and the most of it in pixels: a large picture must not hold up the event loop. */
const EDGE = 0.01
const EDGE_PIXELS = 8

/**
 * The colour that most of a picture's edge has: the fullest of 4,096 boxes of like colours, and of it the mean. A
 * ground in this colour continues a plain background, where the mean of the whole edge would be mud.
 */
export function edgeColour(raw: Raw): Ground {
  const boxes = new Map<number, Box>()
  const rim = Math.min(EDGE_PIXELS, Math.ceil(Math.min(raw.width, raw.height) * EDGE))
  for (let y = 0; y < raw.height; y += 1) {
    const inside = y >= rim && y < raw.height - rim
    for (let x = 0; x < raw.width; x += 1) {
      if (inside && x === rim) x = Math.max(rim, raw.width - rim)
      const at = (y * raw.width + x) * raw.channels
      const r = raw.pixels[at] ?? 0
      const g = raw.pixels[at + 1] ?? 0
      const b = raw.pixels[at + 2] ?? 0
      const key = ((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4)
      const box = boxes.get(key)
      if (box) add(box, { count: 1, r, g, b })
      else boxes.set(key, { count: 1, r, g, b })
    }
  }
  let fullest: Box = { count: 0, r: 0, g: 0, b: 0 }
  for (const box of boxes.values()) if (box.count > fullest.count) fullest = box
  const mean = (sum: number): number => Math.round(sum / Math.max(1, fullest.count))
  return { r: mean(fullest.r), g: mean(fullest.g), b: mean(fullest.b), alpha: 1 }
}

/** How many pixels fell into a box of colours, and the sums of their channels. */
interface Box {
  count: number
  r: number
  g: number
  b: number
}

function add(box: Box, other: Box): void {
  box.count += other.count
  box.r += other.r
  box.g += other.g
  box.b += other.b
}
