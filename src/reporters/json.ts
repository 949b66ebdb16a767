import type { BuildEvent } from '../core/events.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { Reporter } from './reporter.ts'

/** One event a line, as it is; places are flattened to file, line and column. The last line is always `finished`. */
export function createJsonReporter(write: (text: string) => void): Reporter {
  return {
    onEvent: (event) => write(`${JSON.stringify(flatEvent(event))}\n`),
    done: () => Promise.resolve(),
    close: () => undefined,
  }
}

/** A run's event with its places flattened. */
export function flatEvent(event: BuildEvent): object {
  switch (event.type) {
    case 'problem':
      return { type: event.type, problem: flat(event.problem) }
    case 'note':
      return { type: event.type, note: flat(event.note) }
    case 'finished': {
      const { type, ok, bought, credits, encoded, fresh, problems, notes, ...rest } = event
      return {
        type,
        ok,
        bought,
        credits,
        encoded,
        fresh,
        problems: problems.map(flat),
        notes: notes.map(flat),
        ...rest,
      }
    }
    default:
      return event
  }
}

/** A problem or note with its place as three plain members. */
export function flat({ code, message, image, place }: Problem | Note): object {
  return {
    code,
    message,
    ...(image === undefined ? {} : { image }),
    ...(place === undefined ? {} : { file: place.file, line: place.line, column: place.column }),
  }
}
