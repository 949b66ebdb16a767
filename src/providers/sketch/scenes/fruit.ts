import { type Colour, lch, lighter, mix } from '../colour.ts'
import type { Stage } from '../stage.ts'
import { line, number, oval, type Point, shape } from '../svg.ts'
import type { Words } from '../words.ts'
import { leafPath } from './furniture.ts'

/** Fruit that can be drawn. */
export type FruitKind = 'fig' | 'pear' | 'apple' | 'orange' | 'lemon'

const FRUIT_WORDS: Readonly<Record<FruitKind, string>> = {
  fig: 'fig plum aubergine eggplant инжир*',
  pear: 'pear avocado груш*',
  apple: 'apple cherry tomato strawberry raspberry pomegranate яблок* μήλο',
  orange: 'orange tangerine peach apricot pumpkin mandarin blueberry berry fruit grape',
  lemon: 'lemon lime citrus лимон* λεμόνι',
}

const SKINS: Readonly<Record<FruitKind, Colour>> = {
  fig: lch(0.36, 0.1, 335),
  pear: lch(0.8, 0.14, 112),
  apple: lch(0.55, 0.2, 27),
  orange: lch(0.73, 0.17, 56),
  lemon: lch(0.89, 0.17, 98),
}

const KINDS: readonly FruitKind[] = ['fig', 'pear', 'apple', 'orange', 'lemon']

/** The fruit that words name first in the table, or null. */
export function fruitOf(words: Words): FruitKind | null {
  return KINDS.find((kind) => words.has(FRUIT_WORDS[kind])) ?? null
}

/** A fruit around a centre, `size` pixels from there to its edge, lit from the upper left. */
export function drawFruit(stage: Stage, at: Point, size: number, kind: FruitKind): string {
  const { palette, defs } = stage
  const skin = mix(SKINS[kind], palette.glow, 0.04)
  const body = defs.linear(
    [
      [0, mix(lighter(skin, 0.12), palette.glow, 0.22)],
      [0.38, lighter(skin, 0.02)],
      [1, lighter(mix(skin, palette.near, 0.35), -0.14)],
    ],
    { x: 0.12, y: 0 },
    { x: 0.88, y: 1 },
  )
  const p = (x: number, y: number): string => `${number(at.x + x * size)} ${number(at.y + y * size)}`
  const shine = line(`M${p(-0.62, 0.1)}Q${p(-0.6, -0.3)} ${p(-0.34, -0.5)}`, palette.paper, size * 0.07, 0.42)
  const bounce = line(
    `M${p(0.2, 0.86)}Q${p(0.66, 0.66)} ${p(0.8, 0.2)}`,
    mix(skin, palette.accents[1], 0.5),
    size * 0.045,
    0.4,
  )
  const shadow = oval(
    { x: at.x + size * 0.3, y: at.y + size * 0.86 },
    { x: size * 0.98, y: size * 0.17 },
    palette.ink,
    0.28,
  )
  return (
    shadow +
    drawStem(stage, at, size, kind) +
    shape(outline(kind, p), body) +
    drawMarkings(kind, p, size, skin) +
    shine +
    bounce
  )
}

function outline(kind: FruitKind, p: (x: number, y: number) => string): string {
  switch (kind) {
    case 'fig':
      return `M${p(-0.07, -1.22)}Q${p(0.02, -1.27)} ${p(0.09, -1.2)}C${p(0.14, -0.75)} ${p(0.9, -0.45)} ${p(0.93, 0.2)}C${p(0.95, 0.72)} ${p(0.5, 0.95)} ${p(0, 0.95)}C${p(-0.5, 0.95)} ${p(-0.95, 0.72)} ${p(-0.93, 0.2)}C${p(-0.9, -0.45)} ${p(-0.12, -0.75)} ${p(-0.07, -1.22)}z`
    case 'pear':
      return `M${p(0, -1.15)}C${p(0.42, -1.15)} ${p(0.36, -0.6)} ${p(0.5, -0.3)}C${p(0.72, 0)} ${p(0.86, 0.16)} ${p(0.84, 0.42)}C${p(0.8, 0.82)} ${p(0.4, 0.95)} ${p(0, 0.95)}C${p(-0.4, 0.95)} ${p(-0.8, 0.82)} ${p(-0.84, 0.42)}C${p(-0.86, 0.16)} ${p(-0.72, 0)} ${p(-0.5, -0.3)}C${p(-0.36, -0.6)} ${p(-0.42, -1.15)} ${p(0, -1.15)}z`
    case 'apple':
      return `M${p(0, -0.68)}C${p(0.3, -0.95)} ${p(1, -0.82)} ${p(0.96, -0.08)}C${p(0.92, 0.6)} ${p(0.5, 0.98)} ${p(0.22, 0.92)}Q${p(0, 0.85)} ${p(-0.22, 0.92)}C${p(-0.5, 0.98)} ${p(-0.92, 0.6)} ${p(-0.96, -0.08)}C${p(-1, -0.82)} ${p(-0.3, -0.95)} ${p(0, -0.68)}z`
    case 'orange':
      return `M${p(0, -0.9)}C${p(0.5, -0.9)} ${p(0.92, -0.5)} ${p(0.92, 0.02)}C${p(0.92, 0.55)} ${p(0.5, 0.94)} ${p(0, 0.94)}C${p(-0.5, 0.94)} ${p(-0.92, 0.55)} ${p(-0.92, 0.02)}C${p(-0.92, -0.5)} ${p(-0.5, -0.9)} ${p(0, -0.9)}z`
    case 'lemon':
      return `M${p(-1.16, 0.1)}C${p(-1.02, 0.02)} ${p(-0.95, -0.2)} ${p(-0.82, -0.36)}C${p(-0.4, -0.86)} ${p(0.4, -0.82)} ${p(0.8, -0.34)}C${p(0.92, -0.18)} ${p(1.02, -0.08)} ${p(1.16, 0.06)}C${p(1.02, 0.16)} ${p(0.96, 0.3)} ${p(0.84, 0.46)}C${p(0.42, 0.98)} ${p(-0.4, 0.98)} ${p(-0.8, 0.5)}C${p(-0.94, 0.32)} ${p(-1, 0.2)} ${p(-1.16, 0.1)}z`
  }
}

function drawStem(stage: Stage, at: Point, size: number, kind: FruitKind): string {
  const green = mix(stage.palette.near, { l: 0.56, a: -0.09, b: 0.085 }, 0.75)
  const top = { x: at.x, y: at.y - size * (kind === 'fig' || kind === 'pear' ? 1.1 : 0.72) }
  if (kind === 'fig')
    return line(
      `M${number(top.x)} ${number(top.y)}q${number(size * 0.02)} ${number(-size * 0.16)} ${number(size * 0.1)} ${number(-size * 0.26)}`,
      green,
      size * 0.12,
    )
  const stem = line(
    `M${number(top.x)} ${number(top.y + size * 0.06)}q0 ${number(-size * 0.2)} ${number(size * 0.12)} ${number(-size * 0.32)}`,
    lighter(green, -0.15),
    size * 0.07,
  )
  return (
    stem +
    shape(
      leafPath(
        { x: top.x + size * 0.04, y: top.y - size * 0.1 },
        { x: top.x + size * 0.75, y: top.y - size * 0.24 },
        size * 0.13,
      ),
      green,
    )
  )
}

// Ribs of a fig, pores of a citrus.
function drawMarkings(
  kind: FruitKind,
  p: (x: number, y: number) => string,
  size: number,
  skin: Colour,
): string {
  if (kind === 'fig') {
    const ribs = [-0.6, -0.32, 0, 0.32, 0.6]
      .map((side) => `M${p(side * 0.1, -0.98)}Q${p(side * 1.35, -0.1)} ${p(side * 0.7, 0.84)}`)
      .join('')
    return line(ribs, lighter(skin, 0.2), size * 0.014, 0.38)
  }
  if (kind !== 'orange' && kind !== 'lemon') return ''
  let pores = ''
  for (let i = 0; i < 34; i++) {
    const angle = i * 2.4
    const out = Math.sqrt(i / 34) * 0.74
    pores += `M${p(Math.cos(angle) * out, Math.sin(angle) * out * 0.85 + 0.05)}h.01`
  }
  return line(pores, lighter(skin, -0.1), size * 0.028, 0.38)
}
