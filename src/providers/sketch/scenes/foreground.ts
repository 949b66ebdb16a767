import { atLightness, lighter, mix } from '../colour.ts'
import { drawBlades } from '../growth.ts'
import type { Stage } from '../stage.ts'
import { line, number, pair, type Point, polygon, rect, shape } from '../svg.ts'

/** What stands on the nearest land: a road, a hut, grain, cacti or nothing, as the words say. */
export function drawForeground(stage: Stage, horizon: number): string {
  const { words } = stage
  const parts: string[] = []
  if (words.has('road highway route path trail track дорог* δρόμος')) parts.push(drawRoad(stage, horizon))
  if (words.has('wheat field grain barley meadow prairie savanna* поле'))
    parts.push(drawField(stage, horizon))
  if (words.has('desert cactus canyon western mesa')) parts.push(drawCacti(stage, horizon))
  if (words.has('lavender tulip vineyard tea')) parts.push(drawRows(stage, horizon))
  return parts.join('')
}

function drawRoad(stage: Stage, horizon: number): string {
  const { width, height, palette, random, defs } = stage
  const end = { x: width * random.between(0.46, 0.6), y: horizon + height * 0.045 }
  const bend = width * random.pick([-0.14, 0.14])
  const asphalt = atLightness(mix(palette.near, palette.ink, 0.5), palette.dark ? 0.22 : 0.34)
  const fill = defs.linear([
    [0, mix(asphalt, palette.far, 0.6)],
    [0.5, asphalt],
    [1, lighter(asphalt, -0.05)],
  ])
  const bottom = { x: width * 0.56, half: width * 0.3 }
  const edge = (share: number): string =>
    `Q${pair({ x: end.x + bend, y: end.y + (height - end.y) * 0.28 })} ${pair({ x: bottom.x + bottom.half * share, y: height + 4 })}`
  const half = width * 0.006
  const left = `M${pair({ x: end.x - half, y: end.y })}${edge(-1)}`
  const back = `L${pair({ x: bottom.x + bottom.half, y: height + 4 })}Q${pair({ x: end.x + bend + width * 0.035, y: end.y + (height - end.y) * 0.28 })} ${pair({ x: end.x + half, y: end.y })}z`
  let dashes = ''
  for (let i = 0; i < 9; i++) {
    const from = (i / 9) ** 1.9
    const to = ((i + 0.5) / 9) ** 1.9
    dashes += dash(
      along(end, bend, bottom.x, { height, share: from }),
      along(end, bend, bottom.x, { height, share: to }),
      width * 0.006,
    )
  }
  return shape(left + back, fill) + shape(dashes, mix(palette.accents[1], palette.paper, 0.4), 0.9)
}

function along(
  end: Point,
  bend: number,
  bottom: number,
  at: { readonly height: number; readonly share: number },
): Point {
  const t = at.share
  const control = { x: end.x + bend + 8, y: end.y + (at.height - end.y) * 0.28 }
  return {
    x: (1 - t) ** 2 * end.x + 2 * t * (1 - t) * control.x + t * t * bottom,
    y: (1 - t) ** 2 * end.y + 2 * t * (1 - t) * control.y + t * t * (at.height + 4),
  }
}

function dash(from: Point, to: Point, half: number): string {
  return polygon([
    { x: from.x - half * 0.6, y: from.y },
    { x: from.x + half * 0.6, y: from.y },
    { x: to.x + half, y: to.y },
    { x: to.x - half, y: to.y },
  ])
}

// Wedges of standing grain that run to one point, and ears in front.
function drawField(stage: Stage, horizon: number): string {
  const { width, height, palette, random, unit, words, defs } = stage
  const grain = words.has('wheat grain barley field поле')
  const tone = grain ? mix(palette.ground, palette.layer(0.5), 0.2) : palette.layer(0.72)
  const top = horizon + height * 0.1
  const centre = { x: width * random.between(0.35, 0.65), y: top - height * 0.04 }
  const ground = defs.linear([
    [0, mix(tone, palette.far, 0.35)],
    [0.35, tone],
    [1, mix(tone, palette.near, 0.6)],
  ])
  let drawn = rect({ x: 0, y: top, width, height: height - top }, ground)
  let furrows = ''
  for (let i = -9; i <= 9; i++) {
    const x = width * (0.5 + i * 0.17)
    furrows += polygon([
      { x: centre.x + i * width * 0.026, y: top },
      { x: x + width * 0.035, y: height },
      { x: x - width * 0.03, y: height },
    ])
  }
  drawn += shape(furrows, mix(tone, palette.near, 0.6), 0.38)
  for (let row = 0; row < 5; row++)
    drawn += drawTufts(stage, top + (height - top) * (0.08 + row * 0.16), 0.35 + row * 0.2)
  const shades = [mix(tone, palette.near, 0.55), mix(tone, palette.glow, 0.2), mix(tone, palette.near, 0.25)]
  return drawn + drawBlades(stage, { every: 15 * unit, size: 150 * unit }, shades)
}

function drawTufts(stage: Stage, y: number, scale: number): string {
  const { width, random, unit, palette } = stage
  let data = ''
  for (let x = 0; x < width; x += unit * random.between(12, 40) * scale + 6 * unit) {
    const size = unit * random.between(18, 34) * scale
    data += `M${number(x)} ${number(y + random.between(-9, 9) * unit)}q${number(size * 0.1)} ${number(-size * 0.6)} ${number(size * 0.35)} ${number(-size)}`
  }
  return line(data, mix(palette.ground, palette.glow, 0.5), 2.6 * unit * scale, 0.5)
}

// Rows of bushes in bands of two colours.
function drawRows(stage: Stage, horizon: number): string {
  const { width, height, palette, random } = stage
  const top = horizon + height * 0.13
  const centre = width * random.between(0.3, 0.7)
  let drawn = ''
  for (let i = -12; i <= 12; i++) {
    const x = width * 0.5 + i * width * 0.14
    const from = centre + i * width * 0.014
    const wedge = polygon([
      { x: from, y: top },
      { x: from + width * 0.008, y: top },
      { x: x + width * 0.09, y: height },
      { x, y: height },
    ])
    drawn += shape(wedge, mix(palette.accents[0], palette.near, 0.22 + random.between(0, 0.16)), 0.9)
  }
  return drawn
}

function drawCacti(stage: Stage, horizon: number): string {
  const { width, height, palette, random, unit } = stage
  const spots = [
    { x: 0.86, y: 0.74, size: 190 },
    { x: 0.13, y: 0.6, size: 110 },
    { x: 0.72, y: 0.5, size: 70 },
  ]
  return spots
    .map((spot) => {
      const x = width * (spot.x + random.between(-0.04, 0.04))
      const y = horizon + (height - horizon) * spot.y
      const size = spot.size * unit
      const fill = mix(palette.near, palette.ink, spot.size / 400)
      const arm = (side: number, from: number): string =>
        `M${number(x)} ${number(y - size * from)}h${number(side * size * 0.2)}q${number(side * size * 0.06)} 0 ${number(side * size * 0.06)} ${number(-size * 0.08)}v${number(-size * 0.22)}`
      return (
        line(`M${number(x)} ${number(y)}V${number(y - size)}`, fill, size * 0.14) +
        line(arm(-1, 0.42) + arm(1, 0.32), fill, size * 0.095)
      )
    })
    .join('')
}
