import { type Colour, hex, lch } from './colour.ts'
import { line, number, rect } from './svg.ts'
import { drawText, textWidth } from './text.ts'

const PILL_COLOURS: Readonly<Record<'DRAFT' | 'EMULATOR', Colour>> = {
  DRAFT: lch(0.88, 0.18, 96),
  EMULATOR: lch(0.84, 0.13, 185),
}

/** The pill in the upper right that says this is no bought picture. */
export function drawMark(mark: 'DRAFT' | 'EMULATOR', width: number, height: number): string {
  const size = Math.min(width * 0.0185, height * 0.04)
  const scale = height > width * 1.2 ? 1.3 : 1
  const em = size * scale
  const spacing = 0.14
  const box = { width: textWidth(mark, em, spacing) + em * 1.9, height: em * 2.05 }
  const margin = Math.min(width, height) * 0.045
  const x = width - margin - box.width
  const y = margin
  const text = drawText(mark, {
    x: x + em * 0.95,
    y: y + box.height / 2 + em * 0.364,
    size: em,
    fill: hex(lch(0.2, 0.02, 270)),
    spacing,
  })
  return rect({ x, y, ...box }, PILL_COLOURS[mark], 1, box.height / 2) + text
}

/** Crop ticks in the four corners. */
export function drawTicks(width: number, height: number, colour: Colour): string {
  const margin = Math.min(width, height) * 0.0135
  const arm = Math.min(width, height) * 0.026
  const corners = [
    { x: margin, y: margin, right: 1, down: 1 },
    { x: width - margin, y: margin, right: -1, down: 1 },
    { x: margin, y: height - margin, right: 1, down: -1 },
    { x: width - margin, y: height - margin, right: -1, down: -1 },
  ]
  const data = corners
    .map(
      ({ x, y, right, down }) =>
        `M${number(x + right * arm)} ${number(y)}H${number(x)}v${number(down * arm)}`,
    )
    .join('')
  return line(data, colour, Math.max(1.5, Math.min(width, height) * 0.002), 0.75)
}
