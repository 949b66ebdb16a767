import { atLightness, lighter, mix } from '../colour.ts'
import { makeRidge } from '../land.ts'
import { drawClouds, drawHeapedCloud, drawSky, drawSun } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { line, number, pair, type Point, polygon, rect, shape, softCurve } from '../svg.ts'
import { drawLampGlow } from './furniture.ts'

/** The open sea or a lake under a low sun: islands, swell, a boat or a lighthouse. */
export function drawSea(stage: Stage): string {
  const { width, height, random, unit, words } = stage
  const horizon = height * random.between(0.46, 0.54)
  const sun = { x: width * random.pick([0.34, 0.62, 0.7]), y: horizon - unit * random.between(20, 170) }
  const storm = words.has('storm* tempest rough')
  const parts = [drawSky(stage, horizon)]
  if (!storm) parts.push(drawSun(stage, sun, unit * random.between(52, 74)))
  parts.push(drawClouds(stage, height * 0.06, horizon * 0.8, 7))
  if (storm || random.chance(0.35))
    parts.push(drawHeapedCloud(stage, { x: width * 0.05, y: horizon - unit * 12 }, unit * 330, 0.7))
  parts.push(drawIslands(stage, horizon), drawWater(stage, horizon, sun.x))
  if (words.has('lighthouse beacon маяк* φάρος')) parts.push(drawLighthouse(stage, horizon))
  else if (words.has('cliff coast beach shore harbour harbor берег*')) parts.push(drawBeach(stage))
  if (!words.has('lighthouse beacon') || words.has('boat sail* ship'))
    parts.push(
      drawBoat(stage, { x: width * random.between(0.66, 0.8), y: horizon + height * 0.1 }, 92 * unit),
    )
  return parts.join('')
}

function drawIslands(stage: Stage, horizon: number): string {
  const { width, height, palette, random, unit } = stage
  const haze = palette.sky[2]
  let drawn = ''
  for (const share of [0.1, 0.45]) {
    const ridge = makeRidge(stage, 'hill', horizon + unit * 16, unit * random.between(34, 58))
    const from = random.pick([-0.1, 0.45]) * width
    const to = from + width * 0.65
    const points = ridge.points
      .filter((point) => point.x > from && point.x < to)
      .map((point) => {
        const edge = Math.min(1, Math.min(point.x - from, to - point.x) / (150 * unit))
        return { x: point.x, y: horizon + 4 - Math.max(0, horizon + unit * 14 - point.y) * edge }
      })
    const first = points[0]
    if (first === undefined) continue
    drawn += shape(
      `M${pair({ x: first.x, y: horizon + 4 })}${softCurve(points)}V${number(Math.min(height, horizon + 4))}z`,
      mix(palette.layer(share), haze, 0.4 - share * 0.3),
    )
  }
  return drawn
}

function drawWater(stage: Stage, horizon: number, sunX: number): string {
  const { width, height, palette, random, unit, defs } = stage
  const deep = atLightness(mix(palette.near, palette.ground, 0.4), palette.dark ? 0.22 : 0.4)
  const fill = defs.linear([
    [0, mix(palette.sky[2], deep, 0.25)],
    [0.22, mix(deep, palette.sky[1], 0.5)],
    [0.6, mix(deep, palette.sky[0], 0.2)],
    [1, lighter(deep, -0.06)],
  ])
  let swell = ''
  for (let row = 0; row < 5; row++) {
    const y = horizon + (height - horizon) * (0.16 + row * 0.19)
    const wave = unit * (16 + row * 26)
    const points = Array.from({ length: Math.ceil(width / wave) + 3 }, (_, i) => ({
      x: (i - 1) * wave * 1.1,
      y: y + (i % 2 === 0 ? -0.16 : 0.16) * wave * random.between(0.4, 1),
    }))
    swell += shape(
      `M-40 ${number(height)}${softCurve(points)}V${number(height)}z`,
      mix(deep, palette.sky[1], 0.45 - row * 0.1),
      0.34,
    )
  }
  let glitter = ''
  let crests = ''
  for (let i = 0; i < 90; i++) {
    const near = random.next() ** 1.2
    const y = horizon + (height - horizon) * near + 3
    const long = unit * random.between(16, 70) * (0.35 + near)
    const reach = unit * (26 + near * 170)
    glitter += `M${number(sunX + random.between(-reach, reach) - long / 2)} ${number(y)}h${number(long)}`
    if (i % 2 === 0)
      crests += `M${number(random.between(-20, width))} ${number(y)}q${number(long / 2)} ${number(-unit * 5 * near)} ${number(long)} 0`
  }
  return [
    rect({ x: 0, y: horizon, width, height: height - horizon }, fill),
    swell,
    line(crests, palette.sky[2], unit * 2.2, 0.3),
    line(glitter, palette.glow, unit * 3.4, 0.66),
  ].join('')
}

function drawBoat(stage: Stage, foot: Point, size: number): string {
  const { palette } = stage
  const p = (x: number, y: number): string => `${number(foot.x + x * size)} ${number(foot.y + y * size)}`
  return [
    line(
      `M${p(-0.5, 0.2)}h${number(size)}M${p(-0.3, 0.32)}h${number(size * 0.5)}`,
      palette.paper,
      size * 0.03,
      0.35,
    ),
    shape(
      `M${p(0.03, -1.15)}Q${p(0.72, -0.5)} ${p(0.6, -0.12)}L${p(0.03, -0.12)}z`,
      mix(palette.paper, palette.glow, 0.3),
    ),
    shape(
      `M${p(-0.04, -1.0)}Q${p(-0.44, -0.45)} ${p(-0.42, -0.12)}L${p(-0.04, -0.12)}z`,
      mix(palette.accents[0], palette.paper, 0.1),
    ),
    line(`M${p(0, -1.18)}L${p(0, 0)}`, palette.ink, size * 0.028),
    shape(
      `M${p(-0.55, -0.06)}L${p(0.66, -0.06)}Q${p(0.5, 0.16)} ${p(0.36, 0.17)}L${p(-0.36, 0.17)}Q${p(-0.5, 0.1)} ${p(-0.55, -0.06)}z`,
      mix(palette.ink, palette.accents[0], 0.25),
    ),
  ].join('')
}

function drawLighthouse(stage: Stage, horizon: number): string {
  const { width, height, palette, unit, random, defs } = stage
  const x = width * random.pick([0.74, 0.7, 0.3])
  const foot = horizon + height * 0.06
  const tall = unit * 300
  const top = foot - tall
  const half = (share: number): number => unit * (34 - share * 12)
  const rock = mix(palette.near, palette.ink, 0.35)
  const beam = defs.linear(
    [
      [0, palette.lamp, 0.6],
      [1, palette.lamp, 0],
    ],
    { x: x > width / 2 ? 1 : 0, y: 0 },
    { x: x > width / 2 ? 0 : 1, y: 0 },
  )
  const toward = x > width / 2 ? -1 : 1
  const light = polygon([
    { x, y: top - 18 * unit },
    { x: x + toward * 620 * unit, y: top - 130 * unit },
    { x: x + toward * 620 * unit, y: top + 70 * unit },
  ])
  const y = (share: number): number => foot - tall * share
  const bands = Array.from({ length: 5 }, (_, i) => {
    const from = i / 5
    const to = (i + 1) / 5
    return shape(
      polygon([
        { x: x - half(from), y: y(from) },
        { x: x + half(from), y: y(from) },
        { x: x + half(to), y: y(to) },
        { x: x - half(to), y: y(to) },
      ]),
      i % 2 === 0 ? palette.paper : palette.accents[0],
    )
  })
  return [
    palette.dark ? shape(light, beam) : '',
    shape(
      `M${number(x - 260 * unit)} ${number(height)}L${number(x - 200 * unit)} ${number(foot + 60 * unit)}L${number(x - 120 * unit)} ${number(foot + 30 * unit)}L${number(x - 70 * unit)} ${number(foot - 12 * unit)}L${number(x + 80 * unit)} ${number(foot - 8 * unit)}L${number(x + 150 * unit)} ${number(foot + 40 * unit)}L${number(x + 270 * unit)} ${number(foot + 80 * unit)}L${number(x + 360 * unit)} ${number(height)}z`,
      rock,
    ),
    shape(
      `M${number(x - 70 * unit)} ${number(foot - 12 * unit)}L${number(x + 80 * unit)} ${number(foot - 8 * unit)}L${number(x + 20 * unit)} ${number(foot + 60 * unit)}L${number(x - 20 * unit)} ${number(height)}H${number(x - 150 * unit)}z`,
      lighter(rock, 0.07),
    ),
    ...bands,
    rect({ x, y: top, width: half(0.5), height: tall - 6 * unit }, palette.ink, 0.13),
    drawLampGlow(stage, { x, y: top - 18 * unit }, 110 * unit),
    rect({ x: x - 30 * unit, y: top - 2 * unit, width: 60 * unit, height: 9 * unit }, palette.ink),
    rect(
      { x: x - 16 * unit, y: top - 36 * unit, width: 32 * unit, height: 36 * unit },
      mix(palette.lamp, palette.paper, 0.4),
    ),
    shape(
      `M${number(x - 24 * unit)} ${number(top - 36 * unit)}Q${number(x)} ${number(top - 80 * unit)} ${number(x + 24 * unit)} ${number(top - 36 * unit)}z`,
      mix(palette.accents[0], palette.ink, 0.3),
    ),
  ].join('')
}

function drawBeach(stage: Stage): string {
  const { width, height, palette, unit } = stage
  const sand = mix(palette.paper, { l: 0.82, a: 0.015, b: 0.07 }, 0.7)
  const y = height * 0.8
  const edge = `C${number(width * 0.3)} ${number(y - 60 * unit)} ${number(width * 0.6)} ${number(y + 130 * unit)} ${number(width + 10)} ${number(y - 40 * unit)}`
  const foam = `M-10 ${number(y + 20 * unit)}${edge}`
  const shade = palette.dark ? lighter(mix(sand, palette.near, 0.5), -0.1) : sand
  return line(foam, palette.paper, 16 * unit, 0.75) + shape(`${foam}V${number(height)}H-10z`, shade)
}
