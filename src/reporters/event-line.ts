import type { BuildEvent } from '../core/events.ts'
import { amountOf, creditsOf, sizeOf, spanOf } from './words.ts'

/** One event as one line without its line break; empty for an event that is not worth one. */
export function eventLine(event: BuildEvent): string {
  switch (event.type) {
    case 'planned':
      return plannedLine(event)
    case 'waiting':
      return `Waiting for another run to finish (${event.holder}).`
    case 'buying':
      return `  buying  ${event.images.join(', ')}  ${event.model}, ${creditsOf(event.credits)} (${event.reason})`
    case 'bought': {
      const price = event.credits === null ? 'at a price not told' : creditsOf(event.credits)
      return `  bought  ${event.images.join(', ')}  ${amountOf(event.pictures, 'picture')}, ${price}`
    }
    case 'not-bought':
      return `  failed  ${event.images.join(', ')}`
    case 'encoded':
      return `  made    ${event.image}  ${amountOf(event.outputs, 'file')}, ${sizeOf(event.bytes)}`
    case 'removed':
      return `  removed ${event.path}  (${event.why})`
    case 'emitted':
      return `  wrote   ${event.path}`
    case 'braked':
      return `  The service asks for patience (${event.why}): every purchase waits ${spanOf(event.seconds)}.`
    case 'stopping':
      return `Stopping: nothing more is bought, ${amountOf(event.inFlight, 'purchase')} in flight ${event.inFlight === 1 ? 'is' : 'are'} kept. Ctrl-C again stops at once.`
    case 'note':
    case 'problem':
    case 'accepted':
    case 'progress':
    case 'finished':
      return ''
  }
}

function plannedLine(event: BuildEvent & { type: 'planned' }): string {
  const { pictures, credits, drafts, outputs, fresh } = event
  const parts = [
    pictures > 0 ? `${amountOf(pictures, 'picture')} to buy for ${creditsOf(credits)}` : '',
    drafts > 0 ? `${amountOf(drafts, 'draft')} to draw` : '',
    outputs > 0 ? `${amountOf(outputs, 'file')} to make` : '',
  ].filter((part) => part !== '')
  if (parts.length === 0) return ''
  return `${[...parts, ...(fresh > 0 ? [`${fresh} up to date`] : [])].join(', ')}.`
}
