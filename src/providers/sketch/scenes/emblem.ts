import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import { drawMotif, MOTIFS, type Motif, motifColours, motifOf } from '../motifs.ts'
import type { Stage } from '../stage.ts'
import { disc, line, rect } from '../svg.ts'
import { circlePath } from '../growth.ts'
import { drawTiles } from './tiles.ts'

const PLAIN = ['leaf', 'star', 'drop', 'mountain', 'bolt', 'sun']

/** An app icon or a logo: one motif on a rounded square, on a quiet ground. */
export function drawIcon(stage: Stage): string {
  const { width, height, palette, defs, random, unit } = stage
  const motif =
    motifOf(stage.words) ?? MOTIFS.find(({ name }) => name === PLAIN[random.whole(0, PLAIN.length - 1)])
  if (motif === undefined) return drawTiles(stage)
  const ground = mix(palette.paper, palette.sky[2], 0.4)
  const back = defs.linear(
    [
      [0, lighter(ground, 0.02)],
      [1, mix(lighter(ground, -0.07), palette.accents[1], 0.08)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  )
  const size = Math.min(width * 0.62, height * 0.6)
  const box = { x: width * 0.5 - size / 2, y: height * 0.43 - size / 2, width: size, height: size }
  const tile = tileColour(stage)
  const face = defs.linear(
    [
      [0, lighter(tile, 0.1)],
      [1, lighter(tile, -0.07)],
    ],
    { x: 0.2, y: 0 },
    { x: 0.8, y: 1 },
  )
  const shadows = [0.075, 0.055, 0.035, 0.018].map((drop) =>
    rect(
      { ...box, x: box.x + size * drop * 0.3, y: box.y + size * drop, width: size * (1 - drop * 0.6) },
      palette.ink,
      0.07,
      size * 0.23,
    ),
  )
  const middle = { x: width * 0.5, y: height * 0.43 }
  const rings = [0.33, 0.41].map((r) => circlePath(middle.x, middle.y, size * r)).join('')
  return [
    rect({ x: 0, y: 0, width, height }, back),
    drawDots(stage, mix(ground, palette.accents[0], 0.2)),
    ...shadows,
    rect(box, face, 1, size * 0.23),
    disc(middle, size * 0.37, lighter(tile, 0.07), 0.55),
    line(rings, palette.paper, 1.6 * unit, 0.16),
    drawMotif(motif, { ...middle, size: size * 0.27, degrees: 0 }, motifColours(palette, tile)),
  ].join('')
}

/** A pattern that fills the picture: one motif in rows, each shifted by half, with small things between; tiles where the words name no motif. */
export function drawPattern(stage: Stage): string {
  const { width, height, palette, random, unit, words } = stage
  const motif = motifOf(words)
  if (motif === null) return drawTiles(stage)
  const dark = palette.dark || random.chance(0.3)
  const ground = dark
    ? atLightness(mix(palette.near, palette.accents[2], 0.3), 0.3)
    : mix(palette.paper, palette.accents[2], 0.14)
  const cell = unit * random.between(165, 205)
  const leaf = MOTIFS.find(({ name }) => name === 'leaf') ?? motif
  const main = motifColours(palette, ground)
  const second = { ...main, body: mix(main.body, palette.accents[1], 0.55) }
  const parts = [rect({ x: 0, y: 0, width, height }, ground)]
  for (let row = -1; row * cell * 0.82 < height + cell; row++) {
    for (let column = -1; column * cell < width + cell; column++) {
      const x = (column + (row % 2 === 0 ? 0 : 0.5)) * cell
      const y = row * cell * 0.82 + cell * 0.3
      const turned = ((row * 3 + column * 5) % 7) * 11 - 33
      parts.push(
        drawMotif(
          motif,
          { x, y, size: cell * 0.3, degrees: turned },
          (row + column) % 3 === 0 ? second : main,
        ),
      )
      parts.push(drawFiller(stage, leaf, { x: x + cell * 0.5, y, size: cell * 0.1 }, main.dark))
    }
  }
  return parts.join('')
}

function drawFiller(
  stage: Stage,
  leaf: Motif,
  at: { x: number; y: number; size: number },
  dark: Colour,
): string {
  const { palette, random } = stage
  const body = palette.accents[1]
  if (random.chance(0.5)) return disc({ x: at.x, y: at.y }, at.size * 0.36, body, 0.9)
  return drawMotif(leaf, { ...at, degrees: random.between(0, 360) }, { body, light: palette.paper, dark })
}

function tileColour({ palette, random }: Stage): Colour {
  const [, second, third] = palette.accents
  const deep = atLightness(mix(palette.near, third, 0.45), 0.32)
  return random.chance(0.65) ? deep : atLightness(mix(second, palette.near, 0.15), 0.5)
}

function drawDots({ width, height, unit }: Stage, colour: Colour): string {
  const step = 64 * unit
  let data = ''
  for (let y = step / 2; y < height; y += step)
    for (let x = step / 2; x < width; x += step) data += `M${x.toFixed(1)} ${y.toFixed(1)}h.01`
  return line(data, colour, 4 * unit, 0.5)
}
