import { lighter, mix } from '../colour.ts'
import { coniferPath } from '../growth.ts'
import { type Ridge, ridgeHeight } from '../land.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, type Point, polygon, rect, shape } from '../svg.ts'

/** A small house with lit windows between three conifers; to be drawn before the ridge that hides its foot. */
export function drawHut(stage: Stage, ridge: Ridge): string {
  const { width, random, unit, palette } = stage
  const x = width * random.pick([0.6, 0.66, 0.7])
  const size = unit * 125
  const y = Math.min(ridgeHeight(ridge, x), ridgeHeight(ridge, x + size)) + size * 0.06
  const trees = [
    coniferPath({ x: x - size * 0.42, y: y + size * 0.05 }, size * 1.5),
    coniferPath({ x: x + size * 1.4, y: y + size * 0.08 }, size * 1.95),
    coniferPath({ x: x + size * 1.85, y: y + size * 0.12 }, size * 1.2),
  ]
  return shape(trees.join(''), mix(palette.near, palette.ink, 0.45)) + drawHouse(stage, { x, y }, size)
}

function drawHouse(stage: Stage, { x, y }: Point, size: number): string {
  const { palette, words, defs } = stage
  const wood = mix(palette.ink, palette.lamp, 0.2)
  const snowy = words.has('snow* winter ice alp* снег* зим* χιόνι')
  const roof = snowy ? mix(palette.paper, palette.sky[1], 0.12) : mix(palette.accents[0], palette.near, 0.35)
  const light = defs.radial([
    [0, palette.lamp, 0.6],
    [1, palette.lamp, 0],
  ])
  const smoke = `M${number(x + size * 0.62)} ${number(y - size * 1.02)}q${number(size * 0.2)} ${number(-size * 0.25)} 0 ${number(-size * 0.5)}t${number(size * 0.12)} ${number(-size * 0.5)}`
  const eaves = [-0.16, 0.2, 0.82, 1.16].map((at, i) => ({
    x: x + size * at,
    y: y - size * (i % 3 === 0 ? 0.42 : 0.88),
  }))
  return [
    line(smoke, palette.paper, size * 0.09, 0.25),
    rect(
      { x: x + size * 0.55, y: y - size * 1, width: size * 0.14, height: size * 0.4 },
      lighter(wood, 0.07),
    ),
    rect({ x, y: y - size * 0.5, width: size, height: size * 0.62 }, wood),
    rect({ x, y: y - size * 0.44, width: size, height: size * 0.06 }, palette.ink, 0.5),
    shape(polygon(eaves), roof),
    rect(
      { x: x + size * 0.43, y: y - size * 0.3, width: size * 0.16, height: size * 0.4 },
      lighter(wood, -0.07),
    ),
    ...[0.16, 0.68].flatMap((at) => [
      disc({ x: x + size * (at + 0.09), y: y - size * 0.2 }, size * 0.36, light),
      rect(
        { x: x + size * at, y: y - size * 0.31, width: size * 0.18, height: size * 0.2 },
        mix(palette.lamp, palette.paper, 0.3),
      ),
    ]),
  ].join('')
}
