import type { BuildEvent } from '../core/events.ts'
import { endText } from './end-text.ts'
import { eventLine } from './event-line.ts'
import { NO_PROGRESS, advance } from './progress.ts'
import type { Progress } from './progress.ts'
import type { Reporter, Screen, Ticker, Told } from './reporter.ts'
import { amountOf, spanOf } from './words.ts'

/** So long a log may stand still before it says that it lives. */
const SILENCE_MS = 10_000

/** Plain lines: one for each thing that happened, a heartbeat after ten silent seconds, and a summary. */
export function createTextReporter(screen: Screen, ticker: Ticker, told: Told): Reporter {
  let progress = NO_PROGRESS
  let lastMs = ticker.now()
  const say = (text: string): void => {
    lastMs = ticker.now()
    screen.write(text)
  }
  const stop = ticker.every(1_000, () => {
    if (ticker.now() - lastMs >= SILENCE_MS && progress.inFlight.size > 0)
      say(heartbeat(progress, ticker.now()))
  })
  return {
    onEvent: (event: BuildEvent) => {
      progress = advance(progress, event, ticker.now())
      if (event.type === 'finished') return say(endText(event, told, screen))
      const line = eventLine(event)
      if (line !== '') say(`${line}\n`)
    },
    done: () => Promise.resolve(),
    close: stop,
  }
}

function heartbeat({ inFlight, ended, purchases }: Progress, nowMs: number): string {
  const oldest = [...inFlight.values()].reduce((first, next) =>
    next.startedMs < first.startedMs ? next : first,
  )
  const usual = oldest.usualSeconds === null ? '' : `, usually about ${oldest.usualSeconds} s`
  const longest = `${oldest.images.join(', ')} for ${spanOf((nowMs - oldest.startedMs) / 1000)}${usual}`
  return `  waiting for ${amountOf(inFlight.size, 'purchase')} (${longest}); ${ended} of ${Math.max(purchases, ended)} done\n`
}
