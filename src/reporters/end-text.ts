import { idleText, placeOf } from './deferred.ts'
import { noteLines } from './note-lines.ts'
import { paint } from './paint.ts'
import { problemText } from './problem-text.ts'
import type { Finished, Screen, Told } from './reporter.ts'
import { amountOf, creditsOf, sizeOf, spanOf } from './words.ts'

/** The end of a run: its notes, its problems with their places, what was done and kept, and where to look. */
export function endText(end: Finished, told: Told, screen: Pick<Screen, 'colour'>): string {
  const { problems } = end
  const where = placeOf(end, told)
  const notes = noteLines(end.notes).map((line) => `${paint(screen.colour, 'dim', line)}\n`)
  const failures = problems.map((problem) => {
    const text = problemText(problem)
    return text.replace(problem.code, () => paint(screen.colour, 'red', problem.code))
  })
  const done = doneText(end)
  const last =
    problems.length > 0
      ? failureText(end, done)
      : done === ''
        ? idleText(end, told)
        : `${paint(screen.colour, 'bold', done)} in ${spanOf(end.seconds)}.${freshText(end)}\nLook at them in ${where}`
  return `${[...notes, ...failures].join('')}${last}\n`
}

/** What was bought, drawn and written, in words; empty when nothing was. */
export function doneText({ bought, credits, encoded, bytes, drafts }: Finished): string {
  const parts = [
    bought > 0 ? `${amountOf(bought, 'picture')} bought for ${creditsOf(credits)}` : '',
    drafts > 0 ? `${amountOf(drafts, 'draft')} drawn for nothing` : '',
    encoded > 0 ? `${amountOf(encoded, 'file')} written (${sizeOf(bytes)})` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function freshText({ fresh }: Finished): string {
  if (fresh === 0) return ''
  return ` ${amountOf(fresh, 'image')} ${fresh === 1 ? 'was' : 'were'} up to date.`
}

function failureText({ problems, seconds }: Finished, done: string): string {
  const count = amountOf(problems.length, 'problem')
  return done === '' ? `${count}.` : `${count}. Kept: ${done}, in ${spanOf(seconds)}.`
}
