import { widthOf } from './frame.ts'
import type { Screen } from './reporter.ts'

const HIDE = '\u001B[?25l'
const SHOW = '\u001B[?25h'
const COLOURS = new RegExp(String.raw`${'\u001B'}\[\d+m`, 'g')

/** The foot of a terminal that is drawn anew, and the log that scrolls away above it. */
export interface Canvas {
  /** Draws these lines in place of the last ones, below what was logged since. Writes nothing when nothing changed. */
  readonly draw: (lines: readonly string[]) => void
  /** Keeps a line, or several, for the log; the next `draw` writes them. */
  readonly log: (line: string) => void
}

/** Opens it. The cursor is hidden only while there is something drawn. */
export function createCanvas(screen: Screen): Canvas {
  let drawn: readonly string[] = []
  let lines: string[] = []
  let hidden = false
  return {
    log: (line) => void lines.push(line),
    draw: (next) => {
      const same = next.length === drawn.length && next.every((line, at) => line === drawn[at])
      if (same && lines.length === 0) return
      const above = lines.map((line) => `${line}\n`).join('')
      const cursor = next.length > 0 && !hidden ? HIDE : next.length === 0 && hidden ? SHOW : ''
      hidden = next.length > 0
      const below = next.map((line) => `${line}\n`).join('')
      screen.write(erase(drawn, screen.columns()) + cursor + above + below)
      drawn = next
      lines = []
    },
  }
}

/** Back to where the last frame began. A terminal made narrower has wrapped its lines since. */
function erase(lines: readonly string[], columns: number): string {
  if (lines.length === 0) return ''
  const width = Math.max(1, columns)
  const rows = lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line.replaceAll(COLOURS, '')) / width)),
    0,
  )
  return `\u001B[${rows}A\r\u001B[0J`
}
