import { type Colour, lighter, mix } from '../colour.ts'
import { drawBlades, drawConifers } from '../growth.ts'
import { drawRidge, makeRidge, type Ridge, ridgeHeight } from '../land.ts'
import { drawSun } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { number, oval, polygon, rect, shape } from '../svg.ts'
import { leafPath } from './furniture.ts'

/** Inside a wood: trunks in five depths of mist, light between them, a path and ferns. */
export function drawForest(stage: Stage): string {
  const { width, height, palette, random, defs, unit, words } = stage
  const light = mix(palette.glow, palette.ground, 0.18)
  const far = mix(palette.far, palette.glow, 0.35)
  const back = defs.linear([
    [0, mix(far, palette.ground, 0.25)],
    [0.45, light],
    [1, far],
  ])
  const ground = height * 0.66
  const sun = { x: width * random.between(0.42, 0.66), y: height * 0.34 }
  const parts = [rect({ x: 0, y: 0, width, height }, back), drawSun(stage, sun, unit * 60)]
  parts.push(
    drawConifers(
      stage,
      makeRidge(stage, 'hill', ground - unit * 20, unit * 30),
      { every: 30 * unit, size: 190 * unit },
      mix(far, palette.near, 0.16),
    ),
  )
  for (let i = 0; i < 4; i++) {
    const share = i / 3
    const ridge = makeRidge(
      stage,
      'hill',
      ground + (height - ground) * share * 0.62,
      unit * (22 + share * 14),
    )
    const colour = mix(mix(far, palette.near, 0.3 + share * 0.7), palette.ground, 0.22 - share * 0.12)
    parts.push(
      drawTrunks(stage, ridge, share, colour),
      drawRidge(stage, ridge, mix(colour, palette.ground, 0.3), mix(colour, light, 0.25)),
    )
    if (i === 1) parts.push(drawRays(stage, sun.x))
  }
  if (words.has('path trail road walk тропа')) parts.push(drawPath(stage, ground))
  const fern = mix(palette.near, palette.ground, 0.4)
  return (
    parts.join('') + drawFerns(stage, fern) + drawBlades(stage, { every: 26 * unit, size: 70 * unit }, [fern])
  )
}

function drawTrunks(stage: Stage, ridge: Ridge, share: number, colour: Colour): string {
  const { width, random, unit, palette } = stage
  const girth = unit * (12 + share * 52)
  let trunks = ''
  let lit = ''
  let crowns = ''
  for (let x = random.between(-0.5, 1) * girth; x < width; x += girth * random.between(3.2, 7.5)) {
    // Keeps the middle open, where the light comes from.
    if (share > 0.5 && Math.abs(x / width - 0.52) < 0.15) continue
    const half = (girth / 2) * random.between(0.7, 1.2)
    const foot = ridgeHeight(ridge, x) + unit * 16
    const lean = random.between(-0.6, 0.6) * half
    trunks += polygon([
      { x: x - half * 1.35, y: foot },
      { x: x - half * 0.8 + lean, y: -4 },
      { x: x + half * 0.8 + lean, y: -4 },
      { x: x + half * 1.35, y: foot },
    ])
    const hand = x < width * 0.52 ? 1 : -1
    lit += polygon([
      { x: x + hand * half * 1.2, y: foot },
      { x: x + hand * half * 0.75 + lean, y: -4 },
      { x: x + hand * half * 0.4 + lean, y: -4 },
      { x: x + hand * half * 0.7, y: foot },
    ])
    for (let k = 0; k < 3; k++) {
      const y = random.between(0.02, 0.42) * foot
      const reach = girth * random.between(1.4, 2.6) * (k % 2 === 0 ? 1 : -1)
      crowns += `M${number(x + lean * 0.7)} ${number(y)}l${number(reach)} ${number(-Math.abs(reach) * 0.3)}l${number(-reach)} ${number(Math.abs(reach) * 0.3 + half * 0.5)}z`
    }
  }
  return shape(crowns + trunks, colour) + shape(lit, mix(colour, palette.glow, 0.4), 0.4)
}

function drawRays(stage: Stage, x: number): string {
  const { width, height, palette, defs, random } = stage
  const fill = defs.linear([
    [0, palette.glow, 0.5],
    [1, palette.glow, 0],
  ])
  let rays = ''
  for (let i = 0; i < 5; i++) {
    const spread = (i - 2) * 0.16 + random.between(-0.04, 0.04)
    const foot = x + width * spread * 1.6
    const top = x + width * spread * 0.5
    rays += polygon([
      { x: top - width * 0.008, y: 0 },
      { x: top + width * 0.012, y: 0 },
      { x: foot + width * 0.05, y: height * 0.86 },
      { x: foot - width * 0.03, y: height * 0.86 },
    ])
  }
  return shape(rays, fill, 0.75)
}

function drawPath(stage: Stage, ground: number): string {
  const { width, height, palette, defs } = stage
  const earth = mix(palette.near, { l: 0.62, a: 0.02, b: 0.07 }, 0.5)
  const fill = defs.linear([
    [0, mix(earth, palette.glow, 0.7)],
    [1, lighter(earth, -0.06)],
  ])
  const x = width * 0.52
  const y = ground + height * 0.02
  return shape(
    `M${number(x)} ${number(y)}C${number(x + width * 0.07)} ${number(y + height * 0.09)} ${number(x - width * 0.1)} ${number(y + height * 0.14)} ${number(width * 0.42)} ${number(height + 4)}H${number(width * 0.74)}C${number(x + width * 0.1)} ${number(y + height * 0.16)} ${number(x + width * 0.12)} ${number(y + height * 0.08)} ${number(x + width * 0.012)} ${number(y)}z`,
    fill,
    0.85,
  )
}

function drawFerns(stage: Stage, colour: Colour): string {
  const { width, height, random, unit, palette } = stage
  let leaves = ''
  let shadows = ''
  for (const at of [0.06, 0.83, 0.94]) {
    const root = { x: width * at, y: height * random.between(0.92, 0.99) }
    shadows += oval(root, { x: 120 * unit, y: 16 * unit }, palette.ink, 0.2)
    for (let i = -4; i <= 4; i++) {
      const angle = -Math.PI / 2 + i * 0.29
      const reach = unit * random.between(150, 230)
      leaves += leafPath(
        root,
        { x: root.x + Math.cos(angle) * reach, y: root.y + Math.sin(angle) * reach * 0.75 },
        unit * 10,
      )
    }
  }
  return shadows + shape(leaves, lighter(colour, 0.05))
}
