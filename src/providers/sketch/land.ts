import { type Colour, mix } from './colour.ts'
import type { Random } from './random.ts'
import type { Stage } from './stage.ts'
import { number, pair, type Point, shape, softCurve } from './svg.ts'

/** The outline of a layer of land, left to right across the stage. */
export interface Ridge {
  readonly points: readonly Point[]
  /** Drawn as a soft curve, or from point to point. */
  readonly soft: boolean
}

/** How a ridge rises and falls. */
export type RidgeKind = 'hill' | 'peak' | 'dune' | 'mesa'

/** A ridge around the height `y` that swings by about `swing` pixels. */
export function makeRidge(stage: Stage, kind: RidgeKind, y: number, swing: number): Ridge {
  const { random, width, unit } = stage
  const shapes = { hill: hills, peak: peaks, dune: dunes, mesa: mesas }
  const rise = shapes[kind](random, width / (1000 * unit))
  const step = kind === 'peak' ? 13 * unit : kind === 'mesa' ? 5 * unit : 42 * unit
  const count = Math.ceil(width / step) + 2
  const points = Array.from({ length: count }, (_, i) => {
    const x = (i - 0.5) * step
    return { x, y: y - swing * rise(x / (1000 * unit)) }
  })
  return { points, soft: kind === 'hill' || kind === 'dune' }
}

/** The height of a ridge at `x`. */
export function ridgeHeight(ridge: Ridge, x: number): number {
  const after = ridge.points.findIndex((point) => point.x >= x)
  const right = ridge.points[after] ?? ridge.points.at(-1)
  const left = ridge.points[after - 1] ?? right
  if (left === undefined || right === undefined) return 0
  const share = right.x === left.x ? 0 : (x - left.x) / (right.x - left.x)
  return left.y + (right.y - left.y) * share
}

/** A ridge filled down to the bottom of the stage: its colour on top, fading into `haze` over `depth` pixels. */
export function drawRidge(stage: Stage, ridge: Ridge, colour: Colour, haze: Colour): string {
  const { width, height, defs } = stage
  const fill = defs.linear([
    [0, colour],
    [0.55, mix(colour, haze, 0.45)],
    [1, mix(colour, haze, 0.7)],
  ])
  return shape(ridgePath(ridge, width, height), fill)
}

/** The path of a ridge, closed along the bottom. */
export function ridgePath(ridge: Ridge, width: number, height: number): string {
  const line = ridge.soft ? softCurve(ridge.points) : ridge.points.map((point) => `L${pair(point)}`).join('')
  return `M-20 ${number(height)}${line}L${number(width + 20)} ${number(height)}z`
}

// Each of these gives a height of about -1..1 over a width counted in thousands of units.
function hills(random: Random): (x: number) => number {
  const waves = [1.6, 3.1, 6.3].map((pace, i) => ({
    pace: pace * random.between(0.8, 1.25),
    phase: random.between(0, 6.3),
    size: 0.62 / (1 + i * 1.1),
  }))
  return (x) => waves.reduce((sum, wave) => sum + wave.size * Math.sin(x * wave.pace + wave.phase), 0)
}

function peaks(random: Random, span: number): (x: number) => number {
  const count = Math.max(3, Math.round(span * 3.2))
  const tops = Array.from({ length: count }, (_, i) => ({
    x: ((i + random.between(0.15, 0.85)) / count) * span,
    height: random.between(0.35, 1.15),
    slope: random.between(3.2, 5),
  }))
  const rough = [23, 51, 97].map((pace) => ({ pace, phase: random.between(0, 6.3) }))
  return (x) => {
    const high = Math.max(...tops.map((top) => top.height - Math.abs(x - top.x) * top.slope * 0.55))
    const grit = rough.reduce((sum, { pace, phase }, i) => sum + Math.sin(x * pace + phase) / (i + 2), 0)
    return Math.max(high, -0.55) + grit * 0.055
  }
}

function dunes(random: Random): (x: number) => number {
  const pace = random.between(1, 1.5)
  const phase = random.between(0, 1)
  const swell = random.between(0, 6.3)
  return (x) => {
    const at = (((x * pace + phase) % 1) + 1) % 1
    // A long windward side and a short lee side.
    const crest = at < 0.7 ? (at / 0.7) ** 1.4 : 1 - ((at - 0.7) / 0.3) ** 0.7
    return crest * 0.9 - 0.4 + 0.25 * Math.sin(x * 2.1 + swell)
  }
}

function mesas(random: Random, span: number): (x: number) => number {
  const count = Math.max(2, Math.round(span * 2.6))
  const tables = Array.from({ length: count }, (_, i) => ({
    x: ((i + random.between(0.2, 0.8)) / count) * span,
    half: random.between(0.03, 0.12),
    height: random.between(0.35, 1.1),
  }))
  const wobble = random.between(0, 6.3)
  return (x) => {
    const heights = tables.map(({ x: middle, half, height }) => {
      const out = Math.abs(x - middle) - half
      if (out <= 0) return height
      return out < 0.025 ? height - out * 18 * height : height * 0.55 - (out - 0.025) * 3
    })
    return Math.max(-0.45, ...heights) + 0.025 * Math.sin(x * 31 + wobble)
  }
}
