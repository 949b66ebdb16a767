import { atLightness, type Colour, lch, lighter, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, oval, type Point, polygon, rect, shape } from '../svg.ts'
import { drawPlant, drawVessel, type VesselKind } from './furniture.ts'

/** A person to the chest, without features, before a shelf, a plant or a plain disc, lit from one side. */
export function drawPortrait(stage: Stage): string {
  const { width, height, palette, random, defs, unit, words } = stage
  const wall = palette.dark
    ? atLightness(mix(palette.near, palette.accents[1], 0.2), 0.3)
    : mix(palette.sky[2], palette.far, 0.5)
  const back = defs.linear(
    [
      [0, mix(wall, palette.glow, 0.42)],
      [1, lighter(wall, -0.1)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0.7 },
  )
  const size = Math.min(unit * 300, height * 0.3)
  const at = { x: width * random.between(0.54, 0.58), y: height * 0.4 }
  const crafts = words.has(
    'ceramic* potter pottery shop studio workshop chef baker barista artist artisan craft*',
  )
  return [
    rect({ x: 0, y: 0, width, height }, back),
    crafts
      ? drawShelves(stage)
      : disc(
          { x: at.x - size * 0.1, y: at.y + size * 0.2 },
          size * 1.45,
          mix(palette.accents[1], palette.sky[2], 0.35),
        ),
    crafts ? drawWindowLight(stage) : drawPlant(stage, { x: width * 0.9, y: height * 0.98 }, size * 1.7),
    drawPerson(stage, at, size),
    words.has('ceramic* potter pottery clay vase') ? drawHeldVase(stage, at, size) : '',
  ].join('')
}

function drawShelves(stage: Stage): string {
  const { width, height, palette, random, unit } = stage
  const kinds: readonly [VesselKind, ...VesselKind[]] = ['vase', 'jar', 'jug', 'bowl', 'vase']
  const [one, two, three] = palette.accents
  const colours: readonly [Colour, ...Colour[]] = [
    one,
    mix(two, palette.paper, 0.3),
    mix(three, palette.paper, 0.2),
    palette.paper,
    palette.ground,
  ]
  const wood = mix(palette.near, lch(0.6, 0.08, 60), 0.6)
  let drawn = ''
  for (const y of [height * 0.27, height * 0.53]) {
    for (let x = 50 * unit; x < width; x += random.between(88, 124) * unit) {
      const colour = mix(random.pick(colours), palette.far, 0.3)
      drawn += drawVessel(stage, { x, y }, unit * random.between(88, 122), {
        kind: random.pick(kinds),
        colour,
      })
    }
    drawn +=
      rect({ x: 0, y, width, height: 12 * unit }, wood) +
      rect({ x: 0, y: y + 12 * unit, width, height: 9 * unit }, palette.ink, 0.16)
  }
  return drawn
}

function drawWindowLight({ width, height, palette, defs }: Stage): string {
  const light = defs.linear(
    [
      [0, palette.glow, 0.55],
      [1, palette.glow, 0.04],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0.5 },
  )
  const beam = (from: number, to: number): string =>
    polygon([
      { x: 0, y: height * from },
      { x: 0, y: height * to },
      { x: width * 0.62, y: height * (to + 0.42) },
      { x: width * 0.62, y: height * (from + 0.36) },
    ])
  return shape(beam(0.02, 0.2) + beam(0.26, 0.44), light)
}

function drawPerson(stage: Stage, at: Point, size: number): string {
  const { palette, random, height, defs, words } = stage
  const skin = lch(random.between(0.52, 0.78), 0.07, 52)
  const hair = random.pick([
    lch(0.24, 0.03, 50),
    lch(0.36, 0.06, 45),
    lch(0.66, 0.08, 75),
    lch(0.74, 0.01, 80),
  ])
  const cloth = mix(palette.accents[0], palette.near, 0.15)
  const apron = mix(palette.accents[2], palette.near, 0.35)
  const p = (x: number, y: number): string => `${number(at.x + x * size)} ${number(at.y + y * size)}`
  const sideLit = (colour: Colour): string =>
    defs.linear(
      [
        [0, mix(lighter(colour, 0.07), palette.glow, 0.18)],
        [0.55, colour],
        [1, lighter(colour, -0.12)],
      ],
      { x: 0, y: 0 },
      { x: 1, y: 0.15 },
    )
  const low = (height - at.y) / size + 0.05
  const body = `M${p(-0.28, 0.62)}C${p(-0.7, 0.76)} ${p(-1.08, 0.86)} ${p(-1.18, 1.4)}L${p(-1.3, low)}L${p(1.3, low)}L${p(1.18, 1.4)}C${p(1.08, 0.86)} ${p(0.7, 0.76)} ${p(0.28, 0.62)}z`
  const neck = `M${p(-0.2, 0.25)}L${p(-0.23, 0.66)}Q${p(0, 0.95)} ${p(0.23, 0.66)}L${p(0.2, 0.25)}z`
  const face = `M${p(-0.39, -0.12)}C${p(-0.4, 0.24)} ${p(-0.2, 0.5)} ${p(0, 0.5)}C${p(0.2, 0.5)} ${p(0.4, 0.24)} ${p(0.39, -0.12)}C${p(0.38, -0.5)} ${p(-0.38, -0.5)} ${p(-0.39, -0.12)}z`
  const shade = `M${p(0.02, -0.4)}Q${p(0.2, -0.1)} ${p(0.09, 0.1)}Q${p(0.16, 0.3)} ${p(0.02, 0.5)}C${p(0.2, 0.5)} ${p(0.4, 0.24)} ${p(0.39, -0.12)}C${p(0.38, -0.4)} ${p(0.15, -0.42)} ${p(0.02, -0.4)}z`
  const apronShape = `M${p(-0.42, 0.98)}Q${p(0, 1.1)} ${p(0.42, 0.98)}L${p(0.62, low)}L${p(-0.62, low)}z`
  const straps = `M${p(-0.38, 1)}L${p(-0.3, 0.66)}M${p(0.38, 1)}L${p(0.3, 0.66)}`
  const bald = words.has('bald')
  return [
    bald ? '' : drawHairBack(p, hair, random.whole(0, 2)),
    shape(body, sideLit(cloth)),
    shape(neck, lighter(skin, -0.09)),
    shape(apronShape, sideLit(apron)) + line(straps, apron, size * 0.07),
    shape(face, sideLit(skin)),
    shape(shade, lighter(skin, -0.1), 0.6),
    oval(
      { x: at.x - size * 0.4, y: at.y + size * 0.06 },
      { x: size * 0.055, y: size * 0.1 },
      lighter(skin, 0.02),
    ),
    bald
      ? ''
      : shape(
          `M${p(-0.43, 0.02)}C${p(-0.5, -0.5)} ${p(-0.2, -0.64)} ${p(0.04, -0.62)}C${p(0.36, -0.62)} ${p(0.5, -0.36)} ${p(0.43, 0.02)}Q${p(0.38, -0.22)} ${p(0.14, -0.3)}Q${p(-0.2, -0.24)} ${p(-0.34, -0.2)}Q${p(-0.4, -0.1)} ${p(-0.43, 0.02)}z`,
          sideLit(hair),
        ),
  ].join('')
}

function drawHairBack(p: (x: number, y: number) => string, hair: Colour, style: number): string {
  const dark = lighter(hair, -0.05)
  if (style === 0)
    return shape(
      `M${p(-0.45, -0.1)}C${p(-0.6, 0.5)} ${p(-0.5, 0.8)} ${p(-0.42, 0.9)}L${p(0.42, 0.9)}C${p(0.5, 0.8)} ${p(0.6, 0.5)} ${p(0.45, -0.1)}C${p(0.4, -0.6)} ${p(-0.4, -0.6)} ${p(-0.45, -0.1)}z`,
      dark,
    )
  if (style === 1)
    return shape(
      `M${p(-0.2, -0.68)}C${p(-0.2, -0.98)} ${p(0.24, -0.98)} ${p(0.24, -0.68)}C${p(0.24, -0.46)} ${p(-0.2, -0.46)} ${p(-0.2, -0.68)}z`,
      dark,
    )
  return shape(
    `M${p(-0.46, 0.05)}C${p(-0.52, 0.3)} ${p(-0.42, 0.4)} ${p(-0.36, 0.42)}L${p(0.36, 0.42)}C${p(0.42, 0.4)} ${p(0.52, 0.3)} ${p(0.46, 0.05)}z`,
    dark,
  )
}

function drawHeldVase(stage: Stage, at: Point, size: number): string {
  const { palette, height } = stage
  const foot = { x: at.x + size * 0.03, y: Math.min(height * 0.99, at.y + size * 1.92) }
  const colour = mix(palette.paper, palette.accents[1], 0.3)
  const sleeve = mix(palette.accents[0], palette.near, 0.22)
  const arm = (side: number): string =>
    `M${number(at.x + side * size * 1.14)} ${number(foot.y + size * 0.06)}Q${number(at.x + side * size * 0.9)} ${number(foot.y - size * 0.06)} ${number(at.x + side * size * 0.42)} ${number(foot.y - size * 0.3)}`
  return (
    line(arm(-1) + arm(1), sleeve, size * 0.25) +
    drawVessel(stage, foot, size * 0.92, { kind: 'vase', colour })
  )
}
