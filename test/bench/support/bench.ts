/** One measured figure. */
export interface Row {
  readonly what: string
  /** The median where there are several. */
  readonly value: number
  readonly unit: string
  /** What it may be at most (`least`: at least); null where it is only told. */
  readonly bound: number | null
  readonly least?: true
  /** Smallest and largest of the rounds. */
  readonly spread?: readonly [number, number]
  readonly note?: string
}

export interface BenchOptions {
  /** Fewer rounds and smaller projects: minutes, not half an hour. */
  readonly quick: boolean
}

/** A group of figures, measured in one go. */
export interface Bench {
  readonly name: string
  readonly run: (options: BenchOptions) => Promise<readonly Row[]>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** A row of the median of several rounds, with their spread. */
export function rowOf(
  what: string,
  values: readonly number[],
  rest: Omit<Row, 'what' | 'value' | 'spread'>,
): Row {
  return { what, value: median(values), spread: [Math.min(...values), Math.max(...values)], ...rest }
}

/** Lines of a table for people. */
export function tableOf(name: string, rows: readonly Row[]): string {
  const lines = rows.map(({ what, value, unit, bound, least, spread, note }) => {
    const limit = bound === null ? '' : `${least ? '≥' : '≤'} ${shown(bound)}`
    const kept = bound === null ? '' : (least ? value >= bound : value <= bound) ? 'ok' : 'MISSED'
    const range = spread ? `${shown(spread[0])} to ${shown(spread[1])}` : ''
    return [what, `${shown(value)} ${unit}`, limit, kept, range, note ?? '']
  })
  const all = [['what', 'median', 'bound', '', 'spread', ''], ...lines]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? []
  const text = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `\n${name}\n${text.map((line) => `  ${line}`).join('\n')}\n`
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1)
}
