import type { Problem } from '../../core/problems.ts'
import type { WatchEvent } from '../../watch/options.ts'
import { eventLine } from '../event-line.ts'
import { problemText } from '../problem-text.ts'
import { amountOf, creditsOf } from '../words.ts'

/** What a session did in all. */
export interface SessionSum {
  readonly bought: number
  readonly credits: number
  readonly encoded: number
}

/** Turns a session's events into lines that stay; problems are told once, until they are over. */
export interface SessionText {
  readonly lines: (event: WatchEvent) => readonly string[]
  readonly sum: () => SessionSum
}

export function createSessionText(): SessionText {
  const told = new Set<string>()
  let sum: SessionSum = { bought: 0, credits: 0, encoded: 0 }
  const untold = (problems: readonly Problem[]): readonly string[] => {
    const texts = problems.map((problem) => problemText(problem).trimEnd()).filter((text) => !told.has(text))
    for (const text of texts) told.add(text)
    return texts
  }
  return {
    sum: () => sum,
    lines: (event) => {
      switch (event.type) {
        case 'finished': {
          const { bought, credits, encoded } = event
          sum = {
            bought: sum.bought + bought,
            credits: sum.credits + credits,
            encoded: sum.encoded + encoded,
          }
          return untold(event.problems)
        }
        case 'pending': {
          const lines = untold(event.problems)
          // What is over may be told again when it comes back.
          told.clear()
          untold(event.problems)
          return lines
        }
        case 'broken':
          return untold(event.problems)
        case 'changed':
          return [`saved     ${event.files.join(', ')}`]
        case 'withdrawn':
          return [
            `not bought: ${event.images.join(', ')} is no longer what was shown. Look at the list, then buy again.`,
          ]
        case 'held-back':
          return [heldBackLine(event)]
        case 'watching':
        case 'rebuilt':
        case 'closed':
        case 'planned':
          return []
        default: {
          const line = eventLine(event)
          return line === '' ? [] : [line]
        }
      }
    },
  }
}

function heldBackLine({ why, images, limit, spent }: WatchEvent & { type: 'held-back' }): string {
  const ids = `${images.slice(0, 5).join(', ')}${images.length > 5 ? ` and ${images.length - 5} more` : ''}`
  switch (why) {
    case 'budget':
      return `The budget of this session is ${limit ?? 0} credits, ${spent} are spent: not everything of ${ids} is bought. Start it again with a higher --budget.`
    case 'day-budget':
      return `The config's budget of a day is ${limit ?? 0} credits, ${spent} are spent: not everything of ${ids} is bought.`
    case 'no-budget':
      return `${ids}: not bought, for with CI set nothing is bought without a budget. Give one with --budget.`
  }
}

/** How a session ended. */
export function endLine(
  { bought, credits, encoded }: SessionSum,
  left: { readonly pictures: number; readonly credits: number | null },
): string {
  const did = [
    bought > 0 ? `${amountOf(bought, 'picture')} bought for ${creditsOf(credits)}` : 'nothing bought',
    ...(encoded > 0 ? [`${amountOf(encoded, 'file')} written`] : []),
  ].join(', ')
  const rest =
    left.pictures > 0
      ? ` ${amountOf(left.pictures, 'picture')} for ${creditsOf(left.credits)} left to buy.`
      : ''
  return `Closed: ${did}.${rest}`
}

/** What is watched, once it is. */
export function watchingLine({ files, out }: WatchEvent & { type: 'watching' }): string {
  return `Watching ${[files[0] ?? '', out].filter((name) => name !== '').join(' and ')}.`
}

/** Where the gallery is served, and what the address is worth. */
export function galleryLines(url: string): readonly string[] {
  return [`Gallery: ${url}`, 'Who has this address may look, edit and buy. It ends with the watch.']
}
