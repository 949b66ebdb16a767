import { join } from 'node:path'
import { look } from '../build/look.ts'
import { spentToday } from '../build/money.ts'
import type { ReadOptions } from '../build/options.ts'
import { openSession } from '../build/session.ts'
import type { Config } from '../core/config.ts'
import { costOf, standing } from '../core/journal.ts'
import type { Lock } from '../core/lock.ts'
import { pendingOf } from '../core/pending.ts'
import type { Pending } from '../core/pending.ts'
import type { Note, Problem } from '../core/problems.ts'
import { emittedPaths } from '../core/emitted-paths.ts'

/** What a watch knows after a pass. */
export interface Standing {
  readonly lock: Lock
  /** Every image of the manifest. */
  readonly images: readonly string[]
  readonly pending: readonly Pending[]
  /** Credits since midnight UTC. */
  readonly today: number
  /** Credits of this session's own purchases. */
  readonly spent: number
  /** Purchases that were submitted and not followed to their end, and the images they are for. */
  readonly open: { readonly purchases: readonly string[]; readonly images: readonly string[] }
  readonly budget: NonNullable<Config['budget']>
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  /** Absolute paths of the files that people write and a pass reads, and of those that passes write. */
  readonly files: readonly string[]
  readonly written: readonly string[]
  /** Absolute path of the asset folder. */
  readonly out: string
}

/** Looks at what is to be bought and what was spent. Opens no socket, needs no key, looks at no output. */
export async function lookAtStanding(
  options: ReadOptions,
  session: { readonly failed: ReadonlySet<string>; readonly own: ReadonlySet<string> },
): Promise<Standing | { readonly problems: readonly Problem[] }> {
  const opened = openSession(options)
  const seen = await look(opened, { files: false })
  if (!('plan' in seen)) return seen
  const { plan, reading } = seen
  const absolute = (path: string): string => join(reading.project.folder, path)
  const purchases = [...reading.purchases.values()]
  const open = purchases.filter((purchase) => standing(purchase) === 'open')
  return {
    lock: reading.lock,
    images: reading.manifest.images.map(({ id }) => id),
    pending: pendingOf(plan, reading.lock, session.failed),
    today: spentToday(purchases, opened.clock.now()),
    spent: purchases
      .filter(({ intended }) => session.own.has(intended.purchase))
      .reduce((sum, purchase) => sum + (costOf(purchase) ?? 0), 0),
    open: {
      purchases: open.map(({ intended }) => intended.purchase),
      images: [...new Set(open.flatMap(({ intended }) => intended.images))],
    },
    budget: reading.config.budget ?? {},
    problems: plan.problems,
    notes: plan.notes,
    files: reading.inputs.filter((path) => reading.inputStats.has(path)).map(absolute),
    written: [reading.lockPath, reading.journalPath, ...emittedPaths(reading.manifest.emit).map(absolute)],
    out: reading.out,
  }
}
