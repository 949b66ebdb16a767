import { type Colour, lighter, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { disc, line, number, oval, type Point, polygon, rect, shape } from '../svg.ts'

/** The light around a lamp. */
export function drawLampGlow(stage: Stage, at: Point, radius: number): string {
  const { palette, defs } = stage
  const strength = palette.dark ? 0.6 : 0.4
  const glow = defs.radial([
    [0, palette.lamp, strength],
    [0.35, palette.lamp, strength * 0.4],
    [1, palette.lamp, 0],
  ])
  return disc(at, radius, glow)
}

/** A sofa (or, small, an armchair) seen from the front, its feet at `foot`. */
export function drawSofa(stage: Stage, foot: Point, width: number, colour: Colour): string {
  const { palette, defs } = stage
  const high = Math.min(width * 0.42, stage.unit * 118)
  const x = foot.x - width / 2
  const y = foot.y - high
  const round = high * 0.17
  const arm = Math.min(width * 0.14, high * 0.3)
  const back = defs.linear([
    [0, mix(colour, palette.glow, 0.14)],
    [1, lighter(colour, -0.07)],
  ])
  const seats = width > high * 1.6 ? 2 : 1
  const seat = (width - arm * 1.7) / seats
  return [
    oval({ x: foot.x, y: foot.y }, { x: width * 0.56, y: high * 0.11 }, palette.ink, 0.28),
    rect({ x: x + arm * 0.6, y, width: width - arm * 1.2, height: high * 0.8 }, back, 1, round),
    ...Array.from({ length: seats }, (_, i) =>
      rect(
        { x: x + arm * 0.85 + i * seat, y: y + high * 0.48, width: seat - 2, height: high * 0.27 },
        lighter(colour, 0.07),
        1,
        round * 0.6,
      ),
    ),
    rect(
      { x: x + arm * 0.5, y: y + high * 0.7, width: width - arm, height: high * 0.2 },
      lighter(colour, -0.05),
      1,
      round * 0.4,
    ),
    rect({ x, y: y + high * 0.36, width: arm, height: high * 0.55 }, lighter(colour, 0.03), 1, round * 0.8),
    rect(
      { x: x + width - arm, y: y + high * 0.36, width: arm, height: high * 0.55 },
      lighter(colour, -0.03),
      1,
      round * 0.8,
    ),
    rect({ x: x + arm * 0.3, y: foot.y - high * 0.1, width: arm * 0.28, height: high * 0.11 }, palette.ink),
    rect(
      { x: x + width - arm * 0.58, y: foot.y - high * 0.1, width: arm * 0.28, height: high * 0.11 },
      palette.ink,
    ),
  ].join('')
}

/** A plant with long arched leaves in a pot, its pot standing on `foot`. */
export function drawPlant(stage: Stage, foot: Point, size: number): string {
  const { palette, random, defs } = stage
  const green = mix(palette.near, { l: 0.5, a: -0.085, b: 0.065 }, palette.dark ? 0.5 : 0.75)
  const root = { x: foot.x, y: foot.y - size * 0.26 }
  let back = ''
  let front = ''
  for (let i = 0; i < 11; i++) {
    const angle = -Math.PI / 2 + ((i - 5) / 5) * 1.25 + random.between(-0.12, 0.12)
    const reach = size * random.between(0.5, 0.76)
    const tip = { x: root.x + Math.cos(angle) * reach * 0.95, y: root.y + Math.sin(angle) * reach }
    const leaf = leafPath(root, tip, size * random.between(0.05, 0.085))
    if (i % 2 === 0) back += leaf
    else front += leaf
  }
  const pot = defs.linear(
    [
      [0, lighter(palette.accents[0], 0.02)],
      [1, lighter(mix(palette.accents[0], palette.near, 0.4), -0.05)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0 },
  )
  const potShape = polygon([
    { x: foot.x - size * 0.13, y: root.y },
    { x: foot.x + size * 0.13, y: root.y },
    { x: foot.x + size * 0.095, y: foot.y },
    { x: foot.x - size * 0.095, y: foot.y },
  ])
  return [
    oval(foot, { x: size * 0.2, y: size * 0.028 }, palette.ink, 0.3),
    shape(back, lighter(green, -0.09)),
    shape(front, lighter(green, 0.03)),
    shape(potShape, pot),
    rect(
      { x: foot.x - size * 0.145, y: root.y - size * 0.012, width: size * 0.29, height: size * 0.045 },
      pot,
      1,
      size * 0.01,
    ),
  ].join('')
}

/** Path data of a leaf that swings from its root to its tip. */
export function leafPath(root: Point, tip: Point, half: number): string {
  const dx = tip.x - root.x
  const dy = tip.y - root.y
  const length = Math.hypot(dx, dy) || 1
  const across = { x: (-dy / length) * half, y: (dx / length) * half }
  const lift = -length * 0.14
  const middle = { x: root.x + dx * 0.5, y: root.y + dy * 0.5 + lift }
  const bow = (side: number): string =>
    `${number(middle.x + across.x * side * 2)} ${number(middle.y + across.y * side * 2)}`
  return `M${number(root.x)} ${number(root.y)}Q${bow(1)} ${number(tip.x)} ${number(tip.y)}Q${bow(-1)} ${number(root.x)} ${number(root.y)}z`
}

/** A pot, jar, bottle or vase: half its outline, mirrored, in a body lit from the left. `kind` names the outline. */
export function drawVessel(
  stage: Stage,
  foot: Point,
  size: number,
  look: { readonly kind: VesselKind; readonly colour: Colour },
): string {
  const { defs, palette } = stage
  const body = defs.linear(
    [
      [0, lighter(look.colour, -0.03)],
      [0.3, mix(lighter(look.colour, 0.06), palette.glow, 0.25)],
      [0.62, look.colour],
      [1, lighter(mix(look.colour, palette.near, 0.3), -0.09)],
    ],
    { x: 0, y: 0 },
    { x: 1, y: 0 },
  )
  const right = OUTLINES[look.kind]
  const points = [...right, ...right.toReversed().map(([x, y]) => [-x, y] as const)]
  const at = points.map(([x, y]) => ({ x: foot.x + x * size, y: foot.y - y * size }))
  const [first, ...rest] = at
  if (first === undefined) return ''
  // Through the middles of the outline's sides, so that shoulders are round; the foot stays flat.
  let data = `M${number(first.x)} ${number(first.y)}`
  for (const [i, point] of rest.entries()) {
    const next = rest[i + 1]
    data +=
      next === undefined
        ? `L${number(point.x)} ${number(point.y)}`
        : `Q${number(point.x)} ${number(point.y)} ${number((point.x + next.x) / 2)} ${number((point.y + next.y) / 2)}`
  }
  const shadow = oval(
    { x: foot.x + size * 0.14, y: foot.y },
    { x: size * 0.44, y: size * 0.045 },
    palette.ink,
    0.26,
  )
  return shadow + shape(`${data}z`, body)
}

/** Which outline a vessel has. */
export type VesselKind = 'bottle' | 'vase' | 'jar' | 'jug' | 'bowl'

// Half widths and heights from the foot upwards, in units of the vessel's size.
const OUTLINES: Readonly<Record<VesselKind, readonly (readonly [number, number])[]>> = {
  bottle: [
    [0.17, 0],
    [0.19, 0.02],
    [0.19, 0.6],
    [0.18, 0.74],
    [0.06, 0.8],
    [0.055, 1.08],
    [0.075, 1.12],
    [0.07, 1.14],
  ],
  vase: [
    [0.15, 0],
    [0.27, 0.12],
    [0.36, 0.42],
    [0.2, 0.72],
    [0.09, 0.84],
    [0.12, 0.98],
    [0.16, 1.02],
  ],
  jar: [
    [0.22, 0],
    [0.28, 0.02],
    [0.3, 0.36],
    [0.28, 0.56],
    [0.2, 0.64],
    [0.2, 0.74],
    [0.22, 0.75],
  ],
  jug: [
    [0.2, 0],
    [0.33, 0.1],
    [0.34, 0.34],
    [0.2, 0.56],
    [0.16, 0.7],
    [0.22, 0.8],
    [0.24, 0.82],
  ],
  bowl: [
    [0.16, 0],
    [0.2, 0.02],
    [0.42, 0.14],
    [0.5, 0.36],
    [0.52, 0.4],
    [0.52, 0.42],
  ],
}

/** A twig with leaves in pairs, from its foot up, leaning by `lean` (-1..1). */
export function drawTwig(stage: Stage, foot: Point, size: number, lean: number): string {
  const { palette } = stage
  const green = mix(palette.near, { l: 0.55, a: -0.075, b: 0.07 }, 0.7)
  const at = (share: number): Point => ({ x: foot.x + lean * size * share ** 1.6, y: foot.y - size * share })
  let leaves = ''
  for (const share of [0.3, 0.45, 0.6, 0.74, 0.87, 1]) {
    const root = at(share)
    const reach = size * (0.24 - share * 0.1)
    leaves += leafPath(root, { x: root.x + reach, y: root.y - reach * 0.7 }, reach * 0.2)
    leaves += leafPath(root, { x: root.x - reach, y: root.y - reach * 0.55 }, reach * 0.2)
  }
  const top = at(1)
  const stem = `M${number(foot.x)} ${number(foot.y)}Q${number(foot.x)} ${number(foot.y - size * 0.6)} ${number(top.x)} ${number(top.y)}`
  return line(stem, lighter(green, -0.12), size * 0.014) + shape(leaves, green)
}
