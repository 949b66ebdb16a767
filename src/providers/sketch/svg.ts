import { type Colour, hex } from './colour.ts'

/** A point in pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** One stop of a gradient: offset 0..1, colour, opacity (1 when left out). */
export type Stop = readonly [offset: number, colour: Colour, opacity?: number]

/** Gradients of one drawing; each call answers with a paint such as `url(#g3)`. */
export interface Defs {
  /** Across the shape's box, from one corner point (0..1) to another; top to bottom when left out. */
  linear(stops: readonly Stop[], from?: Point, to?: Point): string
  /** From the middle of the shape's box outwards. Costly by area: keep such shapes small. */
  radial(stops: readonly Stop[]): string
  /** The `<defs>` element. */
  print(): string
}

/** Starts an empty collection of gradients. */
export function createDefs(): Defs {
  const printed: string[] = []
  const add = (element: string, ends: string, stops: readonly Stop[]): string => {
    const id = `g${printed.length + 1}`
    printed.push(`<${element} id="${id}"${ends}>${stops.map(printStop).join('')}</${element}>`)
    return `url(#${id})`
  }
  return {
    linear: (stops, from = { x: 0, y: 0 }, to = { x: 0, y: 1 }) =>
      add(
        'linearGradient',
        ` x1="${number(from.x)}" y1="${number(from.y)}" x2="${number(to.x)}" y2="${number(to.y)}"`,
        stops,
      ),
    radial: (stops) => add('radialGradient', '', stops),
    print: () => `<defs>${printed.join('')}</defs>`,
  }
}

/** A number for SVG: at most two decimals. Throws a RangeError for what is not finite, so that a bug never draws. */
export function number(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('a drawing needs finite numbers')
  return String(Math.round(value * 100) / 100 + 0)
}

/** A filled path; opacity 1 when left out. */
export function shape(data: string, fill: Colour | string, opacity = 1): string {
  return `<path d="${data}" fill="${paint(fill)}"${fade(opacity)}/>`
}

/** A stroked path with round ends. */
export function line(data: string, stroke: Colour | string, width: number, opacity = 1): string {
  const faded = opacity === 1 ? '' : ` stroke-opacity="${number(opacity)}"`
  return `<path d="${data}" fill="none" stroke="${paint(stroke)}" stroke-width="${number(width)}" stroke-linecap="round" stroke-linejoin="round"${faded}/>`
}

/** A filled rectangle; `radius` rounds its corners. */
export function rect(box: Box, fill: Colour | string, opacity = 1, radius = 0): string {
  const round = radius === 0 ? '' : ` rx="${number(radius)}"`
  return `<rect x="${number(box.x)}" y="${number(box.y)}" width="${number(Math.max(0, box.width))}" height="${number(Math.max(0, box.height))}"${round} fill="${paint(fill)}"${fade(opacity)}/>`
}

/** A rectangle in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A filled circle. */
export function disc(centre: Point, radius: number, fill: Colour | string, opacity = 1): string {
  return `<circle cx="${number(centre.x)}" cy="${number(centre.y)}" r="${number(Math.max(0, radius))}" fill="${paint(fill)}"${fade(opacity)}/>`
}

/** A filled ellipse with its two radii. */
export function oval(centre: Point, radii: Point, fill: Colour | string, opacity = 1): string {
  return `<ellipse cx="${number(centre.x)}" cy="${number(centre.y)}" rx="${number(Math.max(0, radii.x))}" ry="${number(Math.max(0, radii.y))}" fill="${paint(fill)}"${fade(opacity)}/>`
}

/** Path data of a polygon through the points. */
export function polygon(points: readonly Point[]): string {
  return `M${points.map(pair).join('L')}z`
}

/** Path data, without a start, of a soft curve through the points: each is a control point between its neighbours' middles. */
export function softCurve(points: readonly Point[]): string {
  let data = ''
  for (const [i, point] of points.entries()) {
    const next = points[i + 1]
    if (next === undefined) data += `L${pair(point)}`
    else if (i === 0) data += `L${pair(point)}`
    else data += `Q${pair(point)} ${pair({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`
  }
  return data
}

/** `x y`, for path data. */
export function pair(point: Point): string {
  return `${number(point.x)} ${number(point.y)}`
}

function printStop([offset, colour, opacity]: Stop): string {
  const faded = opacity === undefined ? '' : ` stop-opacity="${number(opacity)}"`
  return `<stop offset="${number(offset)}" stop-color="${hex(colour)}"${faded}/>`
}

function paint(fill: Colour | string): string {
  return typeof fill === 'string' ? fill : hex(fill)
}

function fade(opacity: number): string {
  return opacity === 1 ? '' : ` fill-opacity="${number(opacity)}"`
}
