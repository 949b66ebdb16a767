import { atLightness, type Colour, lighter, mix } from '../colour.ts'
import { circlePath } from '../growth.ts'
import type { Stage } from '../stage.ts'
import { type Box, disc, line, number, oval, polygon, rect, shape } from '../svg.ts'
import { drawLampGlow, drawTwig, drawVessel, type VesselKind } from './furniture.ts'

/** A kitchen seen straight on: window, shelf, worktop with things on it, and light falling in from the left. */
export function drawKitchen(stage: Stage): string {
  const { width, height, palette, random, defs, unit } = stage
  const top = height * random.between(0.58, 0.62)
  const wall = palette.dark
    ? atLightness(mix(palette.near, palette.lamp, 0.2), 0.42)
    : mix(palette.paper, palette.sky[2], 0.55)
  const air = defs.linear(
    [
      [0, mix(wall, palette.glow, 0.35)],
      [0.6, wall],
      [1, lighter(wall, -0.1)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0.4 },
  )
  const glass: Box = {
    x: width * 0.07,
    y: height * 0.1,
    width: Math.min(width * 0.27, 420 * unit),
    height: top - height * 0.2,
  }
  const shelf: Box = { x: glass.x + glass.width + 110 * unit, y: height * 0.31, width: 0, height: 12 * unit }
  const board = { ...shelf, width: width * 0.95 - shelf.x }
  return [
    rect({ x: 0, y: 0, width, height }, air),
    drawBacksplash(stage, top, wall),
    drawWindow(stage, glass),
    drawBeams(stage, glass, top),
    drawShelf(stage, board),
    drawCabinets(stage, top),
    drawWorktop(stage, top, glass),
    drawPendants(stage, board, top),
  ].join('')
}

function drawBacksplash({ width, palette, unit }: Stage, top: number, wall: Colour): string {
  const tile = 62 * unit
  let joints = ''
  for (let row = 0; row <= 2; row++) {
    const y = top - tile * (row + 1) * 0.56
    joints += `M0 ${number(y)}H${number(width)}`
    for (let x = (row % 2) * tile * 0.5; x < width; x += tile)
      joints += `M${number(x)} ${number(y)}v${number(tile * 0.56)}`
  }
  const band = { x: 0, y: top - tile * 1.68, width, height: tile * 1.68 }
  return (
    rect(band, mix(palette.paper, wall, 0.25), 0.75) + line(joints, lighter(wall, -0.09), 1.6 * unit, 0.7)
  )
}

function drawWindow(stage: Stage, box: Box): string {
  const { palette, defs, unit } = stage
  const frame = mix(palette.paper, palette.glow, 0.3)
  const glass = defs.linear([
    [0, mix(palette.sky[1], palette.paper, 0.3)],
    [0.7, mix(palette.sky[2], palette.glow, 0.6)],
    [1, palette.glow],
  ])
  const edge = 13 * unit
  const outer = {
    x: box.x - edge,
    y: box.y - edge,
    width: box.width + edge * 2,
    height: box.height + edge * 2,
  }
  const cross = `M${number(box.x + box.width / 2)} ${number(box.y)}v${number(box.height)}M${number(box.x)} ${number(box.y + box.height * 0.42)}h${number(box.width)}`
  const low = box.y + box.height
  const hill = `M${number(box.x)} ${number(low)}v${number(-box.height * 0.2)}q${number(box.width * 0.3)} ${number(-box.height * 0.2)} ${number(box.width * 0.55)} ${number(-box.height * 0.05)}t${number(box.width * 0.45)} ${number(-box.height * 0.06)}V${number(low)}z`
  return [
    rect(outer, lighter(frame, -0.05), 1, 3 * unit),
    rect(box, glass),
    shape(hill, mix(palette.far, palette.ground, 0.3), 0.6),
    line(cross, frame, 8 * unit),
    rect(
      { x: outer.x - edge, y: low + edge, width: outer.width + edge * 2, height: edge },
      lighter(frame, 0.02),
    ),
    drawVessel(stage, { x: box.x + box.width * 0.76, y: low + edge }, 74 * unit, {
      kind: 'jar',
      colour: palette.accents[0],
    }),
    drawTwig(stage, { x: box.x + box.width * 0.76, y: low + edge - 50 * unit }, 110 * unit, 0.12),
  ].join('')
}

// Morning light: the window's shape thrown to the right and down.
function drawBeams(stage: Stage, box: Box, top: number): string {
  const { palette, defs, width } = stage
  const light = defs.linear(
    [
      [0, palette.glow, 0.62],
      [1, palette.glow, 0.06],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0.6 },
  )
  const reach = Math.min(width * 0.5, box.width * 1.9)
  const fall = box.height * 0.42
  const half = box.width / 2
  const beams = [0, 1].map((i) => {
    const x = box.x + box.width + 30 + i * half * 0.9
    const y = box.y + fall * 0.5 + i * fall * 0.16
    return polygon([
      { x, y },
      { x: x + half * 0.72, y: y + fall * 0.12 },
      { x: x + reach * 0.62 + half * 0.3, y: top },
      { x: x + reach * 0.34, y: top },
    ])
  })
  return shape(beams.join(''), light)
}

function drawShelf(stage: Stage, board: Box): string {
  const { palette, random, unit } = stage
  const [one, two, three] = palette.accents
  const kinds: readonly [VesselKind, ...VesselKind[]] = ['jar', 'bottle', 'jug', 'bowl', 'vase']
  const colours: readonly [Colour, ...Colour[]] = [
    one,
    two,
    mix(three, palette.paper, 0.25),
    mix(palette.paper, palette.far, 0.25),
    palette.ground,
  ]
  let things = ''
  let x = board.x + 50 * unit
  while (x < board.x + board.width - 50 * unit) {
    if (random.chance(0.22)) things += drawPlates(stage, x, board.y)
    else
      things += drawVessel(stage, { x, y: board.y }, unit * random.between(92, 128), {
        kind: random.pick(kinds),
        colour: random.pick(colours),
      })
    x += unit * random.between(86, 128)
  }
  const wood = mix(palette.near, { l: 0.6, a: 0.035, b: 0.075 }, 0.65)
  const under = { ...board, y: board.y + board.height, height: board.height * 0.5 }
  return things + rect(board, wood) + rect(under, palette.ink, 0.2)
}

function drawPlates({ palette, unit }: Stage, x: number, y: number): string {
  return Array.from({ length: 5 }, (_, i) => {
    const plate = { x: x - 46 * unit, y: y - (i + 1) * 10 * unit, width: 92 * unit, height: 8 * unit }
    return rect(
      plate,
      i % 2 === 0 ? palette.paper : mix(palette.paper, palette.accents[0], 0.25),
      1,
      4 * unit,
    )
  }).join('')
}

function drawCabinets(stage: Stage, top: number): string {
  const { width, height, palette, unit, defs } = stage
  const tone = mix(palette.accents[2], palette.near, 0.42)
  const fill = defs.linear([
    [0, lighter(tone, 0.03)],
    [1, lighter(tone, -0.1)],
  ])
  const y = top + 46 * unit
  const door = Math.max(width / Math.max(3, Math.round(width / (250 * unit))), 1)
  let lines = ''
  let knobs = ''
  for (let x = 0; x < width; x += door) {
    const gap = 12 * unit
    lines += `M${number(x + gap)} ${number(y + gap * 2)}h${number(door - gap * 2)}V${number(height - gap)}h${number(gap * 2 - door)}z`
    knobs += circlePath(x + door - gap * 3, y + gap * 5, 6 * unit)
  }
  return (
    rect({ x: 0, y, width, height: height - y }, fill) +
    line(lines, lighter(tone, -0.09), 2.4 * unit) +
    shape(knobs, palette.lamp)
  )
}

function drawWorktop(stage: Stage, top: number, glass: Box): string {
  const { width, palette, unit, defs, random } = stage
  const stone = mix(palette.paper, palette.far, 0.22)
  const [one, two, three] = palette.accents
  const fill = defs.linear([
    [0, lighter(stone, 0.02)],
    [1, lighter(stone, -0.14)],
  ])
  const y = top + 12 * unit
  const middle = Math.max(glass.x + glass.width + 150 * unit, width * 0.47)
  const board = { x: middle + 250 * unit, y: y - 12 * unit, width: 190 * unit, height: 12 * unit }
  const bowl = { x: middle, y }
  const fruit = [-0.3, -0.05, 0.22].map((at, i) =>
    disc(
      { x: bowl.x + at * 170 * unit, y: bowl.y - (74 + (i % 2) * 14) * unit },
      30 * unit,
      [one, two, mix(one, two, 0.5)][i] ?? one,
    ),
  )
  return [
    rect({ x: 0, y: top, width, height: 34 * unit }, fill),
    rect({ x: 0, y: top + 34 * unit, width, height: 13 * unit }, lighter(stone, -0.24)),
    ...fruit,
    drawVessel(stage, bowl, 170 * unit, { kind: 'bowl', colour: mix(palette.paper, three, 0.2) }),
    rect(board, mix(palette.near, palette.lamp, 0.45), 1, 4 * unit),
    oval(
      { x: board.x + board.width * 0.5, y: board.y - 22 * unit },
      { x: 66 * unit, y: 28 * unit },
      mix(palette.lamp, palette.near, 0.35),
    ),
    drawTwig(stage, { x: width * 0.9, y: y - 130 * unit }, 230 * unit, random.between(-0.3, 0.1)),
    drawTwig(stage, { x: width * 0.9, y: y - 130 * unit }, 180 * unit, 0.34),
    drawVessel(stage, { x: width * 0.9, y }, 165 * unit, { kind: 'vase', colour: one }),
  ].join('')
}

function drawPendants(stage: Stage, board: Box, top: number): string {
  const { palette, unit } = stage
  const shade = mix(palette.accents[0], palette.near, 0.15)
  return [0.34, 0.72]
    .map((at) => {
      const x = board.x + board.width * at
      const y = Math.min(board.y - 150 * unit, top * 0.3)
      const r = 58 * unit
      return [
        drawLampGlow(stage, { x, y: y + r * 0.1 }, r * 2.1),
        line(`M${number(x)} 0V${number(y - r)}`, palette.ink, 2.6 * unit),
        oval({ x, y }, { x: r * 0.6, y: r * 0.2 }, mix(palette.lamp, palette.paper, 0.5)),
        shape(
          `M${number(x - r)} ${number(y)}Q${number(x - r * 0.9)} ${number(y - r)} ${number(x)} ${number(y - r * 1.05)}Q${number(x + r * 0.9)} ${number(y - r)} ${number(x + r)} ${number(y)}z`,
          shade,
        ),
      ].join('')
    })
    .join('')
}
