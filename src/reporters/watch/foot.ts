import type { Pending } from '../../core/pending.ts'
import { creditsOfAll } from '../../core/pending.ts'
import type { PendingEvent } from '../../watch/options.ts'
import { clip, fit, frame, widthOf } from '../frame.ts'
import type { Piece, View } from '../frame.ts'
import { problemText } from '../problem-text.ts'
import { amountOf, creditsOf } from '../words.ts'
import { NUMBERED, entriesOf, imagesOf } from './pressed.ts'
import type { Question, WatchView } from './view.ts'

type Line = readonly Piece[]

/** What a watch session is about, for its foot. */
export interface FootTerms {
  /** The session buys by itself. */
  readonly buys: boolean
}

/** The foot of a watch: the run while there is one, else what is pending; then what is asked, or the keys. */
export function foot(view: WatchView, terms: FootTerms, screen: View): readonly string[] {
  const { progress, standing, broken, question } = view
  const body: readonly Line[] =
    broken.length > 0 ? brokenLines(view) : standing && !progress.busy ? pendingLines(standing, screen) : []
  const first: readonly Line[] =
    standing || broken.length > 0 || progress.busy ? [] : [[['  Looking at the project …', 'dim']]]
  const run = progress.busy || progress.stopping ? frame(progress, screen) : []
  const last = view.closing ? [[['  Closing …', 'dim']] as const] : lastLines(view, terms, question)
  const lines = [...first, ...body, ...(standing || broken.length > 0 ? [[]] : []), ...last]
  return ['', ...run, ...lines.map((line) => fit(line, screen))]
}

function brokenLines({ broken }: WatchView): readonly Line[] {
  const [first] = broken
  if (!first) return []
  const lines = problemText(first).trimEnd().split('\n')
  const more =
    broken.length > 1 ? [[[`  and ${amountOf(broken.length - 1, 'more problem')}`, 'dim']] as const] : []
  const text = lines.map((line, at): Line => [at === 0 ? [`  ${line}`, 'red'] : [`  ${line}`]])
  return [...text, ...more, [['  What was made last stays. Save it mended and this goes on.', 'dim']]]
}

/** Columns that price, reason and state need beside the names. */
const BESIDE = 52

function pendingLines(standing: PendingEvent, { columns, unicode }: View): readonly Line[] {
  const { pending, open } = standing
  const shown = pending.slice(0, NUMBERED)
  const room = Math.max(12, columns - BESIDE)
  const rows = shown.map((entry) => ({
    ...entry,
    names: clip(entry.images.join(', '), room, unicode),
    price: priceOf(entry),
  }))
  const widths = {
    names: Math.max(4, ...rows.map(({ names }) => widthOf(names))),
    price: Math.max(1, ...rows.map(({ price }) => price.length)),
    reason: Math.max(1, ...rows.map(({ reason }) => widthOf(reason))),
  }
  const more = pending.length - shown.length
  return [
    totalLine(standing),
    ...rows.map((row, at) => pendingLine(row, at, widths)),
    ...(more > 0 ? [[[`     and ${more} more: / picks by name, b takes all`, 'dim']] as const] : []),
    ...(open.length > 0 ? [openLine(open)] : []),
  ]
}

function totalLine({ pending, total, today, spent, limit }: PendingEvent): Line {
  const pictures = pending.reduce((sum, entry) => sum + entry.pictures, 0)
  const known = pending.filter(({ credits }) => credits !== null)
  const unknown = pending.length - known.length
  const price =
    total !== null || known.length === 0
      ? creditsOf(total)
      : `${creditsOf(creditsOfAll(known))} and ${unknown} unknown`
  const what =
    pictures === 0 ? 'Every picture is bought' : `${amountOf(pictures, 'picture')} to buy for ${price}`
  const session = limit === null ? '' : `, this session ${spent} of ${limit}`
  return [
    [`  ${what}`, 'bold'],
    [`   spent today: ${amountOf(today, 'credit')}${session}`, 'dim'],
  ]
}

function pendingLine(
  row: Pending & { readonly names: string; readonly price: string },
  at: number,
  widths: { readonly names: number; readonly price: number; readonly reason: number },
): Line {
  return [
    [`  ${at + 1}  `, 'cyan'],
    [padded(row.names, widths.names)],
    [`  ${row.price.padStart(widths.price)}  `, 'yellow'],
    [padded(row.reason, widths.reason)],
    row.failed ? ['  failed; try again?', 'red'] : [`  ${SHOWS[row.shows]}`, 'dim'],
  ]
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

const SHOWS: Readonly<Record<Pending['shows'], string>> = {
  draft: 'stand-in for now',
  bought: 'keeps its picture',
  nothing: '',
}

function namesOf({ images }: Pending): string {
  return images.join(', ')
}

function priceOf({ credits, pictures }: Pending): string {
  const price = credits === null ? 'unknown' : String(credits)
  return pictures > 1 ? `${price} for ${pictures}` : price
}

function openLine(open: readonly string[]): Line {
  return [
    [`     ${open.join(', ')}: submitted earlier and not finished; b follows it up for nothing`, 'yellow'],
  ]
}

function lastLines(view: WatchView, terms: FootTerms, question: Question | null): readonly Line[] {
  if (question?.type === 'sure') return [sureLine(question)]
  if (question?.type === 'which') return [whichLine(view, question)]
  // While something is being bought, the list is not the one to choose from.
  const some = view.progress.busy ? 0 : Math.min(NUMBERED, view.standing?.pending.length ?? 0)
  const keys = [
    ...(some > 0 ? ['b buy all', some > 1 ? `1–${some} buy one` : '1 buy it', '/ buy by name'] : []),
    ...(view.standing ? ['r reroll'] : []),
    'u gallery',
    'q quit',
  ]
  const self = terms.buys && some > 0 ? [[['  Buys by itself once nobody edits.', 'yellow']] as const] : []
  return [...self, [[`  ${keys.join('   ')}`, 'dim']]]
}

function sureLine({ entries, open }: Question & { type: 'sure' }): Line {
  const pictures = entries.reduce((sum, entry) => sum + entry.pictures, 0)
  const names = entries.length === 1 && entries[0] ? ` (${namesOf(entries[0])})` : ''
  const credits = creditsOfAll(entries)
  const price = credits === null ? 'at a price that is not known' : `for ${creditsOf(credits)}`
  const what =
    entries.length === 0
      ? `Follow up ${open.join(', ')}, for nothing`
      : `Buy ${amountOf(pictures, 'picture')}${names} ${price}`
  return [[`  ${what}? `, 'bold'], ['y/N']]
}

function whichLine(view: WatchView, { what, text }: Question & { type: 'which' }): Line {
  const { standing } = view
  const pending = standing?.pending ?? []
  const ask = what === 'buy' ? 'Buy which?' : 'Reroll which?'
  const entries = what === 'buy' ? entriesOf(text, pending) : []
  const images =
    what === 'buy'
      ? entries.flatMap((entry) => entry.images)
      : imagesOf(text, standing?.images ?? [], pending)
  const price = what === 'buy' && entries.length > 0 ? `, ${creditsOf(creditsOfAll(entries))}` : ''
  const found =
    images.length === 0
      ? 'none'
      : `${images.slice(0, 3).join(', ')}${images.length > 3 ? ` and ${images.length - 3} more` : ''}`
  const hint = text === '' ? 'numbers, ids, parts of ids, or globs; Enter, Esc' : `${found}${price}`
  return [[`  ${ask} `, 'bold'], [`${text}_`], [`   ${hint}`, 'dim']]
}
