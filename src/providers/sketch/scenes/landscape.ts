import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import { drawConifers, drawCrowns } from '../growth.ts'
import { drawRidge, makeRidge, type Ridge, type RidgeKind } from '../land.ts'
import { drawClouds, drawHeapedCloud, drawSky, drawSun } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { pair, polygon, shape } from '../svg.ts'
import { drawForeground } from './foreground.ts'
import { drawHut } from './hut.ts'

const HOUSES = 'hut cabin chalet cottage lodge house barn farmhouse дом* изб* хижин* σπίτι'

/** Layers of land under a wide sky: mountains, hills, dunes or mesas, with what the words put in front. */
export function drawLandscape(stage: Stage): string {
  const { words, random, height, width, palette, unit } = stage
  const kind = landKind(stage)
  const horizon = height * random.between(0.5, 0.58)
  const stormy = words.has('storm stormy thunder* tempest rain rainy')
  const sun = { x: width * random.pick([0.26, 0.68, 0.74]), y: horizon - height * random.between(0.12, 0.3) }
  const parts = [drawSky(stage, horizon + height * 0.2)]
  if (!stormy) parts.push(drawSun(stage, sun, unit * random.between(44, 66)))
  parts.push(drawClouds(stage, height * 0.06, horizon - height * 0.1, 6))
  if (stormy) parts.push(drawStorm(stage, horizon))
  else if (!palette.dark && kind !== 'mesa' && random.chance(0.4)) {
    parts.push(drawHeapedCloud(stage, { x: width * 0.1, y: horizon - height * 0.16 }, unit * 260, 0.75))
  }
  if (kind === 'peak') parts.push(drawMassif(stage, horizon))
  parts.push(drawLayers(stage, kind, horizon))
  return parts.join('')
}

function landKind(stage: Stage): RidgeKind {
  const { words, random } = stage
  if (
    words.has(
      'mountain alp alps alpine peak summit glacier himalaya* fjord volcano гор* βουν* montagne berg montaña',
    )
  )
    return 'peak'
  if (words.has('dune sahara sand')) return 'dune'
  if (words.has('canyon mesa desert butte western')) return 'mesa'
  if (
    words.has('hill hills field meadow wheat valley vineyard prairie farm countryside lavender tuscan* поле')
  )
    return 'hill'
  return random.pick(['peak', 'hill', 'hill'])
}

function drawLayers(stage: Stage, kind: RidgeKind, horizon: number): string {
  const { height, palette, random, unit, words } = stage
  const flat = words.has('wheat field prairie savanna* plain road steppe')
  const nearKind: RidgeKind = kind === 'peak' || kind === 'mesa' ? (kind === 'mesa' ? 'dune' : 'hill') : kind
  const count = 5
  let drawn = ''
  for (let i = 0; i < count; i++) {
    const share = i / (count - 1)
    const y = horizon + (height * 0.96 - horizon) * share ** 1.25 * 0.78
    const layerKind = share < 0.3 ? kind : nearKind
    const swing =
      unit *
      (layerKind === 'mesa' ? 120 : layerKind === 'peak' ? 110 : 46) *
      (flat ? 0.35 : 1) *
      (1 - share * 0.35)
    const ridge = makeRidge(stage, layerKind, y, swing * random.between(0.85, 1.15))
    const colour = layerColour(stage, share)
    drawn += drawGrowthOn(stage, ridge, share, colour)
    if (i === count - 2 && words.has(HOUSES)) drawn += drawHut(stage, ridge)
    drawn += drawRidge(stage, ridge, colour, mix(palette.far, palette.sky[2], 0.3))
  }
  return drawn + drawForeground(stage, horizon)
}

function layerColour({ palette, words }: Stage, share: number): Colour {
  const snowy = words.has('snow snowy winter ice icy arctic glacier снег* зим* χιόνι')
  const colour = palette.layer(0.08 + share * 0.86)
  if (!snowy) return colour
  return atLightness(
    mix(colour, palette.sky[2], 0.55),
    palette.dark ? 0.62 - share * 0.25 : 0.93 - share * 0.12,
  )
}

// Trees stand behind the edge of their own layer, so that their feet are hidden.
function drawGrowthOn(stage: Stage, ridge: Ridge, share: number, colour: Colour): string {
  const { unit, words, palette } = stage
  if (share < 0.2 || words.has('desert dune canyon mesa wheat field prairie lavender sahara mars road'))
    return ''
  const size = unit * (14 + share * 74)
  const shade = mix(colour, palette.layer(Math.min(1, share + 0.3)), 0.75)
  if (words.has('snow* winter mountain alp* pine conifer fir spruce forest hut cabin гор* снег* зим*')) {
    return drawConifers(stage, ridge, { every: size * (share > 0.7 ? 0.62 : 0.4), size }, shade)
  }
  return share > 0.3 && share < 0.95
    ? drawCrowns(stage, ridge, { every: size * 0.9, size: size * 0.6 }, shade)
    : ''
}

// Two or three great mountains, each with a lit and a shaded face and snow on top.
function drawMassif(stage: Stage, horizon: number): string {
  const { random, width, palette, unit, defs } = stage
  const places = random.pick([
    [0.2, 0.62, 0.9],
    [0.4, 0.82, 0.06],
    [0.14, 0.5, 0.78],
  ])
  const haze = mix(palette.far, palette.sky[2], 0.55)
  return places
    .map((place, i) => ({ x: width * place, size: unit * random.between(0.9, 1.1) * (i === 0 ? 330 : 230) }))
    .map(({ x, size }) => {
      const top = { x, y: horizon + unit * 40 - size }
      const foot = horizon + unit * 90
      const half = size * 1.05
      const ridgeLine = zigzag(stage, top, foot, size * 0.07)
      const left = { x: x - half, y: foot }
      const right = { x: x + half, y: foot }
      const lit = defs.linear([
        [0, mix(palette.far, palette.glow, 0.28)],
        [0.8, haze],
      ])
      const shade = defs.linear([
        [0, mix(palette.far, palette.near, 0.42)],
        [0.85, haze],
      ])
      const cap = size * random.between(0.3, 0.38)
      const snow = lighter(mix(palette.paper, palette.glow, 0.3), palette.dark ? -0.12 : 0)
      const drip = [0.75, 1.08, 0.62, 1.02, 0.7].map((depth, k) => ({
        x: x + cap * (k / 2 - 1) * 0.82,
        y: top.y + cap * (Math.abs(k / 2 - 1) * 0.82 + depth * 0.3),
      }))
      return (
        shape(polygon([top, left, right]), lit) +
        shape(polygon([...ridgeLine, right]), shade) +
        shape(`M${pair(top)}L${drip.map(pair).join('L')}z`, snow, 0.92) +
        shape(polygon([top, ...drip.slice(2).reverse()]), mix(snow, palette.far, 0.4), 0.95)
      )
    })
    .join('')
}

function zigzag(
  stage: Stage,
  top: { x: number; y: number },
  foot: number,
  swing: number,
): { x: number; y: number }[] {
  const steps = 7
  return Array.from({ length: steps + 1 }, (_, i) => ({
    x:
      top.x +
      (i === 0 ? 0 : swing * (i % 2 === 0 ? -0.6 : 1) * stage.random.between(0.5, 1.1)) +
      i * swing * 0.12,
    y: top.y + ((foot - top.y) * i) / steps,
  }))
}

// Heavy cloud with slanting rain and a far flash.
function drawStorm(stage: Stage, horizon: number): string {
  const { width, random, palette, unit, defs } = stage
  const dark = mix(palette.sky[0], palette.ink, 0.35)
  let drawn = ''
  for (let i = 0; i < 7; i++) {
    const size = unit * random.between(380, 620)
    const base = { x: random.between(-0.2, 0.9) * width, y: horizon * random.between(0.2, 0.62) }
    drawn += drawHeapedCloud(stage, base, size, 0.34)
  }
  const curtain = defs.linear([
    [0, dark, 0.75],
    [0.55, dark, 0.38],
    [1, dark, 0],
  ])
  for (let i = 0; i < 3; i++) {
    const x = width * random.between(0, 0.85)
    const wide = width * random.between(0.12, 0.3)
    const slant = -unit * 90
    drawn += shape(
      polygon([
        { x, y: horizon * 0.35 },
        { x: x + wide, y: horizon * 0.35 },
        { x: x + wide + slant, y: horizon + 30 * unit },
        { x: x + slant, y: horizon + 30 * unit },
      ]),
      curtain,
      0.6,
    )
  }
  return drawn
}
