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

/** Finds line and column of an offset (UTF-16 code units from the start of the text). For many places of one source use `placer`. */
export function placeAt(source: Source, offset: number): Place {
  return placer(source)(offset)
}

/** Like `placeAt`, with the lines counted once. */
export function placer(source: Source): (offset: number) => Place {
  let starts: readonly number[] | null = null
  return (offset) => {
    starts ??= lineStarts(source.text)
    const end = Math.min(Math.max(offset, 0), source.text.length)
    const line = lineOf(starts, end)
    const start = starts[line] ?? 0
    const whole = source.text
      .slice(start, (starts[line + 1] ?? source.text.length + 1) - 1)
      .replace(/\r$/, '')
    return {
      file: source.file,
      line: line + 1,
      column: end - start + 1,
      excerpt: excerptOf(whole, end - start, line + 1),
    }
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Index of the last line that starts at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
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
