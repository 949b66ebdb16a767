import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import type { Ledger, Spent, Unspent } from '../core/spend.ts'
import { flat } from '../reporters/json.ts'
import { problemText } from '../reporters/problem-text.ts'
import { spend } from '../spend.ts'
import type { SpendResult } from '../spend.ts'
import { alignColumns } from './align.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln spend`: the ledger, for people or as one JSON object. Exit 2 when the journal cannot be read. */
export async function spendCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const result = await spend(readOptions(flags, terminal))
  if ('problems' in result) {
    if (flags.on('json')) terminal.write(`${JSON.stringify({ problems: result.problems.map(flat) })}\n`)
    else for (const problem of result.problems) terminal.writeError(problemText(problem))
    return exitCodeOf(result.problems)
  }
  if (flags.on('json')) {
    const { ledger, today, dayBudget } = result
    terminal.write(`${JSON.stringify({ ...ledger, today, dayBudget }, null, 2)}\n`)
  } else terminal.write(spendText(result, flags.on('emulator')))
  return 0
}

/** Rows of a view that people see; `--json` has them all. */
const MOST_ROWS = 20

function spendText(result: SpendResult, emulated: boolean): string {
  const { ledger } = result
  const { total, underWay, inDoubt, refunded } = ledger
  if ([total.purchases, underWay.length, inDoubt.length, refunded.length].every((count) => count === 0)) {
    return `Nothing was bought ${emulated ? 'from the emulator ' : ''}in this project so far.\n`
  }
  const blocks = [
    [headline(total, emulated), ...budgetLine(result)],
    ...(total.purchases > 0 ? views(ledger) : []),
    asides(ledger),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function headline(total: Spent, emulated: boolean): string {
  const play = emulated ? ' (play money of the emulator)' : ''
  const pictures = count(total.pictures, 'picture')
  return `${count(total.credits, 'credit')} spent${play} on ${pictures} in ${count(total.purchases, 'purchase')}${
    total.unpriced === 0 ? '' : `; the cost of ${total.unpriced} of them is not known`
  }`
}

function budgetLine({ today, dayBudget }: SpendResult): readonly string[] {
  if (dayBudget === null) return []
  return [`today ${today} of the ${count(dayBudget, 'credit')} a day that the config allows`]
}

function views({ days, runs, images }: Ledger): readonly (readonly string[])[] {
  // The dearest image first: that is what one looks for.
  const dearest = [...images].sort((a, b) => b.credits - a.credits)
  return [
    view(
      'day (UTC)',
      days.map(({ day, ...spent }) => [day, spent]),
      'newest',
    ),
    view(
      'run (UTC)',
      runs.map(({ run, at, ...spent }) => [
        `${at.slice(0, 16).replace('T', ' ')}  ${run.slice(0, 8)}`,
        spent,
      ]),
      'newest',
    ),
    view(
      'image',
      dearest.map(({ images: ids, ...spent }) => [ids.join(', '), spent]),
      'first',
    ),
  ]
}

function view(
  heading: string,
  rows: readonly (readonly [string, Spent])[],
  keep: 'first' | 'newest',
): readonly string[] {
  const shown = keep === 'first' ? rows.slice(0, MOST_ROWS) : rows.slice(-MOST_ROWS)
  const left = rows.length - shown.length
  const lines = alignColumns(
    [
      { heading },
      { heading: 'credits', right: true },
      { heading: 'pictures', right: true },
      { heading: 'purchases', right: true },
    ],
    shown.map(([name, { credits, pictures, purchases, unpriced }]) => [
      name,
      unpriced === 0 ? String(credits) : `${credits}+?`,
      String(pictures),
      String(purchases),
    ]),
  )
  const older = keep === 'first' ? 'more' : 'older'
  return left === 0 ? lines : [...lines, `and ${left} ${older}; --json has them all`]
}

function asides({ underWay, inDoubt, refunded }: Ledger): readonly string[] {
  return [
    ...aside('under way', underWay, 'reserved; the next build follows it up'),
    ...aside('in doubt', inDoubt, 'perhaps charged; "pixelkiln resume" says what to do'),
    ...aside('refunded', refunded, 'came back'),
  ]
}

function aside(name: string, list: readonly Unspent[], what: string): readonly string[] {
  if (list.length === 0) return []
  const known = list.reduce((sum, { credits }) => sum + (credits ?? 0), 0)
  const unknown = list.some(({ credits }) => credits === null) ? ' and an unknown number' : ''
  const ids = [...new Set(list.flatMap(({ images }) => images))]
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : ''
  const them = `${ids.slice(0, 5).join(', ')}${more}`
  return [`${name.padEnd(11)}${count(known, 'credit')}${unknown} for ${them} (${what})`]
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
