import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import { drawSky } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, oval, type Point, polygon, rect, shape } from '../svg.ts'
import { drawText, textWidth } from '../text.ts'
import { hex } from '../colour.ts'

/** A sign that sticks out over the street, and whose light lies on the wet ground. */
interface Sign {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly colour: Colour
}

/** A street that runs to one point between two rows of houses: windows, signs, people, and their light on the ground. */
export function drawStreet(stage: Stage): string {
  const { width, height, random, palette, defs, words } = stage
  const eye: Point = { x: width * random.between(0.46, 0.58), y: height * random.between(0.54, 0.58) }
  const glow = defs.radial([
    [0, palette.glow, 0.75],
    [0.4, mix(palette.glow, palette.sky[2], 0.5), 0.35],
    [1, palette.sky[2], 0],
  ])
  const signs: Sign[] = []
  const houses = [-1, 1].map((hand) => drawHouses(stage, eye, hand, signs)).join('')
  const wet = words.has('rain rainy wet puddle neon reflection* дожд* βροχή')
  return [
    drawSky(stage, eye.y),
    oval(eye, { x: width * 0.2, y: height * 0.24 }, glow),
    houses,
    drawGround(stage, eye),
    ...signs.map((sign) => drawReflection(stage, sign, eye, wet)),
    ...signs.map((sign) => drawSign(stage, sign)),
    drawWires(stage, eye),
    drawPeople(stage, eye),
    wet ? drawRain(stage) : '',
  ].join('')
}

// Where a thing stands on screen: `side` and `up` are in half street widths at depth 1, `depth` grows into the picture.
function seen(
  stage: Stage,
  eye: Point,
  place: { readonly side: number; readonly up: number; readonly depth: number },
): Point {
  const scale = (Math.max(stage.width, stage.height * 0.9) * 0.42) / place.depth
  return { x: eye.x + place.side * scale, y: eye.y - place.up * scale }
}

const STREET = 1

function drawHouses(stage: Stage, eye: Point, hand: number, signs: Sign[]): string {
  const { random, palette } = stage
  const depths = [0.62, 0.95, 1.35, 1.9, 2.7, 3.9, 5.8, 9]
  const drawn: string[] = []
  for (const [i, near] of depths.entries()) {
    const far = depths[i + 1] ?? 14
    const share = 1 - i / (depths.length - 1)
    const tall = random.between(0.95, 1.75) + (i > 3 ? i * 0.28 : 0)
    const colour = mix(
      palette.sky[2],
      mix(palette.near, palette.accents[i % 3] ?? palette.near, 0.13),
      0.3 + share * 0.66,
    )
    const wall = palette.dark ? colour : lighter(colour, 0.14)
    drawn.push(drawHouse(stage, eye, { hand, near, far, tall, wall, lit: share }))
    if (i > 0 && i < 6) signs.push(makeSign(stage, eye, { hand, near, tall, index: i }))
  }
  // The far houses first.
  return drawn.reverse().join('')
}

interface House {
  readonly hand: number
  readonly near: number
  readonly far: number
  readonly tall: number
  readonly wall: Colour
  /** 1 for the nearest, 0 for the farthest. */
  readonly lit: number
}

function drawHouse(stage: Stage, eye: Point, house: House): string {
  const { palette, random, defs } = stage
  const { hand, near, far, tall, wall } = house
  const side = hand * STREET
  const at = (depth: number, up: number): Point => seen(stage, eye, { side, up, depth })
  const front = polygon([at(near, tall), at(far, tall), at(far, -0.42), at(near, -0.42)])
  const fill = defs.linear([
    [0, lighter(wall, -0.03)],
    [0.7, wall],
    [1, mix(wall, palette.lamp, 0.28)],
  ])
  const panes = { lit: '', dark: '' }
  const columns = near < 1 ? 4 : 3
  for (let floor = 0; floor < Math.floor((tall - 0.1) / 0.26); floor++) {
    for (let i = 0; i < columns; i++) {
      const depth = (share: number): number => 1 / (1 / near + (1 / far - 1 / near) * share)
      const from = depth((i + 0.22) / columns)
      const to = depth((i + 0.78) / columns)
      const low = 0.08 + floor * 0.26
      const pane = polygon([at(from, low + 0.16), at(to, low + 0.16), at(to, low), at(from, low)])
      if (random.chance(palette.dark ? 0.36 : 0.1)) panes.lit += pane
      else panes.dark += pane
    }
  }
  const shop = polygon([
    at(near * 1.04, -0.1),
    at(far * 0.97, -0.1),
    at(far * 0.97, -0.4),
    at(near * 1.04, -0.4),
  ])
  return [
    shape(front, fill),
    shape(panes.dark, lighter(wall, palette.dark ? 0.055 : -0.12), 0.8),
    shape(panes.lit, mix(palette.lamp, palette.paper, 0.15), 0.5 + house.lit * 0.35),
    shape(shop, mix(palette.lamp, random.pick(palette.accents), 0.35), palette.dark ? 0.75 : 0.3),
  ].join('')
}

function makeSign(
  stage: Stage,
  eye: Point,
  place: { readonly hand: number; readonly near: number; readonly tall: number; readonly index: number },
): Sign {
  const { random, palette } = stage
  const scale = 1 / place.near
  const depth = place.near * 1.06
  const up = random.between(0.25, Math.min(0.8, place.tall * 0.6))
  const spot = seen(stage, eye, { side: place.hand * STREET, up, depth })
  const unit = stage.unit * 190 * scale
  const width = unit * random.between(0.3, 0.46)
  const height = unit * random.between(0.7, 1.35)
  const colour = palette.accents[place.index % 3] ?? palette.glow
  return { x: spot.x - place.hand * width * 0.5 - width / 2, y: spot.y - height / 2, width, height, colour }
}

function drawSign(stage: Stage, sign: Sign): string {
  const { palette, random, lettering, defs } = stage
  const { x, y, width, height, colour } = sign
  const bright = palette.dark ? mix(colour, palette.paper, 0.15) : colour
  const glow = defs.radial([
    [0, colour, palette.dark ? 0.5 : 0.12],
    [1, colour, 0],
  ])
  const middle = { x: x + width / 2, y: y + height / 2 }
  const board = rect(sign, palette.dark ? mix(palette.ink, colour, 0.28) : colour, 1, width * 0.12)
  const tube = `<rect x="${number(x + width * 0.1)}" y="${number(y + width * 0.1)}" width="${number(width * 0.8)}" height="${number(height - width * 0.2)}" rx="${number(width * 0.08)}" fill="none" stroke="${hex(bright)}" stroke-width="${number(width * 0.06)}"/>`
  const halo = oval(middle, { x: width * 1.7, y: height * 0.95 }, glow)
  const marks = Array.from(lettering.replaceAll(' ', '')).slice(0, 6)
  if (marks.length > 0 && width > stage.unit * 40)
    return halo + board + tube + drawDown(marks, sign, hex(bright))
  const strokes: string[] = []
  const cells = Math.max(2, Math.round(height / width))
  const cell = (height - width * 0.3) / cells
  for (let i = 0; i < cells; i++)
    strokes.push(
      drawCharacter(
        random.whole(0, 4),
        { x: middle.x, y: y + width * 0.15 + cell * (i + 0.5) },
        Math.min(cell, width) * 0.26,
      ),
    )
  return halo + board + tube + line(strokes.join(''), bright, width * 0.075)
}

// Letters of the prompt, one below the other.
function drawDown(marks: readonly string[], sign: Sign, fill: string): string {
  const step = (sign.height - sign.width * 0.3) / marks.length
  const size = Math.min(step * 1.1, sign.width * 0.8)
  return marks
    .map((mark, i) =>
      drawText(mark, {
        x: sign.x + sign.width / 2 - textWidth(mark, size) / 2,
        y: sign.y + sign.width * 0.15 + step * (i + 0.5) + size * 0.36,
        size,
        fill,
      }),
    )
    .join('')
}

// Signs that look like writing and say nothing.
function drawCharacter(kind: number, { x, y }: Point, r: number): string {
  const at = (dx: number, dy: number): string => `${number(x + dx * r)} ${number(y + dy * r)}`
  const figures = [
    `M${at(-1, -1)}L${at(1, -1)}M${at(0, -1)}L${at(0, 1)}M${at(-0.8, 0)}L${at(0.8, 0)}`,
    `M${at(-1, -0.9)}L${at(1, -0.9)}L${at(0.6, 1)}M${at(-0.9, 0)}L${at(0.8, 0)}M${at(-0.3, -0.9)}L${at(-0.9, 1)}`,
    `M${at(-0.9, -0.9)}L${at(0.9, -0.9)}L${at(0.9, 0.9)}L${at(-0.9, 0.9)}L${at(-0.9, -0.9)}M${at(-0.9, 0)}L${at(0.9, 0)}`,
    `M${at(0, -1)}L${at(-1, 0.9)}M${at(0, -1)}L${at(1, 0.9)}M${at(-0.5, 0.2)}L${at(0.5, 0.2)}`,
    `M${at(-1, -0.5)}L${at(1, -0.5)}M${at(-0.5, -1)}L${at(-0.5, 1)}L${at(0.8, 1)}M${at(0.5, -1)}L${at(0.5, 0.3)}`,
  ]
  return figures[kind] ?? ''
}

function drawGround(stage: Stage, eye: Point): string {
  const { width, height, palette, defs } = stage
  const tone = atLightness(mix(palette.near, palette.sky[0], 0.4), palette.dark ? 0.17 : 0.5)
  const at = (side: number, depth: number): Point => seen(stage, eye, { side, up: -0.42, depth })
  const fill = defs.linear([
    [0, mix(tone, palette.glow, 0.6)],
    [0.16, mix(tone, palette.sky[2], 0.45)],
    [0.5, tone],
    [1, lighter(tone, -0.05)],
  ])
  const walk = lighter(tone, palette.dark ? 0.05 : 0.09)
  const curbs = [-1, 1]
    .map((hand) =>
      polygon([
        at(hand * STREET * 1.02, 14),
        at(hand * STREET * 0.66, 14),
        at(hand * STREET * 0.66, 0.4),
        at(hand * STREET * 1.6, 0.4),
      ]),
    )
    .join('')
  const stripes = Array.from({ length: 7 }, (_, i) => {
    const side = -0.6 + i * 0.19
    return polygon([at(side, 1.12), at(side + 0.1, 1.12), at(side + 0.1, 0.92), at(side, 0.92)])
  }).join('')
  const base = at(0, 14).y
  return [
    rect({ x: 0, y: base, width, height: height - base }, fill),
    shape(curbs, walk, 0.7),
    shape(stripes, palette.paper, palette.dark ? 0.2 : 0.5),
  ].join('')
}

function drawReflection(stage: Stage, sign: Sign, eye: Point, wet: boolean): string {
  const { height, palette, random, defs, unit } = stage
  if (!palette.dark) return ''
  const colour = mix(sign.colour, palette.paper, 0.1)
  const strength = wet ? 0.62 : 0.2
  const fill = defs.linear([
    [0, colour, 0],
    [0.18, colour, strength],
    [1, colour, 0],
  ])
  const distance = Math.abs(sign.x + sign.width / 2 - eye.x)
  const foot = Math.min(height * 0.86, eye.y + distance * 0.34)
  const long = Math.min(height - foot, sign.height * 1.5)
  let broken = ''
  for (let i = 0; i < 7; i++) {
    const y = foot + long * random.between(0.1, 0.9)
    broken += `M${number(sign.x + random.between(-0.5, 0.7) * sign.width)} ${number(y)}h${number(sign.width * random.between(0.4, 1))}`
  }
  return (
    rect({ x: sign.x, y: foot, width: sign.width, height: long }, fill) +
    line(broken, colour, 2.6 * unit, strength * 0.55)
  )
}

function drawWires({ width, palette, unit, random }: Stage, eye: Point): string {
  const data = [0.1, 0.19, 0.25].map((up) => {
    const y = eye.y * up * random.between(0.8, 1.2)
    return `M-5 ${number(y)}Q${number(width * 0.5)} ${number(y + eye.y * 0.22)} ${number(width + 5)} ${number(y * 0.7)}`
  })
  return line(data.join(''), palette.ink, 1.8 * unit, 0.75)
}

function drawPeople(stage: Stage, eye: Point): string {
  const { palette, random, words } = stage
  const umbrella = words.has('rain rainy wet umbrella дожд* βροχή')
  return [
    { side: -0.34, depth: 3.4 },
    { side: 0.22, depth: 2.5 },
    { side: 0.46, depth: 1.5 },
  ]
    .map(({ side, depth }, i) => {
      const foot = seen(stage, eye, { side: side + random.between(-0.06, 0.06), up: -0.42, depth })
      const size = (stage.unit * 250) / depth
      const fill = mix(palette.ink, palette.sky[2], 0.05 + depth * 0.05)
      const body = `M${number(foot.x - size * 0.09)} ${number(foot.y)}L${number(foot.x - size * 0.14)} ${number(foot.y - size * 0.72)}Q${number(foot.x)} ${number(foot.y - size * 0.92)} ${number(foot.x + size * 0.14)} ${number(foot.y - size * 0.72)}L${number(foot.x + size * 0.1)} ${number(foot.y)}L${number(foot.x + size * 0.02)} ${number(foot.y - size * 0.3)}L${number(foot.x - size * 0.02)} ${number(foot.y)}z`
      const head = { x: foot.x, y: foot.y - size * 0.93 }
      const r = size * 0.42
      const roof = `M${number(head.x - r)} ${number(head.y)}a${number(r)} ${number(r * 0.8)} 0 0 1 ${number(r * 2)} 0q${number(-r * 0.5)} ${number(-r * 0.2)} ${number(-r)} 0q${number(-r * 0.5)} ${number(-r * 0.2)} ${number(-r)} 0z`
      const shelter = umbrella ? shape(roof, mix(palette.accents[i % 3] ?? fill, palette.ink, 0.3)) : ''
      return shape(body, fill) + disc(head, size * 0.095, fill) + shelter
    })
    .join('')
}

function drawRain({ width, height, random, palette, unit }: Stage): string {
  let data = ''
  for (let i = 0; i < 110; i++) {
    const long = unit * random.between(22, 60)
    data += `M${number(random.between(0, width * 1.05))} ${number(random.between(-20, height))}l${number(-long * 0.16)} ${number(long)}`
  }
  return line(data, palette.paper, 1.3 * unit, 0.26)
}
