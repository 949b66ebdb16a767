import { type Colour, lighter, mix } from '../colour.ts'
import { circlePath } from '../growth.ts'
import { drawRidge, makeRidge, ridgeHeight } from '../land.ts'
import type { Random } from '../random.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, type Point, polygon, rect, shape } from '../svg.ts'
import { leafPath } from './furniture.ts'

/** One straight piece of a coral: where it starts, how long it is and where it points, in radians. */
interface Twig {
  readonly from: Point
  readonly long: number
  readonly angle: number
}

/** Under water: light from above, coral on rocks, weed, fish in schools, bubbles. */
export function drawReef(stage: Stage): string {
  const { width, height, palette, defs, random, unit } = stage
  const [top, middle, low] = palette.sky
  const water = defs.linear([
    [0, top],
    [0.42, middle],
    [1, low],
  ])
  const parts = [rect({ x: 0, y: 0, width, height }, water), drawShafts(stage)]
  for (let i = 0; i < 3; i++) {
    const share = i / 2
    const ridge = makeRidge(stage, 'hill', height * (0.66 + share * 0.18), unit * 70)
    const colour = mix(palette.layer(0.15 + share * 0.75), low, 0.35 - share * 0.2)
    for (
      let x = random.between(20, 90) * unit;
      x < width;
      x += unit * random.between(70, 150) * (0.8 + share * 0.5)
    ) {
      const foot = { x, y: ridgeHeight(ridge, x) + unit * 12 }
      const tint = mix(palette.accents[random.whole(0, 2)] ?? top, low, 0.58 - share * 0.52)
      parts.push(drawCoral(stage, foot, unit * random.between(80, 150) * (0.6 + share * 0.55), tint))
    }
    parts.push(drawRidge(stage, ridge, colour, low))
    if (i < 2)
      parts.push(
        drawSchool(
          stage,
          { x: width * random.between(0.25, 0.75), y: height * random.between(0.22, 0.5) },
          i,
        ),
      )
  }
  return parts.join('') + drawBubbles(stage)
}

function drawShafts(stage: Stage): string {
  const { width, height, palette, defs, random } = stage
  const light = defs.linear([
    [0, palette.glow, 0.42],
    [1, palette.glow, 0],
  ])
  let beams = ''
  for (let i = 0; i < 6; i++) {
    const x = width * (0.08 + i * 0.16 + random.between(-0.04, 0.04))
    const wide = width * random.between(0.02, 0.06)
    const slant = width * random.between(-0.16, -0.05)
    beams += polygon([
      { x, y: 0 },
      { x: x + wide, y: 0 },
      { x: x + slant + wide * 2.8, y: height * 0.78 },
      { x: x + slant, y: height * 0.78 },
    ])
  }
  return shape(beams, light, 0.8)
}

function drawCoral(stage: Stage, foot: Point, size: number, colour: Colour): string {
  const { random } = stage
  switch (random.whole(0, 4)) {
    case 0:
      return line(
        branches(stage.random, { from: foot, long: size * 0.42, angle: -Math.PI / 2 }, 4),
        colour,
        size * 0.075,
      )
    case 1:
      return drawFan(stage, foot, size, colour)
    case 2:
      return drawBrain(foot, size, colour)
    case 3:
      return drawTubes(stage, foot, size, colour)
    default:
      return drawWeed(stage, foot, size * 1.5, mix(colour, { l: 0.55, a: -0.09, b: 0.06 }, 0.6))
  }
}

/** A branching coral as one path: every twig parts in two, `depth` times. */
function branches(random: Random, twig: Twig, depth: number): string {
  const { from, long, angle } = twig
  const to = { x: from.x + Math.cos(angle) * long, y: from.y + Math.sin(angle) * long }
  const own = `M${number(from.x)} ${number(from.y)}L${number(to.x)} ${number(to.y)}`
  if (depth <= 1) return own
  const spread = random.between(0.32, 0.55)
  const next = { from: to, long: long * 0.74 }
  return (
    own +
    branches(random, { ...next, angle: angle - spread }, depth - 1) +
    branches(random, { ...next, angle: angle + spread }, depth - 1)
  )
}

function drawFan(stage: Stage, foot: Point, size: number, colour: Colour): string {
  let ribs = ''
  for (let i = 0; i < 9; i++) {
    const angle = -Math.PI / 2 + (i - 4) * 0.24
    ribs += `M${number(foot.x)} ${number(foot.y)}L${number(foot.x + Math.cos(angle) * size)} ${number(foot.y + Math.sin(angle) * size)}`
  }
  const edge = `M${number(foot.x)} ${number(foot.y)}L${number(foot.x + Math.cos(-Math.PI / 2 - 0.98) * size)} ${number(foot.y + Math.sin(-Math.PI / 2 - 0.98) * size)}A${number(size)} ${number(size)} 0 0 1 ${number(foot.x + Math.cos(-Math.PI / 2 + 0.98) * size)} ${number(foot.y + Math.sin(-Math.PI / 2 + 0.98) * size)}z`
  return shape(edge, colour, 0.6) + line(ribs, lighter(colour, 0.08), stage.unit * 4)
}

function drawBrain(foot: Point, size: number, colour: Colour): string {
  const r = size * 0.55
  let folds = ''
  for (let i = 1; i < 4; i++)
    folds += `M${number(foot.x - (r * i) / 4)} ${number(foot.y)}a${number((r * i) / 4)} ${number(r * (0.3 + i * 0.16))} 0 0 1 ${number((r * i) / 2)} 0`
  return disc({ x: foot.x, y: foot.y }, r, colour) + line(folds, lighter(colour, 0.1), size * 0.05, 0.8)
}

function drawTubes(stage: Stage, foot: Point, size: number, colour: Colour): string {
  return [-0.26, 0.02, 0.28]
    .map((at) => {
      const tall = size * stage.random.between(0.55, 1)
      const x = foot.x + at * size
      return (
        rect(
          { x: x - size * 0.1, y: foot.y - tall, width: size * 0.2, height: tall + 10 },
          colour,
          1,
          size * 0.09,
        ) +
        rect(
          { x: x - size * 0.065, y: foot.y - tall + size * 0.02, width: size * 0.13, height: size * 0.09 },
          lighter(colour, -0.16),
          1,
          size * 0.045,
        )
      )
    })
    .join('')
}

function drawWeed(stage: Stage, foot: Point, size: number, colour: Colour): string {
  const leaves = [-0.5, -0.2, 0.12, 0.42].map((lean) =>
    leafPath(
      foot,
      { x: foot.x + lean * size * 0.5, y: foot.y - size * stage.random.between(0.6, 1) },
      size * 0.035,
    ),
  )
  return shape(leaves.join(''), colour)
}

function drawSchool(stage: Stage, at: Point, depth: number): string {
  const { random, palette, unit } = stage
  const size = unit * (13 + depth * 15)
  const colour = depth === 0 ? mix(palette.sky[0], palette.paper, 0.25) : palette.accents[1]
  const turn = random.pick([-1, 1])
  let fish = ''
  let eyes = ''
  for (let i = 0; i < (depth === 0 ? 15 : 6); i++) {
    const x = at.x + random.between(-9, 9) * size
    const y = at.y + random.between(-3.6, 3.6) * size
    const s = size * random.between(0.75, 1.2)
    const p = (dx: number, dy: number): string => `${number(x + dx * s * turn)} ${number(y + dy * s)}`
    fish += `M${p(-1, 0)}Q${p(-0.2, -0.75)} ${p(0.7, -0.08)}L${p(1.25, -0.5)}Q${p(1.05, 0)} ${p(1.25, 0.5)}L${p(0.7, 0.08)}Q${p(-0.2, 0.75)} ${p(-1, 0)}z`
    eyes += circlePath(x - 0.55 * s * turn, y - 0.08 * s, s * 0.09)
  }
  return shape(fish, colour, depth === 0 ? 0.5 : 0.95) + (depth === 0 ? '' : shape(eyes, palette.ink))
}

function drawBubbles({ width, height, random, palette, unit }: Stage): string {
  let rings = ''
  for (let i = 0; i < 26; i++)
    rings += circlePath(
      width * random.pick([0.22, 0.6, 0.86]) + random.between(-50, 50) * unit,
      random.between(0.05, 0.75) * height,
      unit * random.between(3, 11),
    )
  return line(rings, palette.paper, 1.6 * unit, 0.5)
}
