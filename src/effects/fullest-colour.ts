import type { Raw } from './raw.ts'

/** The mean of the colour that fills most of the pixels looked at, channels 0..255. */
export interface Colour {
  readonly r: number
  readonly g: number
  readonly b: number
}

/** Pixels more than half clear show what is behind them, not their own colour. */
const OPAQUE_ENOUGH = 128

/**
 * The colour that most of a picture has: the fullest of 4,096 boxes of like colours, and of it the mean, where the mean
 * of everything would be mud. `inRow` says which pixels of a row count, from and to; white when none does.
 */
export function fullestColour(
  raw: Raw,
  inRow: (y: number) => readonly (readonly [from: number, to: number])[],
): Colour {
  const boxes = new Map<number, Box>()
  for (let y = 0; y < raw.height; y += 1) {
    for (const [from, to] of inRow(y)) countRow(raw, { y, from, to }, boxes)
  }
  let fullest: Box | null = null
  for (const box of boxes.values()) if (box.count > (fullest?.count ?? 0)) fullest = box
  if (!fullest) return { r: 255, g: 255, b: 255 }
  const { count, r, g, b } = fullest
  return { r: Math.round(r / count), g: Math.round(g / count), b: Math.round(b / count) }
}

/** How many pixels fell into a box of colours, and the sums of their channels. */
interface Box {
  count: number
  r: number
  g: number
  b: number
}

function countRow(
  raw: Raw,
  row: { readonly y: number; readonly from: number; readonly to: number },
  boxes: Map<number, Box>,
): void {
  for (let x = row.from; x < row.to; x += 1) {
    const at = (row.y * raw.width + x) * raw.channels
    if (raw.channels === 4 && (raw.pixels[at + 3] ?? 0) < OPAQUE_ENOUGH) continue
    const r = raw.pixels[at] ?? 0
    const g = raw.pixels[at + 1] ?? 0
    const b = raw.pixels[at + 2] ?? 0
    const key = ((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4)
    const box = boxes.get(key) ?? { count: 0, r: 0, g: 0, b: 0 }
    if (box.count === 0) boxes.set(key, box)
    box.count += 1
    box.r += r
    box.g += g
    box.b += b
  }
}
