/** A file as read, kept so that a problem can show the line it is about. */
export interface Source {
  /** Path as people should see it: relative to where they stand, forward slashes. */
  readonly file: string
  readonly text: string
}

/** A place in a source file; line and column count from 1, the column in UTF-16 code units. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  /** The line itself and a caret under the column. */
  readonly excerpt: string
}

const EXCERPT_WIDTH = 100

/** Finds line and column of an offset (UTF-16 code units from the start of the text). */
export function placeAt(source: Source, offset: number): Place {
  const end = Math.min(Math.max(offset, 0), source.text.length)
  let line = 1
  let lineStart = 0
  for (let at = source.text.indexOf('\n'); at !== -1 && at < end; at = source.text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  const lineEnd = source.text.indexOf('\n', lineStart)
  const whole = source.text.slice(lineStart, lineEnd === -1 ? source.text.length : lineEnd).replace(/\r$/, '')
  return {
    file: source.file,
    line,
    column: end - lineStart + 1,
    excerpt: excerptOf(whole, end - lineStart, line),
  }
}

/** A very long line is cut around the column, so that the caret stays on the screen. */
function excerptOf(whole: string, column: number, line: number): string {
  const from = column > EXCERPT_WIDTH - 20 ? column - Math.floor(EXCERPT_WIDTH / 2) : 0
  const lead = from > 0 ? '…' : ''
  const tail = whole.length > from + EXCERPT_WIDTH ? '…' : ''
  const shown = lead + whole.slice(from, from + EXCERPT_WIDTH).replaceAll('\t', ' ') + tail
  const gutter = `${line} | `
  const caret = ' '.repeat(gutter.length + column - from + lead.length)
  return `${gutter}${shown}\n${caret}^`
}
