import type { BuildResult } from '../core/build-error.ts'
import { doubtfulPurchases, openPurchases } from '../core/journal.ts'
import { lockWithoutChange, nextLock } from '../core/next-lock.ts'
import { printLock } from '../core/print-lock.ts'
import type { Problem } from '../core/problems.ts'
import { emit } from './emit.ts'
import { finish } from './finish.ts'
import { freshIn, wholeLock } from './reading.ts'
import type { Look, Reading } from './reading.ts'
import type { BuildOptions } from './options.ts'
import { remember } from './remember.ts'
import type { Session } from './session.ts'

/** Whether anything is left to be done for these options. */
export function hasWork(seen: Look, options: BuildOptions): boolean {
  const { plan, reading } = seen
  if (plan.jobs.length > 0) return true
  if (options.prune === true && plan.orphans.length > 0) return true
  return (mayFollowUp(options) && mayBeSettled(reading.purchases, options)) || lockChanges(seen)
}

/** Whether the service has to be asked about an earlier purchase: one that is open or, by `resume`, one in doubt. */
export function mayBeSettled(
  purchases: Reading['purchases'],
  { buy }: Pick<BuildOptions, 'buy'>,
): boolean {
  return openPurchases(purchases).length > 0 || (buy === 'settle' && doubtfulPurchases(purchases).length > 0)
}

/** Whether a run may speak to the service at all: to buy, or only to follow up. */
export function mayFollowUp({ buy }: Pick<BuildOptions, 'buy'>): boolean {
  return buy === true || buy === 'settle'
}

/** True when alt texts, settled words or the like would be written down, though no file is missing. */
export function lockChanges({ plan, reading }: Look): boolean {
  const { lock, lockText } = reading
  const next = lockWithoutChange(lock, plan)
  if (!next) return true
  if (lockText === null) return next.images.size > 0
  return printLock(next) !== lockText.replaceAll('\r\n', '\n')
}

/** Nothing to do, found the long way: says so, and remembers it for the quick way. */
export async function conclude(session: Session, seen: Look): Promise<BuildResult> {
  const { reading, plan, observation } = seen
  await tidy(session)
  const problems = [...plan.problems, ...(await emit(session, reading, reading.lock))]
  const clean = problems.length === 0 && session.only.length === 0
  await remember(session, reading, { lock: reading.lock, files: observation.seen, clean, notes: plan.notes })
  return finish(
    session,
    { plan, lock: wholeLock(reading), inputs: reading.inputs, problems, notes: plan.notes },
    { fresh: freshIn(seen), out: reading.manifest.out, placeOf: reading.placeOf },
  )
}

/** An edit that was killed, or a run while it wrote its last file, the state, leaves nothing to do but this. */
async function tidy({ project, clock }: Session): Promise<void> {
  const { hasTemporary, sweepBeside, sweepTemporary } = await import('../effects/sweep.ts')
  sweepBeside(project.folder)
  if (!hasTemporary(project.stateFolder)) return
  const { tryHold } = await import('../effects/hold.ts')
  const held = await tryHold(project.stateFolder, clock)
  if ('holder' in held) return
  sweepTemporary([project.stateFolder])
  held.release()
}

/** Why a frozen run cannot go on: everything that would change the lock. */
export function frozenProblems(seen: Look): readonly Problem[] {
  const stale: Problem[] = seen.plan.jobs.map((job) => {
    const image = job.kind === 'buy' ? job.images[0] : job.image
    const verb = { buy: 'would be bought', derive: 'has files to be made', draft: 'would be drawn' }[job.kind]
    return {
      code: 'stale/lock',
      message: `${image ?? ''} ${verb} (${job.reason}), and a frozen run never changes the lock. Run "pixelkiln build" where buying is allowed and commit the result.`,
      ...(image === undefined ? {} : { image }),
    }
  })
  if (stale.length > 0) return stale
  const message = `The lock does not say what the manifest says (${changedIds(seen)}), and a frozen run never changes it. Run "pixelkiln build" and commit the result.`
  return [{ code: 'stale/lock', message }]
}

function changedIds({ plan, reading }: Look): string {
  const { lock } = reading
  const next = lockWithoutChange(lock, plan) ?? nextLock(lock, plan, new Map(), { prune: false })
  const changed = [...next.images].filter(
    ([id, image]) => JSON.stringify(image) !== JSON.stringify(lock.images.get(id)),
  )
  const ids = changed.map(([id]) => id).slice(0, 5)
  return ids.length === 0 ? 'its layout' : ids.join(', ')
}
