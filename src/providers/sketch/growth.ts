import { type Colour, mix } from './colour.ts'
import { type Ridge, ridgeHeight } from './land.ts'
import type { Stage } from './stage.ts'
import { line, number, type Point, shape } from './svg.ts'

/** How thick and tall growth stands: `every` pixels between stems, `size` pixels high. */
export interface Growth {
  readonly every: number
  readonly size: number
}

/** Path data of one conifer, its foot at `foot`. */
export function coniferPath(foot: Point, size: number): string {
  const half = size * 0.2
  let data = `M${number(foot.x)} ${number(foot.y - size)}`
  const tiers = 4
  for (let i = 1; i <= tiers; i++) {
    const out = half * (0.35 + (0.65 * i) / tiers)
    data += `l${number(out)} ${number((size / tiers) * 0.98)}h${number(-out * 0.4)}`
  }
  data += `V${number(foot.y + size * 0.08)}H${number(foot.x - half * 0.3)}V${number(foot.y - size * 0.02)}`
  for (let i = tiers; i >= 1; i--) {
    const y = foot.y - size + (size / tiers) * 0.98 * i
    const out = half * (0.35 + (0.65 * i) / tiers) * 0.9
    data += `L${number(foot.x - out)} ${number(y)}L${number(foot.x - out * 0.45)} ${number(y - (size / tiers) * 0.75)}`
  }
  return `${data}z`
}

/** A row of conifers along a ridge, as one shape. */
export function drawConifers(stage: Stage, ridge: Ridge, growth: Growth, fill: Colour): string {
  const { random, width } = stage
  const phase = random.between(0, 6.3)
  let data = ''
  for (
    let x = -growth.size * 0.2;
    x < width + growth.size * 0.2;
    x += growth.every * random.between(0.5, 1.5)
  ) {
    // Woods have clearings.
    if (Math.sin(x / (growth.size * 3.1) + phase) < -0.45) continue
    const size = growth.size * random.between(0.5, 1.2)
    data += coniferPath({ x, y: ridgeHeight(ridge, x) + size * 0.1 }, size)
  }
  return shape(data, fill)
}

/** Round crowns in loose groups along a ridge, lit on one side. */
export function drawCrowns(stage: Stage, ridge: Ridge, growth: Growth, fill: Colour): string {
  const { random, width } = stage
  let dark = ''
  let lit = ''
  for (let x = 0; x < width + growth.size; x += growth.every * random.between(0.4, 1.9)) {
    const radius = growth.size * random.between(0.28, 0.55)
    const y = ridgeHeight(ridge, x) - radius * 0.55
    dark += circlePath(x, y, radius)
    lit += circlePath(x - radius * 0.2, y - radius * 0.24, radius * 0.68)
  }
  return shape(dark, fill) + shape(lit, mix(fill, stage.palette.glow, 0.16))
}

/** Blades of grass or ears of grain that stand in front, bottom edge included. */
export function drawBlades(stage: Stage, growth: Growth, colours: readonly Colour[]): string {
  const { random, width, height } = stage
  return colours
    .map((colour) => {
      let data = ''
      for (let x = -20; x < width + 20; x += growth.every * random.between(0.5, 1.5)) {
        const size = growth.size * random.between(0.5, 1.1)
        const lean = random.between(-0.1, 0.3) * size
        data += `M${number(x)} ${number(height + 4)}q${number(lean * 0.2)} ${number(-size * 0.6)} ${number(lean)} ${number(-size)}`
      }
      return line(data, colour, Math.max(1, growth.every * 0.22))
    })
    .join('')
}

/** Path data of a circle, to be joined with others into one shape. */
export function circlePath(x: number, y: number, radius: number): string {
  const r = number(radius)
  return `M${number(x - radius)} ${number(y)}a${r} ${r} 0 1 0 ${number(radius * 2)} 0a${r} ${r} 0 1 0 ${number(-radius * 2)} 0z`
}
