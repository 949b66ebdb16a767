import type { Verdict } from './subject.ts'

/** What one kind of fault came to over all its rounds. */
export interface Row {
  readonly fault: string
  readonly rounds: number
  readonly needed: number
  readonly charged: number
  readonly lost: number
  readonly inDoubt: number
  /** Exit codes of the first undisturbed runs, each with how often it came. */
  readonly exits: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly wrongs: readonly string[]
}

/** Adds the verdicts of one kind of fault up. */
export function rowOf(fault: string, verdicts: readonly Verdict[]): Row {
  const sum = (of: (verdict: Verdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0)
  const exits: Record<string, number> = {}
  for (const { exitCode } of verdicts) exits[String(exitCode)] = (exits[String(exitCode)] ?? 0) + 1
  return {
    fault,
    rounds: verdicts.length,
    needed: sum(({ needed }) => needed),
    charged: sum(({ charged }) => charged),
    lost: sum(({ lost }) => lost),
    inDoubt: sum(({ inDoubt }) => inDoubt),
    exits,
    slowestMs: Math.max(0, ...verdicts.map(({ recoveryMs }) => recoveryMs)),
    wrongs: verdicts.flatMap(({ wrongs }) => wrongs),
  }
}

const HEADS = ['fault', 'rounds', 'needed', 'charged', 'lost', 'in doubt', 'exit codes', 'slowest recovery']

/** The rows as a table of Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.fault,
    row.rounds,
    row.needed,
    row.charged,
    row.lost,
    row.inDoubt,
    Object.entries(row.exits)
      .map(([code, times]) => `${code} (${times})`)
      .join(', '),
    `${(row.slowestMs / 1000).toFixed(1)} s`,
  ])
  return [HEADS, HEADS.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
