import { type Colour, lighter, mix } from './colour.ts'
import type { Stage } from './stage.ts'
import { disc, line, number, type Point, rect, shape } from './svg.ts'

/** The sky from the top down to `horizon`, with stars when it is dark enough. */
export function drawSky(stage: Stage, horizon: number): string {
  const { palette, defs, width } = stage
  const [top, middle, low] = palette.sky
  const fill = defs.linear([
    [0, top],
    [0.55, middle],
    [1, low],
  ])
  const air = rect({ x: 0, y: 0, width, height: horizon + 2 }, fill)
  const clear = top.l < 0.36 && !stage.words.has('storm* thunder* rain* fog* cloud* overcast snowing indoor')
  return air + (clear ? drawStars(stage, horizon * 0.75) : '')
}

/** Stars down to `bottom`, few of them large. */
export function drawStars(stage: Stage, bottom: number): string {
  const { random, width, unit, palette } = stage
  const groups = [
    { count: 70, size: 1.6, opacity: 0.45 },
    { count: 26, size: 2.6, opacity: 0.7 },
    { count: 7, size: 4.2, opacity: 0.9 },
  ]
  return groups
    .map(({ count, size, opacity }) => {
      let data = ''
      for (let i = 0; i < count; i++) {
        // Squaring crowds them towards the top, where the sky is darkest.
        data += `M${number(random.between(0, width))} ${number(random.next() ** 1.6 * bottom)}h.01`
      }
      return line(data, palette.paper, size * unit, opacity)
    })
    .join('')
}

/** The sun, or a moon in the dark, with a halo of four radii. */
export function drawSun(stage: Stage, centre: Point, radius: number): string {
  const { palette, defs } = stage
  const core = mix(palette.glow, palette.paper, 0.5)
  const halo = defs.radial([
    [0, palette.glow, 0.75],
    [0.28, palette.glow, 0.42],
    [0.6, palette.glow, 0.13],
    [1, palette.glow, 0],
  ])
  const face = defs.linear([
    [0, lighter(core, 0.03)],
    [1, palette.glow],
  ])
  return disc(centre, radius * 4, halo) + disc(centre, radius, face)
}

/** Long flat clouds between two heights, thinning out at both ends. */
export function drawClouds(stage: Stage, top: number, bottom: number, count: number): string {
  const { random, width, unit, palette, defs } = stage
  const tone: Colour = mix(palette.sky[2], palette.glow, 0.5)
  const fill = defs.linear(
    [
      [0, tone, 0],
      [0.3, tone, 0.5],
      [0.65, tone, 0.42],
      [1, tone, 0],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0 },
  )
  let drawn = ''
  for (let i = 0; i < count; i++) {
    const y = random.between(top, bottom)
    const length = random.between(0.25, 0.6) * Math.max(width, 700 * unit)
    const x = random.between(-0.15, 0.95) * width - length / 4
    for (let strip = 0; strip < random.whole(2, 3); strip++) {
      const height = random.between(9, 22) * unit
      const part = { x: x + random.between(-0.2, 0.2) * length, y: y + strip * height * 0.8 }
      const box = { ...part, width: length * random.between(0.5, 0.95), height }
      drawn += rect(box, fill, 1, height / 2)
    }
  }
  return drawn
}

/** Heaped clouds of a summer or storm sky, each a row of domes on a flat base. */
export function drawHeapedCloud(stage: Stage, base: Point, size: number, opacity: number): string {
  const { random, palette, defs } = stage
  const light = mix(palette.sky[2], palette.paper, palette.dark ? 0.1 : 0.6)
  const fill = defs.linear([
    [0, light],
    [1, mix(palette.sky[1], light, 0.35)],
  ])
  const domes = random.whole(5, 7)
  let data = `M${number(base.x)} ${number(base.y)}`
  for (let i = 0; i < domes; i++) {
    const middle = 1 - Math.abs(i + 0.5 - domes / 2) / (domes / 2)
    const step = (size / domes) * random.between(0.8, 1.2)
    const rise = (i < domes / 2 ? -1 : 1) * size * 0.07 * (0.4 + middle)
    const radius = step * random.between(0.55, 0.75)
    data += `a${number(radius)} ${number(radius)} 0 0 1 ${number(step)} ${number(rise)}`
  }
  return shape(`${data}V${number(base.y)}z`, fill, opacity)
}
