import type { BuildEvent } from '../core/events.ts'
import { endText } from './end-text.ts'
import { eventLine } from './event-line.ts'
import { frame, widthOf } from './frame.ts'
import { NO_PROGRESS, advance } from './progress.ts'
import type { Reporter, Screen, Ticker, Told } from './reporter.ts'

/** Ten redraws a second at most. */
const REDRAW_MS = 100
const HIDE = '\u001B[?25l'
const SHOW = '\u001B[?25h'
const COLOURS = new RegExp(String.raw`${'\u001B'}\[\d+m`, 'g')

/**
 * A calm picture of the run at the foot of the terminal; what is finished scrolls away above it. The cursor is hidden
 * only while there is something to see, and comes back with `close`.
 */
export function createLiveReporter(screen: Screen, ticker: Ticker, told: Told): Reporter {
  let progress = NO_PROGRESS
  let drawn: readonly string[] = []
  let lines: string[] = []
  let hidden = false

  const draw = (next: readonly string[]): void => {
    const same = next.length === drawn.length && next.every((line, at) => line === drawn[at])
    if (same && lines.length === 0) return
    const above = lines.map((line) => `${line}\n`).join('')
    const cursor = next.length > 0 && !hidden ? HIDE : next.length === 0 && hidden ? SHOW : ''
    hidden = next.length > 0
    const below = next.map((line) => `${line}\n`).join('')
    screen.write(erase(drawn, screen.columns()) + cursor + above + below)
    drawn = next
    lines = []
  }
  const redraw = (): void => {
    const { unicode, colour } = screen
    const view = { columns: screen.columns(), unicode, colour, nowMs: ticker.now() }
    draw(progress.busy ? frame(progress, view) : [])
  }
  const stops = [ticker.every(REDRAW_MS, redraw), screen.onResize?.(redraw)]
  return {
    onEvent: (event) => {
      progress = advance(progress, event, ticker.now())
      if (event.type === 'finished') {
        draw([])
        screen.write(endText(event, told, screen))
        return
      }
      const line = belongsInTheLog(event) ? eventLine(event) : ''
      if (line !== '') lines.push(line)
      // A person is about to be asked, or has just asked to stop: no waiting for the next redraw.
      if (event.type === 'planned' || event.type === 'waiting' || event.type === 'stopping') redraw()
    },
    done: () => Promise.resolve(),
    close: () => {
      for (const stop of stops) stop?.()
      draw([])
    },
  }
}

/** The frame shows what is under way; the log keeps what came of it. */
function belongsInTheLog(event: BuildEvent): boolean {
  return !['buying', 'bought', 'braked', 'stopping'].includes(event.type)
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
