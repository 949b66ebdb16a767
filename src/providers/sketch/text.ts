import { EM, GLYPHS, type Glyph } from './glyphs.ts'
import { number } from './svg.ts'

/** Where and how a line of text is drawn; `x` is its left end, `y` its base line, `size` the em in pixels. */
export interface TextStyle {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly fill: string
  /** Extra room behind each character, in ems. */
  readonly spacing?: number
}

// A low bar of one advance width stands for a character without an outline: honest, quiet, and it keeps the rhythm.
const BAR: Glyph = { advance: 640, path: 'm70-150h500v-210h-500z' }

/** Text as it can be drawn: NFC, white space collapsed, without characters that show nothing (controls, joiners, marks without a letter). */
export function drawableText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Mn}\p{Me}\p{Emoji_Modifier}\u{fffd}]/gu, '')
    .trim()
}

/** The width of a line in pixels. */
export function textWidth(text: string, size: number, spacing = 0): number {
  let units = 0
  for (const character of text) units += glyph(character).advance + spacing * EM
  return ((units - (text === '' ? 0 : spacing * EM)) * size) / EM
}

/** One line of text as one path of outlines; an empty string for nothing to draw. */
export function drawText(text: string, style: TextStyle): string {
  let pen = 0
  let data = ''
  for (const character of text) {
    const { advance, path } = glyph(character)
    if (path !== '') data += `M${Math.round(pen)} 0${path}`
    pen += advance + (style.spacing ?? 0) * EM
  }
  if (data === '') return ''
  const scale = Number((style.size / EM).toFixed(5))
  return `<path transform="translate(${number(style.x)} ${number(style.y)})scale(${scale})" fill="${style.fill}" d="${data}"/>`
}

/** Breaks text into lines no wider than `width`, at blanks where it can, inside a word where it must; an ellipsis ends a text that needs more than `maxLines`. */
export function wrapText(text: string, size: number, width: number, maxLines: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  const words = text.split(' ').flatMap((word) => pieces(word, size, width))
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || textWidth(longer, size) <= width) {
      line = longer
      continue
    }
    if (lines.length === maxLines - 1) return [...lines, shortened(longer, size, width)]
    lines.push(line)
    line = word
  }
  return line === '' ? lines : [...lines, line]
}

/** The same lines, broken at the narrowest width that needs no line more, so that no last word stands alone. */
export function balancedLines(
  text: string,
  size: number,
  width: number,
  maxLines: number,
): readonly string[] {
  let lines = wrapText(text, size, width, maxLines)
  if (lines.at(-1)?.endsWith('…')) return lines
  for (let share = 0.96; share > 0.5; share -= 0.04) {
    const narrower = wrapText(text, size, width * share, maxLines + 1)
    if (narrower.length > lines.length) return lines
    lines = narrower
  }
  return lines
}

/** The text, cut with an ellipsis where it is wider than `width`. */
export function shortened(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text
  const characters = Array.from(text)
  while (characters.length > 0 && textWidth(`${characters.join('').trimEnd()}…`, size) > width)
    characters.pop()
  return `${characters.join('').replace(/[\s,.;:–—-]+$/u, '')}…`
}

function pieces(word: string, size: number, width: number): readonly string[] {
  if (textWidth(word, size) <= width) return [word]
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    if (part !== '' && textWidth(part + character, size) > width) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}

function glyph(character: string): Glyph {
  return GLYPHS.get(character) ?? BAR
}
