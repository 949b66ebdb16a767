import { join } from 'node:path'
import { spentToday } from './build/money.ts'
import type { ReadOptions } from './build/options.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import type { Problem } from './core/problems.ts'
import { ledgerOf } from './core/spend.ts'
import type { Ledger } from './core/spend.ts'
import { loadConfig } from './effects/config.ts'
import { readJournal } from './effects/journal.ts'

export interface SpendResult {
  readonly ledger: Ledger
  /** Credits that were or may have been spent since midnight UTC, as a run counts them against the day's budget. */
  readonly today: number
  /** Credits a day may cost by the config; null when it sets no limit, or cannot be read. */
  readonly dayBudget: number | null
}

/**
 * The ledger of a project, or with `emulator` of what its emulator was paid. Needs no manifest and no key, opens no
 * socket, writes nothing.
 */
export async function spend(
  options: Pick<ReadOptions, 'cwd' | 'manifest' | 'emulator' | 'clock'> = {},
): Promise<SpendResult | { readonly problems: readonly Problem[] }> {
  const { project, mode, startedMs } = openSession(options)
  const folder = mode === 'emulator' ? join(project.stateFolder, 'emulator') : project.stateFolder
  try {
    const journal = readJournal(join(folder, 'journal.jsonl'))
    if ('problem' in journal) return { problems: [journal.problem] }
    const { config } = await loadConfig(project.folder)
    return {
      ledger: ledgerOf(journal.purchases.values()),
      today: spentToday(journal.purchases.values(), startedMs),
      dayBudget: mode === 'emulator' ? null : (config.budget?.day ?? null),
    }
  } catch (error) {
    return { problems: [machineProblem(error)] }
  }
}
