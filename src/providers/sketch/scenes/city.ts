import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import { makeRidge, drawRidge } from '../land.ts'
import { drawClouds, drawSky, drawSun } from '../sky.ts'
import type { Stage } from '../stage.ts'
import { type Box, line, number, rect, shape } from '../svg.ts'

/** A skyline in four depths with lit windows, over water that mirrors it. */
export function drawCity(stage: Stage): string {
  const { width, height, palette, random, unit } = stage
  const ground = height * random.between(0.72, 0.78)
  const sun = { x: width * random.between(0.47, 0.57), y: ground - height * random.between(0.4, 0.5) }
  const parts = [drawSky(stage, ground), drawSun(stage, sun, unit * random.between(46, 70))]
  parts.push(drawClouds(stage, height * 0.06, ground * 0.6, 6))
  const hills = makeRidge(stage, 'hill', ground - unit * 90, unit * 50)
  parts.push(drawRidge(stage, hills, mix(palette.far, palette.sky[2], 0.55), palette.sky[2]))
  for (let depth = 0; depth < 4; depth++) parts.push(drawRow(stage, ground, depth))
  parts.push(drawWater(stage, ground, sun.x))
  return parts.join('')
}

function drawRow(stage: Stage, ground: number, depth: number): string {
  const { width, random, unit, palette, defs } = stage
  const share = depth / 3
  const colour = mix(palette.layer(0.05 + share * 0.85), palette.sky[2], 0.35 - share * 0.3)
  const fill = defs.linear([
    [0, colour],
    [1, mix(colour, palette.sky[2], 0.42 - share * 0.3)],
  ])
  const towers: Box[] = []
  let x = -random.between(0, 60) * unit
  while (x < width) {
    const wide = random.between(38, 84) * unit * (0.8 + share * 0.5)
    // Taller towards two downtowns, so that the line has a rhythm.
    const centre = Math.max(bump(x / width, 0.3), bump(x / width, 0.74))
    const tall = unit * (random.between(60, 150) + centre * random.between(120, 300)) * (1.15 - share * 0.42)
    towers.push({ x, y: ground - tall, width: wide, height: tall })
    x += wide + (random.chance(0.3) ? random.between(2, 26) * unit : 0)
  }
  const outline = towers.map((tower) => towerPath(stage, tower)).join('')
  const lights = share > 0.3 ? drawWindows(stage, towers, colour, share) : ''
  return shape(outline, fill) + lights
}

function bump(at: number, middle: number): number {
  return Math.exp(-(((at - middle) / 0.16) ** 2))
}

function towerPath({ random, unit }: Stage, { x, y, width, height }: Box): string {
  const w = number(width)
  const h = number(height + 4)
  const body = `M${number(x)} ${number(y)}h${w}v${h}h-${w}z`
  const top = random.next()
  if (top < 0.16) {
    return `${body}M${number(x + width * 0.47)} ${number(y)}v${number(-unit * random.between(24, 60))}h${number(width * 0.06)}V${number(y)}z`
  }
  if (top < 0.34) {
    const step = width * 0.2
    return `${body}M${number(x + step)} ${number(y)}v${number(-height * 0.09)}h${number(width - 2 * step)}V${number(y)}z`
  }
  if (top < 0.46)
    return `${body}M${number(x)} ${number(y)}l${w} ${number(-width * 0.34)}v${number(width * 0.34)}z`
  if (top < 0.54)
    return `${body}M${number(x)} ${number(y)}L${number(x + width / 2)} ${number(y - width * 0.75)}L${number(x + width)} ${number(y)}z`
  if (top < 0.62)
    return `${body}M${number(x)} ${number(y)}a${number(width / 2)} ${number(width / 2)} 0 0 1 ${w} 0z`
  return body
}

function drawWindows(stage: Stage, towers: readonly Box[], wall: Colour, share: number): string {
  const { random, unit, palette } = stage
  const step = (7 + 5 * share) * unit
  const panes = { unlit: '', lit: '', bright: '' }
  const lit = palette.dark ? 0.3 : 0.06
  for (const pane of towers.filter(() => random.chance(0.88)).flatMap((tower) => panePaths(tower, step))) {
    const luck = random.next()
    if (luck < 0.05 && luck < lit) panes.bright += pane
    else if (luck < lit) panes.lit += pane
    else if (luck < 0.62) panes.unlit += pane
  }
  return [
    shape(panes.unlit, lighter(wall, palette.dark ? 0.06 : -0.06), 0.55),
    shape(panes.lit, mix(palette.accents[1], palette.paper, 0.25), 0.55 + share * 0.35),
    shape(panes.bright, palette.accents[0], 0.8),
  ].join('')
}

function panePaths(tower: Box, step: number): readonly string[] {
  const columns = Math.max(0, Math.floor((tower.width - step) / (step * 1.7)))
  const rows = Math.max(0, Math.floor((tower.height - step * 3) / (step * 2.3)))
  const inset = (tower.width - columns * step * 1.7 + step * 0.7) / 2
  return Array.from({ length: columns * rows }, (_, i) => {
    const x = tower.x + inset + (i % columns) * step * 1.7
    const y = tower.y + step * 1.4 + Math.floor(i / columns) * step * 2.3
    return `M${number(x)} ${number(y)}h${number(step)}v${number(step * 1.2)}h${number(-step)}z`
  })
}

function drawWater(stage: Stage, ground: number, sunX: number): string {
  const { width, height, palette, random, unit, defs } = stage
  const deep = atLightness(mix(palette.near, palette.sky[0], 0.4), palette.dark ? 0.2 : 0.42)
  const fill = defs.linear([
    [0, mix(palette.layer(0.8), palette.sky[2], 0.3)],
    [0.25, mix(deep, palette.sky[1], 0.35)],
    [1, deep],
  ])
  let glitter = ''
  let lights = ''
  for (let i = 0; i < 70; i++) {
    const y = ground + (height - ground) * random.next() ** 1.3
    const near = (y - ground) / (height - ground)
    const reach = unit * (30 + near * 170)
    const length = unit * random.between(14, 60) * (0.5 + near)
    glitter += `M${number(sunX + random.between(-reach, reach) - length / 2)} ${number(y)}h${number(length)}`
    lights += `M${number(random.between(0, width))} ${number(y)}h${number(length)}`
  }
  return [
    rect({ x: 0, y: ground, width, height: height - ground }, fill),
    line(lights, palette.accents[1], unit * 2.4, palette.dark ? 0.32 : 0.18),
    line(glitter, palette.glow, unit * 3.4, 0.62),
  ].join('')
}
