import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, polygon, rect, shape } from '../svg.ts'

/** A quiet abstract: few large shapes, overlapping, on a plain ground. */
export function drawShapes(stage: Stage): string {
  const { width, height, palette, random, defs, unit } = stage
  const [one, two, three] = palette.accents
  const ground = palette.dark ? atLightness(palette.near, 0.22) : mix(palette.paper, palette.sky[2], 0.35)
  const back = defs.linear([
    [0, lighter(ground, 0.015)],
    [1, mix(ground, palette.far, 0.22)],
  ])
  const soft = (colour: Colour): string =>
    defs.linear(
      [
        [0, lighter(colour, 0.05)],
        [1, lighter(colour, -0.07)],
      ],
      { x: 0, y: 0 },
      { x: 0.6, y: 1 },
    )
  const x = width * random.between(0.5, 0.62)
  const y = height * random.between(0.4, 0.47)
  const r = unit * random.between(215, 255)
  const hand = random.pick([-1, 1])
  const arcs = [1.3, 1.42, 1.54]
    .map(
      (k) =>
        `M${number(x - r * k)} ${number(y + r * 0.7)}a${number(r * k)} ${number(r * k)} 0 0 1 ${number(r * k * 2)} 0`,
    )
    .join('')
  const half = `M${number(x - hand * r * 1.7)} ${number(y - r * 0.05)}a${number(r * 0.78)} ${number(r * 0.78)} 0 0 ${hand > 0 ? 0 : 1} 0 ${number(r * 1.56)}z`
  const hill = `M0 ${number(height)}V${number(height * 0.84)}Q${number(width * 0.3)} ${number(height * 0.62)} ${number(width * 0.58)} ${number(height * 0.8)}T${number(width)} ${number(height * 0.7)}V${number(height)}z`
  const front = `M0 ${number(height)}V${number(height * 0.9)}Q${number(width * 0.36)} ${number(height * 0.98)} ${number(width * 0.62)} ${number(height * 0.88)}T${number(width)} ${number(height * 0.9)}V${number(height)}z`
  return [
    rect({ x: 0, y: 0, width, height }, back),
    rect(
      { x: x + hand * r * 0.3 - r * 0.5, y: y - r * 1.5, width: r, height: r * 2.4 },
      soft(mix(three, ground, 0.15)),
      1,
      r * 0.5,
    ),
    disc({ x, y }, r, soft(one)),
    line(arcs, mix(palette.ink, one, 0.2), 3.4 * unit, 0.5),
    shape(half, soft(two), 0.94),
    disc({ x: x + hand * r * 1.35, y: y - r * 0.75 }, r * 0.24, soft(mix(palette.near, three, 0.3))),
    shape(hill, soft(mix(three, palette.near, 0.28)), 0.92),
    shape(front, soft(mix(one, palette.near, 0.5)), 0.95),
    drawDotGrid(stage, { x: x - hand * r * 1.5, y: y - r * 1.2 }),
    shape(
      polygon([
        { x: x + hand * r * 0.95, y: y + r * 0.95 },
        { x: x + hand * r * 1.5, y: y + r * 0.95 },
        { x: x + hand * r * 1.22, y: y + r * 0.45 },
      ]),
      soft(two),
    ),
  ].join('')
}

function drawDotGrid({ palette, unit }: Stage, at: { readonly x: number; readonly y: number }): string {
  let data = ''
  for (let i = 0; i < 30; i++)
    data += `M${number(at.x + (i % 6) * 22 * unit)} ${number(at.y + Math.floor(i / 6) * 22 * unit)}h.01`
  return line(data, mix(palette.ink, palette.accents[0], 0.3), 6 * unit, 0.6)
}
