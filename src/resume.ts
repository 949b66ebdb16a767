import { build } from './build.ts'
import { finish } from './build/finish.ts'
import { hold } from './build/hold-project.ts'
import { hasBudget } from './build/money.ts'
import { look } from './build/look.ts'
import type { Look } from './build/reading.ts'
import type { BuildOptions } from './build/options.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import type { Session } from './build/session.ts'
import type { BuildResult } from './core/build-error.ts'
import { costOf, standing } from './core/journal.ts'
import type { FailureClass, JournalPurchase } from './core/journal.ts'
import type { LockImage } from './core/lock.ts'
import { nearest } from './core/nearest.ts'
import { printLock } from './core/print-lock.ts'
import type { Problem } from './core/problems.ts'
import { writeWhole } from './effects/files.ts'
import { openJournal } from './effects/journal.ts'

/** What a person decides of purchases that the tool cannot settle by itself; ids of images. */
export interface ResumeOptions extends Omit<BuildOptions, 'buy' | 'only' | 'draft' | 'frozen' | 'prune'> {
  /** Gives the earlier purchase up and buys anew. */
  readonly resubmit?: readonly string[]
  /** Gives the earlier purchase up. */
  readonly forget?: readonly string[]
  /** Asks once more for words that were refused. */
  readonly retry?: readonly string[]
  /** Take `resubmit` and `retry` only where a budget is given, here or in the config. Default false. */
  readonly budgetOnly?: boolean
}

/**
 * Settles the journal: follows up what is open, makes the files of what arrives, and writes down what a person decided
 * of the rest. Buys only what `resubmit` and `retry` name. Throws one `BuildError` with all problems.
 */
export async function resume(options: ResumeOptions = {}): Promise<BuildResult> {
  const { resubmit = [], forget = [], retry = [], budgetOnly = false, ...rest } = options
  const decisions: readonly Decision[] = [
    ...resubmit.map((id): Decision => ({ id, kind: 'resubmit' })),
    ...forget.map((id): Decision => ({ id, kind: 'forget' })),
    ...retry.map((id): Decision => ({ id, kind: 'retry' })),
  ]
  if (decisions.length > 0) {
    const session = openSession(rest)
    const problems = await decideAll(session, decisions, { ...rest, budgetOnly }).catch((error: unknown) => [
      machineProblem(error),
    ])
    if (problems.length > 0)
      return finish(session, { plan: null, lock: null, inputs: [], problems, notes: [] }, {})
  }
  const anew = [...resubmit, ...retry]
  return build(anew.length > 0 ? { ...rest, buy: true, only: anew } : { ...rest, buy: 'settle' })
}

interface Decision {
  readonly id: string
  readonly kind: 'resubmit' | 'forget' | 'retry'
}

const NO_BUDGET: Problem = {
  code: 'budget/not-agreed',
  message:
    'Where CI is set nothing is bought without a budget. Give one (--budget N, or "budget" in the config). Nothing was changed.',
}

/** Writes every decision down, or none when one of them cannot be. */
async function decideAll(
  session: Session,
  decisions: readonly Decision[],
  options: Pick<ResumeOptions, 'wait' | 'signal' | 'budget' | 'budgetOnly'>,
): Promise<readonly Problem[]> {
  const held = await hold(session, options)
  if ('problem' in held) return [held.problem]
  try {
    const seen = await look(session, { files: false })
    if ('problems' in seen) return seen.problems
    const buys = decisions.some(({ kind }) => kind !== 'forget')
    if (buys && options.budgetOnly === true && !hasBudget(options.budget, seen.reading.config))
      return [NO_BUDGET]
    const found = decisions.map((decision) => ({ ...decision, ...affected(decision, seen) }))
    const problems = found.flatMap((one) =>
      one.purchases.length === 0 && !one.inLock ? [nothingThere(one, seen)] : [],
    )
    if (problems.length > 0) return problems
    const journal = openJournal(seen.reading.journalPath)
    const at = new Date(session.clock.now()).toISOString()
    for (const { kind, purchases } of found) {
      for (const purchase of purchases) {
        const { intended } = purchase
        const credits = kind === 'retry' ? 0 : costOf(purchase)
        const end: FailureClass = kind === 'forget' ? 'forgotten' : 'resubmitted'
        const text = 'Decided by a person.'
        await journal.write({ step: 'failed', purchase: intended.purchase, at, class: end, text, credits })
      }
    }
    await journal.close()
    await forgetRefusals(
      found.filter((one) => one.inLock).map(({ id }) => id),
      seen,
    )
    return []
  } finally {
    held.release()
  }
}

/**
 * The purchases that a decision is about, and whether the lock remembers a refusal. Giving up is for what is in doubt;
 * what is open beside it may be paid for and is followed up, and given up only where there is nothing else.
 */
function affected(
  { id, kind }: Decision,
  { reading, plan }: Look,
): { readonly purchases: readonly JournalPurchase[]; readonly inLock: boolean } {
  const request = plan.images.get(id)?.requestKey
  const ofImage = [...reading.purchases.values()].filter(
    ({ intended }) => intended.request === request || intended.images.includes(id),
  )
  if (kind !== 'retry') {
    const inDoubt = ofImage.filter((purchase) => standing(purchase) === 'in-doubt')
    const open = ofImage.filter((purchase) => standing(purchase) === 'open')
    return { purchases: inDoubt.length > 0 ? inDoubt : open, inLock: false }
  }
  const refused = ofImage.filter(({ failed }) => failed?.class === 'refused' || failed?.class === 'invalid')
  return { purchases: refused, inLock: (reading.lock.images.get(id)?.refused ?? null) !== null }
}

function nothingThere({ id, kind }: Decision, { plan }: Look): Problem {
  const near = plan.images.has(id) ? null : nearest(id, [...plan.images.keys()])
  if (!plan.images.has(id)) {
    const hint = near === null ? '' : ` Did you mean "${near}"?`
    const message = `The manifest has no image "${id}", and no open purchase names it.${hint} Nothing was changed.`
    return { code: 'usage/image-unknown', message }
  }
  const what = kind === 'retry' ? 'was not refused' : 'has no purchase that is open or in doubt'
  return { code: 'usage/wrong', message: `${id} ${what}, so there is nothing to ${kind}.`, image: id }
}

async function forgetRefusals(ids: readonly string[], { reading }: Look): Promise<void> {
  if (ids.length === 0) return
  const images = new Map<string, LockImage>()
  for (const [id, entry] of reading.lock.images) {
    const next = ids.includes(id) ? { ...entry, refused: null } : entry
    if (next.bought || next.draft || next.refused !== null) images.set(id, next)
  }
  await writeWhole(reading.lockPath, printLock({ ...reading.lock, images }), { durable: true })
}
