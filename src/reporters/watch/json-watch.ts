import type { WatchEvent } from '../../watch/options.ts'
import { flat, flatEvent } from '../json.ts'
import { createSessionText } from './session-text.ts'
import type { WatchReporter } from './watch-reporter.ts'

/** One event a line, problems and notes with their places flattened; the last line sums the session up as `finished`. */
export function createJsonWatch(write: (text: string) => void): WatchReporter {
  const session = createSessionText()
  let problems: readonly object[] = []
  let fresh = 0
  let closed = false
  const say = (line: object): void => write(`${JSON.stringify(line)}\n`)
  return {
    onEvent: (event) => {
      session.lines(event)
      if (event.type === 'finished') fresh = event.fresh
      if (event.type === 'pending' || event.type === 'broken') problems = event.problems.map(flat)
      say(flatWatchEvent(event))
    },
    say: () => undefined,
    gallery: (url) => say({ type: 'gallery', url }),
    press: () => null,
    closing: () => undefined,
    close: () => {
      if (closed) return
      closed = true
      say({ type: 'finished', ok: problems.length === 0, ...session.sum(), fresh, problems })
    },
  }
}

function flatWatchEvent(event: WatchEvent): object {
  switch (event.type) {
    case 'pending':
      return { ...event, problems: event.problems.map(flat), notes: event.notes.map(flat) }
    case 'broken':
      return { ...event, problems: event.problems.map(flat) }
    case 'watching':
    case 'changed':
    case 'rebuilt':
    case 'held-back':
    case 'withdrawn':
    case 'closed':
      return event
    default:
      return flatEvent(event)
  }
}
