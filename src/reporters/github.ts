import type { Note, Problem } from '../core/problems.ts'
import { doneText } from './end-text.ts'
import type { ImageReport, RunReport } from './run-report.ts'
import { amountOf, creditsOf, sizeOf, spanOf } from './words.ts'
import type { Finished } from './reporter.ts'

/** GitHub shows ten annotations of a kind for each step, and drops the rest without a word. */
const ANNOTATIONS = 10
/** A step's summary may have 1 MiB; no person reads more rows than this. */
const ROWS = 200

/**
 * A run's problems and notes as GitHub's workflow commands, one a line, at most ten of a kind: the tenth says how many
 * more there are. `fileOf` gives a file as the repository names it.
 */
export function githubAnnotations({ end }: RunReport, fileOf: (file: string) => string): string {
  if (!end) return ''
  const lines = [...annotate('error', end.problems, fileOf), ...annotate('notice', end.notes, fileOf)]
  return lines.map((line) => `${line}\n`).join('')
}

function annotate(
  level: 'error' | 'notice',
  told: readonly (Problem | Note)[],
  fileOf: (file: string) => string,
): readonly string[] {
  const lines = told.map(({ code, message, place }) => {
    const where = place
      ? [`file=${property(fileOf(place.file))}`, `line=${place.line}`, `col=${place.column}`]
      : []
    return `::${level} ${[...where, `title=${property(code)}`].join(',')}::${data(message)}`
  })
  if (lines.length <= ANNOTATIONS) return lines
  const more = lines.length - ANNOTATIONS + 1
  return [
    ...lines.slice(0, ANNOTATIONS - 1),
    `::${level} title=pixelkiln::${more} more; the log has them all`,
  ]
}

/** Escaping as the runner undoes it (`@actions/core`, `command.ts`). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** A run as Markdown for the summary of a step: what was done, a row an image, and what went wrong. */
export function githubSummary({ images, end }: RunReport): string {
  if (!end) return ''
  const lines = ['### pixelkiln', '', `${cell(stateOf(end))}, in ${spanOf(end.seconds)}.`]
  if (images.length > 0) lines.push('', ...table(images))
  if (end.problems.length > 0) lines.push('', '#### Problems', '')
  for (const { code, message, place } of end.problems.slice(0, ROWS)) {
    const where = place ? ` (\`${place.file}:${place.line}\`)` : ''
    lines.push(`- \`${code}\`: ${cell(message)}${where}`)
  }
  return `${lines.join('\n')}\n`
}

function stateOf(end: Finished): string {
  const done = doneText(end)
  if (!end.ok) return `${amountOf(end.problems.length, 'problem')}${done === '' ? '' : `; kept: ${done}`}`
  return done === '' ? `Nothing to do: ${amountOf(end.fresh, 'image')} up to date` : done
}

function table(images: readonly ImageReport[]): readonly string[] {
  const rows = images.slice(0, ROWS).map(({ id, bought, credits, files, bytes, smallest, draft }) => {
    const paid = bought === 0 ? '' : creditsOf(credits)
    const thumbnail = smallest ? `${smallest.path}, ${sizeOf(smallest.bytes)}` : ''
    const made = files === 0 ? '' : `${files}${draft ? ' (draft)' : ''}`
    const cells = [
      id,
      bought === 0 ? '' : String(bought),
      paid,
      made,
      files === 0 ? '' : sizeOf(bytes),
      thumbnail,
    ]
    return `| ${cells.map(cell).join(' | ')} |`
  })
  const more = images.length > ROWS ? [`| and ${images.length - ROWS} more | | | | | |`] : []
  return [
    '| image | bought | credits | files | bytes | smallest file |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    ...more,
  ]
}

/** Text that stays one cell and starts no markup of its own. */
function cell(text: string): string {
  return text.replaceAll(/[\\|<>`*_[\]]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ')
}
