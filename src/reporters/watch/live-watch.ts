import { creditsOfAll } from '../../core/pending.ts'
import type { WatchEvent } from '../../watch/options.ts'
import { createCanvas } from '../canvas.ts'
import { REDRAW_MS } from '../live.ts'
import type { Screen, Ticker } from '../reporter.ts'
import { foot } from './foot.ts'
import type { FootTerms } from './foot.ts'
import { pressed } from './pressed.ts'
import { createSessionText, endLine, galleryLines, watchingLine } from './session-text.ts'
import { NEW_VIEW, viewAfter } from './view.ts'
import type { WatchReporter } from './watch-reporter.ts'

/** What the view of a session is told once. */
export interface LiveWatchTerms extends FootTerms {
  /** The service costs nothing, so nobody is asked before buying. */
  readonly free: () => boolean
}

/** A log that scrolls away, and below it how things stand: the run, what is pending, what is asked, the keys. */
export function createLiveWatch(screen: Screen, ticker: Ticker, terms: LiveWatchTerms): WatchReporter {
  let view = NEW_VIEW
  let closed = false
  let ended: readonly string[] = []
  const text = createSessionText()
  const canvas = createCanvas(screen)
  const redraw = (): void => {
    const { unicode, colour } = screen
    if (!closed)
      canvas.draw(foot(view, terms, { columns: screen.columns(), unicode, colour, nowMs: ticker.now() }))
  }
  const stops = [ticker.every(REDRAW_MS, redraw), screen.onResize?.(redraw)]
  return {
    onEvent: (event) => {
      view = viewAfter(view, event, ticker.now())
      const lines = text.lines(event)
      // The foot shows what breaks a pass for as long as it does; the log keeps what came of the others.
      if (event.type !== 'broken') for (const line of ended) canvas.log(line)
      ended = event.type === 'finished' ? lines : []
      if (event.type === 'watching') canvas.log(watchingLine(event))
      if (!IN_THE_FOOT.has(event.type)) for (const line of lines) canvas.log(line)
      if (event.type === 'pending' || event.type === 'broken') redraw()
    },
    say: (line) => {
      canvas.log(line)
      redraw()
    },
    gallery: (url) => {
      for (const line of galleryLines(url)) canvas.log(line)
      redraw()
    },
    press: (key) => {
      const next = pressed(view, key, terms.free())
      view = next.view
      redraw()
      return next.wish
    },
    closing: () => {
      view = { ...view, closing: true, question: null }
      redraw()
    },
    close: () => {
      if (closed) return
      for (const stop of stops) stop?.()
      const pending = view.standing?.pending ?? []
      const pictures = pending.reduce((sum, entry) => sum + entry.pictures, 0)
      canvas.log(endLine(text.sum(), { pictures, credits: creditsOfAll(pending) }))
      canvas.draw([])
      closed = true
    },
  }
}

/** What the foot shows while it lasts. */
const IN_THE_FOOT: ReadonlySet<WatchEvent['type']> = new Set([
  'buying',
  'braked',
  'stopping',
  'broken',
  'finished',
])
