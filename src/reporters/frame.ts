import { paint } from './paint.ts'
import type { Colour } from './paint.ts'
import type { InFlight, Progress } from './progress.ts'
import { amountOf, spanOf } from './words.ts'

/** What a picture is drawn for. */
export interface View {
  readonly columns: number
  readonly unicode: boolean
  readonly colour: boolean
  readonly nowMs: number
}

/** A piece of a line, and the colour it is painted in. */
export type Piece = readonly [text: string, colour?: Colour]

const ROWS = 8
/** A job whose end nobody knows fills its share of the bar up to here. */
const NEARLY = 0.95

/** The live picture of a run: a bar with counts, the money, and what is in flight. No line is wider than the view less one. */
export function frame(progress: Progress, view: View): readonly string[] {
  const flights = [...progress.inFlight.values()]
  const shown = flights.slice(0, ROWS)
  const more = flights.length - shown.length
  const idWidth = Math.min(32, Math.max(8, ...shown.map(({ images }) => widthOf(images.join(', ')))))
  const lines: (readonly Piece[])[] = [
    barLine(progress, view),
    moneyLine(progress, flights),
    ...shown.map((flight) => flightLine(flight, idWidth, view)),
  ]
  if (more > 0) lines.push([[`  and ${more} more in flight`, 'dim']])
  if (progress.brake && progress.brake.untilMs > view.nowMs) lines.push(brakeLine(progress.brake, view.nowMs))
  if (progress.stopping)
    lines.push([['  Stopping: what is in flight is kept. Ctrl-C again stops at once.', 'yellow']])
  return lines.map((line) => fit(line, view))
}

function barLine(progress: Progress, view: View): readonly Piece[] {
  const total = Math.max(progress.purchases, progress.ended + progress.inFlight.size)
  const counts =
    total > 0
      ? ` ${progress.ended} of ${amountOf(total, 'purchase')}${filesBought(progress, total)}`
      : filesPlanned(progress)
  const width = Math.max(0, Math.min(30, view.columns - widthOf(counts) - 4))
  const full = Math.round(width * share(progress, total, view.nowMs))
  const [done, left] = view.unicode ? ['\u2501', '\u2500'] : ['#', '-']
  return [['  '], [done.repeat(full), 'green'], [left.repeat(width - full), 'dim'], [counts]]
}

/** An image's files are counted when all of them are there; what is left once everything is bought is to make them. */
function filesBought({ files, ended, inFlight }: Progress, total: number): string {
  const making = ended === total && inFlight.size === 0
  if (files === 0) return making ? ', making files' : ''
  return `, ${amountOf(files, 'file')}${making ? ', making more' : ''}`
}

function filesPlanned({ files, plannedFiles }: Progress): string {
  const planned = amountOf(Math.max(plannedFiles, files), 'file')
  return files === 0 ? ` making ${planned}` : ` ${files} of ${planned}`
}

function share(progress: Progress, total: number, nowMs: number): number {
  if (total === 0)
    return progress.plannedFiles === 0 ? 0 : Math.min(1, progress.files / progress.plannedFiles)
  const partly = [...progress.inFlight.values()].reduce((sum, flight) => sum + shareOf(flight, nowMs), 0)
  return Math.min(1, (progress.ended + partly) / total)
}

function shareOf({ percent, usualSeconds, startedMs }: InFlight, nowMs: number): number {
  const told = percent === null ? 0 : percent / 100
  const guessed = usualSeconds === null ? 0 : (nowMs - startedMs) / 1000 / usualSeconds
  return Math.min(NEARLY, Math.max(told, guessed, 0))
}

function moneyLine({ credits, failed }: Progress, flights: readonly InFlight[]): readonly Piece[] {
  const reserved = flights.reduce((sum, flight) => sum + (flight.credits ?? 0), 0)
  const unknown = flights.some((flight) => flight.credits === null) ? ' and more' : ''
  const line: Piece[] = [[`  ${amountOf(credits, 'credit')} spent, ${reserved}${unknown} reserved`, 'dim']]
  if (failed.length > 0) line.push([`  failed: ${failed.join(', ')}`, 'red'])
  return line
}

function flightLine(flight: InFlight, idWidth: number, { unicode, nowMs }: View): readonly Piece[] {
  const ids = clip(flight.images.join(', '), idWidth, unicode)
  const padded = ids + ' '.repeat(Math.max(0, idWidth - widthOf(ids)))
  const seconds = Math.max(0, Math.floor((nowMs - flight.startedMs) / 1000))
  const late = flight.usualSeconds !== null && seconds > flight.usualSeconds * 2
  const time = `${String(seconds).padStart(4)} s`
  const percent = flight.percent === null ? '' : `  ${Math.round(flight.percent)} %`
  const usual = flight.usualSeconds === null ? '' : ` of about ${flight.usualSeconds}`
  return [
    [`  ${unicode ? '\u25CF' : '*'} `, 'cyan'],
    [padded],
    late ? [time, 'yellow'] : [time],
    [usual, 'dim'],
    [percent],
    [`  ${flight.model}`, 'dim'],
  ]
}

function brakeLine(
  brake: { readonly untilMs: number; readonly why: string },
  nowMs: number,
): readonly Piece[] {
  const left = spanOf((brake.untilMs - nowMs) / 1000)
  return [[`  the service asks for patience (${brake.why}): ${left}`, 'yellow']]
}

/** Cut to one column less than the view, so that no terminal wraps it; then painted. */
export function fit(line: readonly Piece[], view: View): string {
  let left = Math.max(1, view.columns - 1)
  let text = ''
  for (const [piece, colour] of line) {
    const cut = clip(piece, left, view.unicode)
    left -= widthOf(cut)
    text += colour && cut !== '' ? paint(view.colour, colour, cut) : cut
    if (cut !== piece) break
  }
  return text
}

/** Cut to so many columns, with a mark where something is missing. */
export function clip(text: string, width: number, unicode: boolean): string {
  if (widthOf(text) <= width) return text
  const end = unicode ? '\u2026' : '.'
  let kept = ''
  for (const character of text) {
    if (widthOf(kept) + widthOf(character) + 1 > width) break
    kept += character
  }
  return width < 1 ? '' : kept + end
}

/** Columns that a text takes: East Asian wide letters take two, marks that combine none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}
