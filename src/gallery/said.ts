import type { LiveEvent } from './progress.ts'

/** What a page reads out for an event; null for those that the pictures themselves show. */
export function saidOf(event: LiveEvent): string | null {
  switch (event.type) {
    case 'bought':
      return `Bought ${event.images.join(', ')}${event.credits === null ? '' : ` for ${counted(event.credits, 'credit')}`}.`
    case 'braked':
      return `The service asks for ${Math.ceil(event.seconds)} seconds of patience.`
    case 'problem':
      // What is merely not bought yet, the page shows by itself.
      return event.problem.code.startsWith('stale/') ? null : event.problem.message
    case 'waiting':
      return `Another run holds the project (${event.holder}).`
    case 'withdrawn':
      return `Not bought, for the words were edited since: ${event.images.join(', ')}.`
    case 'held-back':
      return `Not bought by itself: ${event.images.join(', ')}.`
    default:
      return null
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
