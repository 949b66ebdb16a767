import type { BuildEvent } from '../core/events.ts'
import { createCanvas } from './canvas.ts'
import { endText } from './end-text.ts'
import { eventLine } from './event-line.ts'
import { frame } from './frame.ts'
import { NO_PROGRESS, advance } from './progress.ts'
import type { Reporter, Screen, Ticker, Told } from './reporter.ts'

/** Ten redraws a second at most. */
export const REDRAW_MS = 100

/**
 * A calm picture of the run at the foot of the terminal; what is finished scrolls away above it. The cursor is hidden
 * only while there is something to see, and comes back with `close`.
 */
export function createLiveReporter(screen: Screen, ticker: Ticker, told: Told): Reporter {
  let progress = NO_PROGRESS
  const canvas = createCanvas(screen)
  const redraw = (): void => {
    const { unicode, colour } = screen
    const view = { columns: screen.columns(), unicode, colour, nowMs: ticker.now() }
    canvas.draw(progress.busy ? frame(progress, view) : [])
  }
  const stops = [ticker.every(REDRAW_MS, redraw), screen.onResize?.(redraw)]
  return {
    onEvent: (event) => {
      progress = advance(progress, event, ticker.now())
      if (event.type === 'finished') {
        canvas.draw([])
        screen.write(endText(event, told, screen))
        return
      }
      const line = belongsInTheLog(event) ? eventLine(event) : ''
      if (line !== '') canvas.log(line)
      // A person is about to be asked, or has just asked to stop: no waiting for the next redraw.
      if (event.type === 'planned' || event.type === 'waiting' || event.type === 'stopping') redraw()
    },
    done: () => Promise.resolve(),
    close: () => {
      for (const stop of stops) stop?.()
      canvas.draw([])
    },
  }
}

/** The frame shows what is under way; the log keeps what came of it. */
function belongsInTheLog(event: BuildEvent): boolean {
  return !['buying', 'bought', 'braked', 'stopping'].includes(event.type)
}
