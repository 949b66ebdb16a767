import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { type Box, disc, line, number, oval, type Point, polygon, rect, shape } from '../svg.ts'
import { drawLampGlow, drawPlant, drawSofa } from './furniture.ts'

/** A room in one-point perspective: tall windows at its end, columns, lamps, seats on a rug. */
export function drawInterior(stage: Stage): string {
  const { width, height, random } = stage
  const wide = width * random.between(0.44, 0.52)
  const back: Box = {
    x: width * random.between(0.49, 0.54) - wide / 2,
    y: height * random.between(0.17, 0.21),
    width: wide,
    height: height * 0.44,
  }
  return [
    drawShell(stage, back),
    drawWindows(stage, back),
    drawFloor(stage, back),
    drawColumns(stage, back),
    drawPendants(stage, back),
    drawSeats(stage, back),
  ].join('')
}

function wallColour({ palette }: Stage): Colour {
  return palette.dark
    ? atLightness(mix(palette.near, palette.lamp, 0.22), 0.36)
    : mix(palette.paper, palette.far, 0.3)
}

function drawShell(stage: Stage, back: Box): string {
  const { width, height, palette, defs } = stage
  const wall = wallColour(stage)
  const right = back.x + back.width
  const low = back.y + back.height
  const side = (outer: number, inner: number, flip: boolean): string => {
    const ends: readonly [Point, Point] = flip
      ? [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
        ]
      : [
          { x: 1, y: 0 },
          { x: 0, y: 0 },
        ]
    const fill = defs.linear(
      [
        [0, mix(wall, palette.lamp, 0.16)],
        [1, lighter(wall, -0.1)],
      ],
      ...ends,
    )
    const corners = [
      { x: outer, y: 0 },
      { x: inner, y: back.y },
      { x: inner, y: low },
      { x: outer, y: height },
    ]
    return shape(polygon(corners), fill)
  }
  const ceiling = defs.linear([
    [0, lighter(wall, -0.12)],
    [1, mix(wall, palette.lamp, 0.2)],
  ])
  let beams = ''
  for (const share of [0.12, 0.31, 0.5, 0.69, 0.88]) {
    const at = back.x + back.width * share
    beams += polygon([
      { x: at - 3, y: back.y },
      { x: at + 3, y: back.y },
      { x: width * share * 1.4 - width * 0.2 + 14, y: 0 },
      { x: width * share * 1.4 - width * 0.2 - 14, y: 0 },
    ])
  }
  return [
    shape(
      polygon([
        { x: 0, y: 0 },
        { x: width, y: 0 },
        { x: right, y: back.y },
        { x: back.x, y: back.y },
      ]),
      ceiling,
    ),
    shape(beams, lighter(wall, -0.16), 0.5),
    side(0, back.x, false),
    side(width, right, true),
    rect(back, mix(wall, palette.lamp, 0.12)),
  ].join('')
}

function drawWindows(stage: Stage, back: Box): string {
  const { palette, defs, words, random, unit } = stage
  const arched = words.has(
    'hotel lobby grand palace church hall gallery museum café cafe restaurant arch arched',
  )
  const [top, middle, low] = palette.sky
  const glass = defs.linear([
    [0, top],
    [0.5, middle],
    [1, low],
  ])
  let panes = ''
  let bars = ''
  let towers = ''
  for (const box of windowBoxes(back)) {
    const { x, y, width, height } = box
    const w = number(width)
    const bow = arched
      ? `a${number(width / 2)} ${number(width / 2)} 0 0 1 ${w} 0`
      : `v${number(-width * 0.5)}h${w}v${number(width * 0.5)}`
    panes += `M${number(x)} ${number(y + width / 2)}${bow}V${number(y + height)}h-${w}z`
    bars += `M${number(x + width / 2)} ${number(y + (arched ? 0 : width * 0.1))}V${number(y + height)}M${number(x)} ${number(y + height * 0.36)}h${w}M${number(x)} ${number(y + height * 0.68)}h${w}`
    for (let i = 0; i < 4; i++) {
      const tall = height * random.between(0.12, 0.4)
      towers += `M${number(x + (width * i) / 4)} ${number(y + height - tall)}h${number(width / 4)}v${number(tall)}h${number(-width / 4)}z`
    }
  }
  return [
    line(panes, lighter(wallColour(stage), palette.dark ? -0.12 : -0.16), unit * 11),
    shape(panes, glass),
    shape(towers, mix(palette.far, palette.near, 0.3), 0.72),
    line(bars, lighter(wallColour(stage), -0.16), unit * 3.4),
  ].join('')
}

function windowBoxes(back: Box): readonly Box[] {
  const count = Math.max(3, Math.round(back.width / back.height / 0.42))
  const pitch = back.width / count
  return Array.from({ length: count }, (_, i) => ({
    x: back.x + pitch * (i + 0.16),
    y: back.y + back.height * 0.1,
    width: pitch * 0.68,
    height: back.height * 0.86,
  }))
}

// A polished floor: boards to the vanishing point, and the windows' light lying on it.
function drawFloor(stage: Stage, back: Box): string {
  const { width, height, palette, defs } = stage
  const low = back.y + back.height
  const tone = palette.dark
    ? atLightness(mix(palette.near, palette.accents[0], 0.18), 0.27)
    : mix(palette.far, palette.near, 0.28)
  const fill = defs.linear([
    [0, mix(tone, palette.sky[2], 0.4)],
    [0.35, tone],
    [1, lighter(tone, -0.1)],
  ])
  const floor = polygon([
    { x: back.x, y: low },
    { x: back.x + back.width, y: low },
    { x: width, y: height },
    { x: 0, y: height },
  ])
  const shine = defs.linear([
    [0, palette.sky[2], 0.62],
    [0.5, palette.sky[2], 0.2],
    [1, palette.sky[2], 0],
  ])
  const centre = back.x + back.width / 2
  let joints = ''
  for (let i = -9; i <= 9; i++)
    joints += `M${number(centre + (back.width * i) / 12)} ${number(low)}L${number(centre + (width * i) / 7.4)} ${number(height)}`
  for (let i = 1; i < 6; i++) joints += `M0 ${number(low + (height - low) * (i / 6) ** 1.8)}H${number(width)}`
  const spread = (x: number): number => centre + (x - centre) * 1.75
  const light = windowBoxes(back)
    .map((box) => {
      return polygon([
        { x: box.x, y: low },
        { x: box.x + box.width, y: low },
        { x: spread(box.x + box.width), y: low + (height - low) * 0.7 },
        { x: spread(box.x), y: low + (height - low) * 0.7 },
      ])
    })
    .join('')
  return shape(floor, fill) + line(joints, lighter(tone, -0.1), 1.6, 0.5) + shape(light, shine)
}

function drawColumns(stage: Stage, back: Box): string {
  const { width, height, palette, defs } = stage
  const wall = wallColour(stage)
  const body = defs.linear(
    [
      [0, lighter(wall, -0.1)],
      [0.4, mix(wall, palette.lamp, 0.4)],
      [1, lighter(wall, -0.14)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0 },
  )
  return [0.82, 0.55, 0.24]
    .reverse()
    .flatMap((near) =>
      [-1, 1].map((hand) => {
        const edge =
          hand < 0 ? back.x * (1 - near) : back.x + back.width + (width - back.x - back.width) * near
        const top = back.y * (1 - near)
        const low = back.y + back.height + (height - back.y - back.height) * near
        const half = width * 0.011 * (0.6 + near * 1.1)
        const lamp = { x: edge, y: top + (low - top) * 0.42 }
        return (
          rect({ x: edge - half, y: top, width: half * 2, height: low - top }, body) +
          rect(
            { x: edge - half * 1.5, y: low - half * 1.4, width: half * 3, height: half * 1.4 },
            lighter(wall, -0.12),
          ) +
          rect(
            { x: edge - half * 1.4, y: top, width: half * 2.8, height: half * 1.2 },
            lighter(wall, -0.06),
          ) +
          drawLampGlow(stage, lamp, half * 5.5) +
          rect(
            { x: lamp.x - half * 0.35, y: lamp.y - half, width: half * 0.7, height: half * 2 },
            mix(palette.lamp, palette.paper, 0.5),
            1,
            half * 0.3,
          )
        )
      }),
    )
    .join('')
}

function drawPendants(stage: Stage, back: Box): string {
  const { palette, random, unit, height } = stage
  const metal = mix(palette.ink, palette.lamp, 0.15)
  const centre = back.x + back.width / 2
  const hang = height * random.between(0.16, 0.2)
  return [
    { x: centre - back.width * 0.3, y: hang * 1.16, size: 36 },
    { x: centre + back.width * 0.3, y: hang * 1.16, size: 36 },
    { x: centre, y: hang, size: 58 },
  ]
    .map(({ x, y, size }) => {
      const r = size * unit
      const dome = `M${number(x - r)} ${number(y)}a${number(r)} ${number(r * 0.86)} 0 0 1 ${number(r * 2)} 0z`
      return [
        drawLampGlow(stage, { x, y: y + r * 0.2 }, r * 2.9),
        line(`M${number(x)} 0V${number(y - r * 0.8)}`, metal, unit * 3),
        disc({ x, y }, r * 0.42, mix(palette.lamp, palette.paper, 0.6)),
        shape(dome, mix(metal, palette.accents[0], 0.35)),
      ].join('')
    })
    .join('')
}

function drawSeats(stage: Stage, back: Box): string {
  const { width, height, palette, unit, random } = stage
  const low = back.y + back.height
  const centre = back.x + back.width / 2
  const depth = height - low
  const [one, two] = palette.accents
  const rug = mix(one, palette.near, 0.45)
  const rugAt = { x: centre, y: low + depth * 0.46 }
  const ring = (size: number, fill: Colour): string =>
    oval(rugAt, { x: width * 0.27 * size, y: depth * 0.3 * size }, fill)
  const sofa = 250 * unit
  return [
    ring(1, rug),
    ring(0.9, mix(rug, palette.paper, 0.14)),
    ring(0.86, rug),
    drawSofa(stage, { x: centre, y: low + depth * 0.33 }, sofa, mix(one, palette.near, 0.12)),
    drawSofa(
      stage,
      { x: centre + sofa * 1.02, y: low + depth * 0.58 },
      sofa * 0.56,
      mix(two, palette.near, 0.2),
    ),
    drawSofa(
      stage,
      { x: centre - sofa * 1.02, y: low + depth * 0.56 },
      sofa * 0.54,
      mix(two, palette.near, 0.2),
    ),
    drawPlant(stage, { x: width * random.between(0.88, 0.92), y: height * 0.93 }, unit * 330),
  ].join('')
}
