import type { BuildEvent } from '../core/events.ts'
import type { Reporter, Screen, Ticker } from './reporter.ts'

/** Words for people: one calm line for each thing that happened, and a summary. */
export function createTextReporter(
  screen: Screen,
  _ticker: Ticker,
  _options: { readonly heading: string },
): Reporter {
  return {
    onEvent: (event) => {
      const text = lineOf(event)
      if (text !== '') screen.write(`${text}\n`)
    },
    done: () => Promise.resolve(),
    close: () => undefined,
  }
}

function lineOf(event: BuildEvent): string {
  switch (event.type) {
    case 'buying':
      return `  buying   ${event.images.join(', ')}  ${event.model} (${event.reason})`
    case 'bought':
      return `  bought   ${event.images.join(', ')}  ${event.credits ?? '?'} credits`
    case 'encoded':
      return `  ${event.draft ? 'drew  ' : 'made  '}   ${event.image}  ${event.outputs} files, ${Math.round(event.bytes / 1000)} kB`
    case 'finished': {
      const problems = event.problems.map(({ code, message }) => `${code}: ${message}`)
      return [
        ...problems,
        `${event.bought} bought, ${event.credits} credits, ${event.encoded} files, ${event.fresh} up to date, ${event.seconds.toFixed(1)} s, in ${event.out}`,
      ].join('\n')
    }
    default:
      return ''
  }
}
