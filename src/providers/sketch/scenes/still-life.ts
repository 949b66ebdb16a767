import { atLightness, type Colour, lch, lighter, mix } from '../colour.ts'
import { circlePath } from '../growth.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, oval, type Point, polygon, rect, shape } from '../svg.ts'
import { drawTwig, drawVessel, type VesselKind } from './furniture.ts'
import { drawFruit, fruitOf } from './fruit.ts'

/** Things on a table before a lit wall: fruit, vessels, a cup, as the words say; close up, one great fruit with dew. */
export function drawStillLife(stage: Stage): string {
  const { words } = stage
  if (words.has('macro closeup close detail') && fruitOf(words) !== null) return drawMacro(stage)
  if (words.has('flat lay flatlay overhead top-down')) return drawFlatLay(stage)
  return drawTable(stage)
}

function drawMacro(stage: Stage): string {
  const { width, height, palette, random, defs, unit } = stage
  const kind = fruitOf(stage.words) ?? 'apple'
  const deep = atLightness(mix(palette.near, palette.ground, 0.4), 0.2)
  const back = defs.linear(
    [
      [0, mix(deep, palette.ground, 0.4)],
      [0.6, deep],
      [1, lighter(deep, -0.05)],
    ],
    { x: 0, y: 0 },
    { x: 0.7, y: 1 },
  )
  let bokeh = ''
  for (let i = 0; i < 15; i++) {
    const colour = random.pick([palette.glow, palette.accents[1], mix(palette.ground, palette.glow, 0.5)])
    bokeh += disc(
      { x: random.between(0, width), y: random.between(0, height * 0.8) },
      unit * random.between(26, 120),
      colour,
      random.between(0.04, 0.13),
    )
  }
  const size = unit * random.between(330, 365)
  const at = { x: width * random.between(0.55, 0.6), y: height * 0.47 }
  const half = drawFruit(stage, { x: at.x + size * 1.05, y: at.y + size * 0.42 }, size * 0.6, kind)
  return (
    rect({ x: 0, y: 0, width, height }, back) +
    bokeh +
    half +
    drawFruit(stage, at, size, kind) +
    drawDew(stage, at, size)
  )
}

function drawDew(stage: Stage, at: Point, size: number): string {
  const { random, palette, defs } = stage
  const drop = defs.linear([
    [0, palette.ink, 0.28],
    [0.55, palette.paper, 0.1],
    [1, palette.paper, 0.55],
  ])
  let bodies = ''
  let lights = ''
  let drawn = ''
  for (let i = 0; i < 54; i++) {
    const angle = random.between(0, Math.PI * 2)
    const out = Math.sqrt(random.next()) * 0.76 * size
    const spot = { x: at.x + Math.cos(angle) * out * 0.92, y: at.y + Math.sin(angle) * out + size * 0.1 }
    const radius = size * (i < 9 ? random.between(0.03, 0.055) : random.between(0.007, 0.022))
    if (i < 20) drawn += oval(spot, { x: radius, y: radius * 1.1 }, drop)
    else bodies += circlePath(spot.x, spot.y, radius)
    lights += circlePath(spot.x - radius * 0.35, spot.y - radius * 0.45, radius * 0.24)
  }
  return shape(bodies, palette.paper, 0.3) + drawn + shape(lights, palette.paper, 0.92)
}

function drawTable(stage: Stage): string {
  const { width, height, palette, random, defs, unit, words } = stage
  const edge = height * random.between(0.6, 0.65)
  const wall = palette.dark
    ? atLightness(mix(palette.near, palette.accents[0], 0.15), 0.3)
    : mix(palette.sky[2], palette.far, 0.42)
  const back = defs.linear(
    [
      [0, mix(wall, palette.glow, 0.4)],
      [1, lighter(wall, -0.08)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0.8 },
  )
  const cloth = palette.dark ? lighter(wall, -0.08) : mix(palette.paper, palette.ground, 0.22)
  const table = defs.linear([
    [0, lighter(cloth, 0.02)],
    [1, lighter(cloth, -0.12)],
  ])
  const beam = defs.linear([
    [0, palette.glow, 0.5],
    [1, palette.glow, 0.08],
  ])
  const x = width * random.between(0.16, 0.26)
  const slant = width * 0.32
  const shine = [0, 1]
    .map((i) =>
      polygon([
        { x: x + i * width * 0.15, y: 0 },
        { x: x + i * width * 0.15 + width * 0.12, y: 0 },
        { x: x + i * width * 0.15 + width * 0.12 + slant, y: edge },
        { x: x + i * width * 0.15 + slant, y: edge },
      ]),
    )
    .join('')
  const arch = words.has('arch minimal product cosmetic* perfume') ? drawArch(stage, edge) : ''
  return [
    rect({ x: 0, y: 0, width, height: edge }, back),
    arch,
    shape(shine, beam),
    rect({ x: 0, y: edge, width, height: height - edge }, table),
    rect({ x: 0, y: edge, width, height: 5 * unit }, palette.glow, 0.35),
    drawThings(stage, edge + (height - edge) * 0.26),
  ].join('')
}

function drawArch({ width, palette, unit }: Stage, edge: number): string {
  const half = 210 * unit
  const x = width * 0.58
  const top = edge - 400 * unit
  const outline = `M${number(x - half)} ${number(edge)}V${number(top)}a${number(half)} ${number(half)} 0 0 1 ${number(half * 2)} 0V${number(edge)}z`
  return shape(outline, mix(palette.accents[0], palette.sky[2], 0.45), 0.85)
}

function drawThings(stage: Stage, y: number): string {
  const { width, palette, random, unit, words } = stage
  const [one, two, three] = palette.accents
  const kinds: readonly [VesselKind, ...VesselKind[]] = ['vase', 'jug', 'bottle']
  const kind = words.has('bottle perfume wine oil serum whisky')
    ? 'bottle'
    : words.has('vase flower bouquet ceramic*')
      ? 'vase'
      : random.pick(kinds)
  const middle = width * random.between(0.53, 0.57)
  const fruit = fruitOf(words) ?? random.pick(['pear', 'orange', 'apple', 'lemon'])
  const tall = { x: middle - 60 * unit, y: y - 22 * unit }
  const twigs =
    kind === 'bottle'
      ? ''
      : [-0.42, 0.05, 0.4]
          .map((lean) => drawTwig(stage, { x: tall.x, y: tall.y - 300 * unit }, 250 * unit, lean))
          .join('')
  const cup = words.has('coffee cup tea espresso latte breakfast mug matcha')
    ? drawCup(stage, { x: middle + 190 * unit, y: y + 14 * unit }, 120 * unit, three)
    : ''
  const place = (dx: number, size: number): string =>
    drawFruit(stage, { x: middle + dx * unit, y: y - size * unit * 0.72 }, size * unit, fruit)
  return [
    twigs,
    drawVessel(stage, tall, 345 * unit, { kind, colour: mix(one, palette.paper, 0.12) }),
    drawVessel(stage, { x: middle - 290 * unit, y: y - 10 * unit }, 190 * unit, {
      kind: 'jar',
      colour: mix(two, palette.paper, 0.3),
    }),
    cup,
    place(cup === '' ? 130 : 350, 66),
    place(cup === '' ? 258 : 470, 60),
    cup === '' ? place(200, 56) : '',
  ].join('')
}

function drawCup(stage: Stage, foot: Point, size: number, colour: Colour): string {
  const { palette } = stage
  const rim = { x: foot.x, y: foot.y - size * 0.78 }
  const steam = [-0.2, 0.12]
    .map(
      (dx) =>
        `M${number(rim.x + dx * size)} ${number(rim.y - size * 0.2)}q${number(size * 0.16)} ${number(-size * 0.24)} 0 ${number(-size * 0.46)}t0 ${number(-size * 0.46)}`,
    )
    .join('')
  const handle = `M${number(foot.x + size * 0.5)} ${number(foot.y - size * 0.62)}q${number(size * 0.36)} 0 ${number(size * 0.3)} ${number(size * 0.22)}t${number(-size * 0.4)} ${number(size * 0.2)}`
  return [
    oval(foot, { x: size * 0.95, y: size * 0.14 }, mix(palette.paper, colour, 0.2)),
    line(handle, mix(colour, palette.paper, 0.4), size * 0.09),
    drawVessel(stage, foot, size * 1.15, { kind: 'bowl', colour: mix(colour, palette.paper, 0.45) }),
    oval({ x: rim.x, y: foot.y - size * 0.47 }, { x: size * 0.55, y: size * 0.1 }, lch(0.33, 0.06, 50)),
    line(steam, palette.paper, size * 0.05, 0.45),
  ].join('')
}

function drawFlatLay(stage: Stage): string {
  const { width, height, palette, random, unit } = stage
  const [one, two, three] = palette.accents
  const wood = mix(palette.far, one, 0.25)
  const parts = [rect({ x: 0, y: 0, width, height }, wood)]
  const cloth = mix(palette.paper, two, 0.15)
  parts.push(
    `<g transform="rotate(${number(random.between(-16, 16))} ${number(width * 0.6)} ${number(height * 0.5)})">${rect({ x: width * 0.36, y: -height * 0.2, width: width * 0.46, height: height * 1.4 }, cloth)}${rect({ x: width * 0.385, y: -height * 0.2, width: 7 * unit, height: height * 1.4 }, one, 0.5)}${rect({ x: width * 0.79, y: -height * 0.2, width: 7 * unit, height: height * 1.4 }, one, 0.5)}</g>`,
  )
  const plates = [
    { at: { x: width * 0.6, y: height * 0.42 }, r: 225, colour: palette.paper },
    { at: { x: width * 0.24, y: height * 0.25 }, r: 150, colour: mix(three, palette.paper, 0.3) },
    { at: { x: width * 0.9, y: height * 0.74 }, r: 130, colour: mix(two, palette.paper, 0.25) },
  ]
  for (const { at, r, colour } of plates) {
    const radius = r * unit
    parts.push(
      disc({ x: at.x + radius * 0.1, y: at.y + radius * 0.12 }, radius, palette.ink, 0.22),
      disc(at, radius, colour),
    )
    parts.push(
      disc(at, radius * 0.78, lighter(colour, -0.04)),
      disc(at, radius * 0.74, lighter(colour, 0.01)),
    )
  }
  parts.push(
    disc({ x: width * 0.24, y: height * 0.25 }, 104 * unit, lch(0.36, 0.06, 50)),
    disc({ x: width * 0.225, y: height * 0.235 }, 64 * unit, lch(0.62, 0.08, 62), 0.55),
  )
  const fruit = fruitOf(stage.words)
  const spots = [
    [0.55, 0.38],
    [0.65, 0.4],
    [0.59, 0.52],
    [0.89, 0.72],
    [0.42, 0.14],
    [0.8, 0.16],
  ] as const
  for (const [x, y] of spots)
    parts.push(
      drawFruit(stage, { x: width * x, y: height * y }, unit * random.between(46, 62), fruit ?? 'orange'),
    )
  parts.push(
    drawTwig(stage, { x: width * 0.5, y: height * 0.93 }, 300 * unit, -0.5),
    drawTwig(stage, { x: width * 0.93, y: height * 0.4 }, 260 * unit, 0.3),
  )
  return parts.join('')
}
