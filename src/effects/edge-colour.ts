import { fullestColour } from './fullest-colour.ts'
import type { Ground, Raw } from './raw.ts'

/** Share of the shorter side that counts as edge, and the most of it in pixels: a large picture must not hold up the event loop. */
const EDGE = 0.01
const EDGE_PIXELS = 8

/** The colour that most of a picture's edge has: a ground in this colour continues a plain background. */
export function edgeColour(raw: Raw): Ground {
  const rim = Math.min(EDGE_PIXELS, Math.ceil(Math.min(raw.width, raw.height) * EDGE))
  const whole = [[0, raw.width]] as const
  const sides = [
    [0, rim],
    [Math.max(rim, raw.width - rim), raw.width],
  ] as const
  const colour = fullestColour(raw, (y) => (y >= rim && y < raw.height - rim ? sides : whole))
  return { ...colour, alpha: 1 }
}
