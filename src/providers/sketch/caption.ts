import { atLightness, type Colour, hex, lighter, mix } from './colour.ts'
import type { Palette } from './palette.ts'
import { type Box, disc, rect } from './svg.ts'
import { drawText, shortened, textWidth, balancedLines } from './text.ts'

/** What the caption says, and the picture it stands on. */
export interface CaptionInput {
  readonly prompt: string
  /** The line below: id, size, shape. */
  readonly note: string
  readonly width: number
  readonly height: number
}

/** A caption laid out: everything in pixels of the picture. */
export interface Caption {
  readonly box: Box
  readonly padding: number
  readonly size: number
  readonly lines: readonly string[]
  /** The base line of the first line of text, and from one to the next. */
  readonly firstLine: number
  readonly lineHeight: number
  readonly note: { readonly text: string; readonly size: number; readonly y: number }
}

/**
 * Lays a caption out in the lower left: the largest of three sizes at which the whole prompt fits,
 * else the smallest with an ellipsis. Every line is at most as wide as the panel less its padding.
 */
export function layOutCaption(input: CaptionInput): Caption {
  const { width, height } = input
  // Sizes follow the width, for a page shows pictures at a given width; very wide ones would else be all caption.
  const base = Math.min(width * 0.0275, height * 0.062)
  const tall = height > width * 1.2
  const margin = Math.min(width, height) * 0.032
  const steps = tall ? [1.3, 1.1, 0.95] : [1, 0.86, 0.74]
  const shares = tall ? [1, 1, 1] : [0.6, 0.68, 0.76]
  const roomiest = tall ? 0.3 : 0.4
  let caption: Caption | null = null
  for (const [i, step] of steps.entries()) {
    const size = base * step
    const maxLines = Math.max(2, Math.floor((height * roomiest) / (size * 1.3)) - 1)
    const lineWidth = (width - margin * 2) * (shares[i] ?? 1) - size * 1.5
    const lines = balancedLines(input.prompt, size, lineWidth, Math.min(maxLines, tall ? 8 : 5))
    caption = placed(input, { size, lines, lineWidth, margin })
    if (!(lines.at(-1) ?? '').endsWith('…')) break
  }
  return caption ?? placed(input, { size: base, lines: [], lineWidth: width / 2, margin })
}

/** The caption as SVG elements: a panel of dark glass, the prompt, the note, and the palette as dots. */
export function drawCaption(caption: Caption, palette: Palette): string {
  const { box, padding, size, note } = caption
  const glass = atLightness(mix(palette.ink, palette.near, 0.3), 0.16)
  const paper = lighter(palette.paper, 0.02)
  const lines = caption.lines.map((text, i) =>
    drawText(text, {
      x: box.x + padding,
      y: caption.firstLine + i * caption.lineHeight,
      size,
      fill: hex(paper),
      spacing: -0.008,
    }),
  )
  const quiet = hex(mix(glass, paper, 0.68))
  const noteText = drawText(note.text, {
    x: box.x + padding,
    y: note.y,
    size: note.size,
    fill: quiet,
    spacing: 0.012,
  })
  return [rect(box, glass, 0.8, size * 0.5), ...lines, noteText, drawSwatches(caption, palette)].join('')
}

function placed(
  input: CaptionInput,
  text: {
    readonly size: number
    readonly lines: readonly string[]
    readonly lineWidth: number
    readonly margin: number
  },
): Caption {
  const { size, lines, lineWidth, margin } = text
  const padding = size * 0.75
  const lineHeight = size * 1.3
  const noteSize = Math.max(size * 0.58, Math.min(input.width * 0.0165, input.height * 0.04))
  const swatches = noteSize * 5.4
  const note = shortened(input.note, noteSize, lineWidth - swatches)
  const widest = Math.max(0, ...lines.map((line) => textWidth(line, size)))
  const inner = Math.min(lineWidth, Math.max(widest, textWidth(note, noteSize, 0.012) + swatches))
  const textHeight = lines.length === 0 ? 0 : size * 0.75 + (lines.length - 1) * lineHeight + size * 0.68
  const boxHeight = padding * 1.9 + textHeight + noteSize * 0.75
  const box = {
    x: margin,
    y: input.height - margin - boxHeight,
    width: inner + padding * 2,
    height: boxHeight,
  }
  return {
    box,
    padding,
    size,
    lines,
    firstLine: box.y + padding + size * 0.75,
    lineHeight,
    note: { text: note, size: noteSize, y: box.y + boxHeight - padding * 0.95 },
  }
}

function drawSwatches(caption: Caption, palette: Palette): string {
  const { box, padding, note } = caption
  const [one, two, three] = palette.accents
  const colours: readonly Colour[] = [palette.sky[1], palette.far, one, two, three]
  const radius = note.size * 0.34
  return colours
    .map((colour, i) => {
      const x = box.x + box.width - padding - radius - (colours.length - 1 - i) * radius * 2.7
      // Never so dark that a dot sinks into the panel.
      return disc({ x, y: note.y - radius }, radius, atLightness(colour, Math.max(0.45, colour.l)))
    })
    .join('')
}
