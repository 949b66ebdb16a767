import { creditsOfAll } from '../../core/pending.ts'
import type { PendingEvent } from '../../watch/options.ts'
import { amountOf, creditsOf } from '../words.ts'
import { createSessionText, endLine, galleryLines, watchingLine } from './session-text.ts'
import type { WatchReporter } from './watch-reporter.ts'

/** Plain lines, for logs and for whoever has no terminal: each thing once, the list when it is another one. */
export function createTextWatch(
  write: (text: string) => void,
  terms: { readonly buys: boolean },
): WatchReporter {
  const text = createSessionText()
  let standing: PendingEvent | null = null
  let listed = ''
  let closed = false
  const say = (line: string): void => write(`${line}\n`)
  return {
    onEvent: (event) => {
      for (const line of text.lines(event)) say(line)
      if (event.type === 'broken') say('What was made last stays as it is.')
      if (event.type === 'watching') say(`${watchingLine(event)} Ctrl-C ends it.`)
      if (event.type !== 'pending') return
      standing = event
      const list = pendingText(event, terms.buys)
      if (list !== listed) write(list)
      listed = list
    },
    say,
    gallery: (url) => galleryLines(url).forEach(say),
    press: () => null,
    closing: () => undefined,
    close: () => {
      if (closed) return
      closed = true
      const pending = standing?.pending ?? []
      const pictures = pending.reduce((sum, entry) => sum + entry.pictures, 0)
      say(endLine(text.sum(), { pictures, credits: creditsOfAll(pending) }))
    },
  }
}

function pendingText({ pending, total, today, open }: PendingEvent, buys: boolean): string {
  const pictures = pending.reduce((sum, entry) => sum + entry.pictures, 0)
  const head =
    pictures === 0
      ? `Every picture is bought. Spent today: ${amountOf(today, 'credit')}.`
      : `${amountOf(pictures, 'picture')} to buy for ${creditsOf(total)}. Spent today: ${amountOf(today, 'credit')}.`
  const rows = pending.map(({ images, credits, reason, failed }) => {
    const state = failed ? ', failed and not tried again until its words change' : ''
    return `  to buy  ${images.join(', ')}  ${creditsOf(credits)} (${reason}${state})`
  })
  const follow =
    open.length > 0
      ? [`  open    ${open.join(', ')}  submitted earlier; "pixelkiln resume" follows it up`]
      : []
  const how =
    pictures > 0 && !buys
      ? ['Nothing is bought here: "pixelkiln build" does, or "pixelkiln watch --buy --budget N".']
      : []
  return `${[head, ...rows, ...follow, ...how].join('\n')}\n`
}
