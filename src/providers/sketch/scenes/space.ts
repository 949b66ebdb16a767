import { atLightness, lch, lighter, mix } from '../colour.ts'
import { drawRidge, makeRidge } from '../land.ts'
import { drawStars } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, oval, type Point, rect, shape } from '../svg.ts'

/** Space: a band of nebula, stars, a large ringed planet and a moon over strange ground. */
export function drawSpace(stage: Stage): string {
  const { width, height, palette, random, defs, unit } = stage
  const deep = atLightness(mix(palette.sky[0], lch(0.2, 0.08, 285), 0.6), 0.14)
  const back = defs.linear([
    [0, deep],
    [0.6, lighter(deep, 0.07)],
    [1, mix(deep, palette.accents[0], 0.25)],
  ])
  const planet = { x: width * random.pick([0.62, 0.68, 0.36]), y: height * random.between(0.36, 0.42) }
  const moon = { x: planet.x < width / 2 ? width * 0.78 : width * 0.2, y: height * 0.2 }
  const ridge = makeRidge(stage, 'peak', height * 0.86, 90 * unit)
  const front = makeRidge(stage, 'hill', height * 0.94, 40 * unit)
  return [
    rect({ x: 0, y: 0, width, height }, back),
    drawNebula(stage),
    drawStars(stage, height),
    drawStars(stage, height * 0.9),
    drawBody(stage, moon, 54 * unit),
    drawPlanet(stage, planet, 205 * unit),
    drawRidge(stage, ridge, mix(deep, palette.accents[0], 0.22), mix(deep, palette.accents[1], 0.3)),
    drawRidge(stage, front, lighter(deep, -0.04), mix(deep, palette.accents[0], 0.15)),
  ].join('')
}

function drawNebula({ width, height, palette, random, defs, unit }: Stage): string {
  return palette.accents
    .map((accent, i) => {
      const cloud = defs.radial([
        [0, accent, 0.34],
        [0.5, accent, 0.13],
        [1, accent, 0],
      ])
      const at = {
        x: width * (0.18 + i * 0.32 + random.between(-0.08, 0.08)),
        y: height * random.between(0.25, 0.6),
      }
      return oval(at, { x: 300 * unit, y: 190 * unit }, cloud)
    })
    .join('')
}

function drawPlanet(stage: Stage, at: Point, radius: number): string {
  const { palette } = stage
  const [one, two] = palette.accents
  const tilt = stage.random.between(-24, -12)
  const ring = (from: number, width: number, colour: string, opacity: number): string =>
    `<path d="M${number(-radius * from)} 0a${number(radius * from)} ${number(radius * from * 0.26)} 0 0 0 ${number(radius * from * 2)} 0" fill="none" stroke="${colour}" stroke-width="${number(radius * width)}" stroke-opacity="${number(opacity)}"/>`
  const back =
    ring(1.55, 0.16, '#fff', 0.26).replace('0 0 0', '0 0 1') +
    ring(1.82, 0.06, '#fff', 0.2).replace('0 0 0', '0 0 1')
  const front = ring(1.55, 0.16, '#fff', 0.62) + ring(1.82, 0.06, '#fff', 0.42)
  const group = (inside: string): string =>
    `<g transform="translate(${number(at.x)} ${number(at.y)})rotate(${number(tilt)})">${inside}</g>`
  const bands = [-0.62, -0.3, 0.06, 0.4].map((y, i) => {
    const half = Math.sqrt(1 - y * y) * radius * 0.97
    const low = y + 0.17
    const half2 = Math.sqrt(1 - low * low) * radius * 0.97
    return shape(
      `M${number(-half)} ${number(y * radius)}Q0 ${number(y * radius + radius * 0.1)} ${number(half)} ${number(y * radius)}L${number(half2)} ${number(low * radius)}Q0 ${number(low * radius + radius * 0.1)} ${number(-half2)} ${number(low * radius)}z`,
      i % 2 === 0 ? two : lighter(one, 0.1),
      0.36,
    )
  })
  return (
    group(back) +
    drawBody(stage, at, radius) +
    group(bands.join('')) +
    drawShade(stage, at, radius) +
    group(front)
  )
}

function drawBody(stage: Stage, at: Point, radius: number): string {
  const { palette, defs } = stage
  const halo = defs.radial([
    [0.6, palette.accents[0], 0.4],
    [1, palette.accents[0], 0],
  ])
  const body = defs.linear(
    [
      [0, mix(palette.accents[0], palette.paper, 0.42)],
      [0.5, palette.accents[0]],
      [1, atLightness(mix(palette.accents[0], palette.near, 0.6), 0.26)],
    ],
    { x: 0.1, y: 0 },
    { x: 0.85, y: 1 },
  )
  return disc(at, radius * 1.3, halo) + disc(at, radius, body)
}

function drawShade({ palette }: Stage, at: Point, radius: number): string {
  const r = number(radius)
  const crescent = `M${number(at.x + radius * 0.5)} ${number(at.y - radius * 0.866)}A${r} ${r} 0 0 1 ${number(at.x - radius * 0.5)} ${number(at.y + radius * 0.866)}A${number(radius * 1.3)} ${number(radius * 1.3)} 0 0 0 ${number(at.x + radius * 0.5)} ${number(at.y - radius * 0.866)}z`
  return (
    shape(crescent, palette.ink, 0.42) +
    line(
      `M${number(at.x - radius * 0.8)} ${number(at.y - radius * 0.1)}Q${number(at.x - radius * 0.76)} ${number(at.y - radius * 0.62)} ${number(at.x - radius * 0.24)} ${number(at.y - radius * 0.8)}`,
      palette.paper,
      radius * 0.03,
      0.5,
    )
  )
}
