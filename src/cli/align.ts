/** One column of a table for people. */
export interface Column {
  readonly heading: string
  /** Numbers stand to the right. Default left. */
  readonly right?: true
}

/** Lines of an aligned table: heading first, two blanks between columns, none at a line's end. Widths count characters. */
export function alignColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const headings = columns.map((column) => column.heading)
  const widths = columns.map((_, index) =>
    [headings, ...rows].reduce((width, row) => Math.max(width, lengthOf(row[index] ?? '')), 0),
  )
  return [headings, ...rows].map((row) =>
    columns
      .map(({ right }, index) => {
        const cell = row[index] ?? ''
        const gap = ' '.repeat((widths[index] ?? 0) - lengthOf(cell))
        return right ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Breaks words into lines of at most so many characters; a longer word has a line of its own. */
export function wrap(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
