import { atLightness, type Colour, hex, lighter, mix } from '../colour.ts'
import { drawConifers } from '../growth.ts'
import { drawRidge, makeRidge } from '../land.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, polygon, rect, shape } from '../svg.ts'
import { drawText, textWidth } from '../text.ts'

/** A travel poster: rays around a great sun, a place below it, a paper border, and the lettering the prompt asks for. */
export function drawPoster(stage: Stage): string {
  const { width, height, palette, unit, words, random } = stage
  const horizon = height * 0.6
  const sun = { x: width * random.pick([0.5, 0.5, 0.64]), y: horizon - height * 0.08 }
  const ground = words.has('mountain alp* ski hut peak lake forest park гор*')
    ? drawHills(stage, horizon)
    : drawTown(stage, horizon)
  return [
    drawRays(stage, sun),
    disc(sun, unit * 215, mix(palette.glow, palette.accents[1], 0.45), 0.45),
    disc(sun, unit * 165, mix(palette.glow, palette.accents[1], 0.25)),
    ground,
    drawFrame(stage),
    drawLettering(stage),
  ].join('')
}

function drawRays(
  { width, height, palette, defs }: Stage,
  sun: { readonly x: number; readonly y: number },
): string {
  const [top, middle, low] = palette.sky
  const sky = defs.linear([
    [0, mix(top, middle, 0.35)],
    [0.62, low],
    [1, low],
  ])
  const far = Math.hypot(width, height)
  let rays = ''
  for (let i = 0; i < 24; i += 1) {
    const from = (i / 24) * Math.PI * 2
    const to = from + Math.PI / 24
    rays += polygon([
      sun,
      { x: sun.x + Math.cos(from) * far, y: sun.y + Math.sin(from) * far },
      { x: sun.x + Math.cos(to) * far, y: sun.y + Math.sin(to) * far },
    ])
  }
  return rect({ x: 0, y: 0, width, height }, sky) + shape(rays, mix(palette.glow, palette.paper, 0.3), 0.24)
}

function drawHills(stage: Stage, horizon: number): string {
  const { palette, height, unit } = stage
  return [0, 0.35, 0.7, 1]
    .map((share, i) => {
      const ridge = makeRidge(
        stage,
        i < 2 ? 'peak' : 'hill',
        horizon + height * share * 0.27,
        unit * (120 - share * 70),
      )
      const colour = palette.layer(0.15 + share * 0.8)
      return (
        (i > 1
          ? drawConifers(stage, ridge, { every: 34 * unit, size: 80 * unit }, lighter(colour, -0.06))
          : '') + drawRidge(stage, ridge, colour, mix(palette.sky[2], palette.far, 0.5))
      )
    })
    .join('')
}

// A town that climbs a hill above water: walls in pale colours, tiled roofs, a dome.
function drawTown(stage: Stage, horizon: number): string {
  const { width, height, palette, random, unit, defs } = stage
  const [one, two, three] = palette.accents
  const walls: readonly [Colour, ...Colour[]] = [
    mix(palette.paper, one, 0.12),
    mix(palette.paper, two, 0.32),
    mix(palette.paper, three, 0.3),
    palette.paper,
    mix(palette.paper, one, 0.3),
  ]
  const water = height * 0.8
  const hill = (x: number): number =>
    horizon +
    height * 0.06 -
    unit * 150 * Math.exp(-(((x / width - 0.7) / 0.25) ** 2)) -
    unit * 60 * Math.exp(-(((x / width - 0.2) / 0.2) ** 2))
  const parts = [
    drawRidge(
      stage,
      makeRidge(stage, 'hill', horizon + unit * 10, unit * 40),
      mix(palette.far, palette.sky[2], 0.4),
      palette.sky[2],
    ),
  ]
  for (let row = 0; row < 5; row++) {
    const share = row / 4
    for (let x = -20 * unit - row * 9; x < width; x += unit * random.between(46, 72)) {
      const base = hill(x) + (water + unit * 30 - hill(x)) * (0.16 + share * 0.84)
      const house = {
        x,
        y: base - unit * random.between(66, 112),
        width: unit * random.between(44, 74),
        height: unit * 150,
      }
      parts.push(drawHouse(stage, house, mix(random.pick(walls), palette.sky[2], 0.32 - share * 0.3), one))
    }
    if (row === 1) parts.push(drawDome(stage, { x: width * 0.7, y: hill(width * 0.7) + unit * 40 }))
  }
  const sea = defs.linear([
    [0, mix(palette.sky[1], three, 0.35)],
    [1, atLightness(mix(palette.near, three, 0.4), 0.34)],
  ])
  parts.push(rect({ x: 0, y: water, width, height: height - water }, sea))
  let waves = ''
  for (let i = 0; i < 46; i++)
    waves += `M${number(random.between(0, width))} ${number(water + random.next() ** 1.2 * (height - water))}h${number(unit * random.between(18, 70))}`
  parts.push(line(waves, mix(palette.paper, palette.glow, 0.5), 3 * unit, 0.5))
  return parts.join('')
}

function drawHouse(
  stage: Stage,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  wall: Colour,
  accent: Colour,
): string {
  const { random, unit, palette } = stage
  const { x, y, width } = box
  const roof = mix(mix(accent, { l: 0.6, a: 0.1, b: 0.08 }, 0.5), wall, 0.15)
  const rise = unit * 17
  const columns = width > unit * 56 ? 3 : 2
  let panes = ''
  for (let row = 0; row < 3; row++) {
    for (let i = 0; i < columns; i++) {
      panes += `M${number(x + (width * (i + 0.5)) / columns - 5 * unit)} ${number(y + (12 + row * 26) * unit)}h${number(9 * unit)}v${number(14 * unit)}h${number(-9 * unit)}z`
    }
  }
  const gable = random.chance(0.45)
    ? [
        { x: x - 3, y },
        { x: x + width / 2, y: y - rise * 1.5 },
        { x: x + width + 3, y },
      ]
    : [
        { x: x - 3, y },
        { x: x + width * 0.14, y: y - rise },
        { x: x + width * 0.86, y: y - rise },
        { x: x + width + 3, y },
      ]
  return [
    rect(box, wall),
    rect({ ...box, x: x + width * 0.72, width: width * 0.28 }, palette.near, 0.1),
    shape(panes, mix(palette.near, wall, 0.35), 0.75),
    shape(polygon(gable), roof),
  ].join('')
}

function drawDome({ palette, unit }: Stage, foot: { readonly x: number; readonly y: number }): string {
  const wall = mix(palette.paper, palette.glow, 0.3)
  const r = 52 * unit
  const { x, y } = foot
  return [
    rect({ x: x - r * 1.1, y: y - r * 1.2, width: r * 2.2, height: r * 2.4 }, wall),
    shape(
      `M${number(x - r)} ${number(y - r * 1.2)}a${number(r)} ${number(r * 1.15)} 0 0 1 ${number(r * 2)} 0z`,
      mix(palette.paper, palette.accents[2], 0.35),
    ),
    rect({ x: x - r * 0.14, y: y - r * 2.75, width: r * 0.28, height: r * 0.5 }, wall),
    ...[-1.55, 1.25].map((at) =>
      rect({ x: x + at * r, y: y - r * 1.9, width: r * 0.36, height: r * 3 }, mix(wall, palette.near, 0.05)),
    ),
    ...[-1.55, 1.25].map((at) =>
      shape(
        polygon([
          { x: x + at * r - 2, y: y - r * 1.9 },
          { x: x + (at + 0.18) * r, y: y - r * 2.5 },
          { x: x + (at + 0.36) * r + 2, y: y - r * 1.9 },
        ]),
        palette.accents[0],
      ),
    ),
  ].join('')
}

function drawFrame({ width, height, palette, unit }: Stage): string {
  const edge = Math.min(width, height) * 0.032
  const paper = mix(palette.paper, palette.glow, 0.2)
  const frame = `M0 0H${number(width)}V${number(height)}H0zM${number(edge)} ${number(edge)}V${number(height - edge)}H${number(width - edge)}V${number(edge)}z`
  const rule = `M${number(edge * 1.5)} ${number(edge * 1.5)}H${number(width - edge * 1.5)}V${number(height - edge * 1.5)}H${number(edge * 1.5)}z`
  return shape(frame, paper) + line(rule, paper, 2 * unit, 0.65)
}

function drawLettering({ width, height, palette, lettering }: Stage): string {
  if (lettering === '') return ''
  const spacing = 0.1
  // As wide as the picture allows, and never higher than the sky.
  const size = Math.min(
    (width * 0.7) / Math.max(textWidth(lettering, 1, spacing), 0.1),
    height * 0.2,
    width * 0.2,
  )
  const x = (width - textWidth(lettering, size, spacing)) / 2
  const y = height * 0.115 + size * 0.727
  const dark = atLightness(mix(palette.near, palette.accents[0], 0.25), 0.27)
  const fill = palette.sky[0].l > 0.6 ? dark : mix(palette.paper, palette.glow, 0.25)
  const rule = width * 0.12
  return (
    drawText(lettering, { x, y, size, fill: hex(fill), spacing }) +
    line(`M${number(width / 2 - rule)} ${number(y + size * 0.26)}h${number(rule * 2)}`, fill, size * 0.03)
  )
}
