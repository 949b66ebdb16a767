import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import type { Problem } from '../core/problems.ts'
import { diskErrorOf } from '../effects/files.ts'
import { doubtfulPurchases, openPurchases } from '../core/journal.ts'
import type { JournalPurchase } from '../core/journal.ts'
import { isLookedFor, settle } from '../purchase.ts'
import { askAgain } from '../purchase/ask-again.ts'
import type { Outcome, Till } from '../purchase/till.ts'

/** What following up earlier purchases came to. */
export interface Settled {
  readonly problems: readonly Problem[]
  readonly pictures: number
  readonly credits: number
  /** True when there was anything to follow up. */
  readonly any: boolean
  /** The key, the credits or the network are at fault: nothing more is to be bought in this run. */
  readonly stop: boolean
}

/**
 * Follows up every open purchase, also those that no image asks for any more: they are paid for. One in doubt holds up
 * no other, and is asked about once more where that is wanted (`doubts`).
 */
export async function settleOpen(
  till: Till,
  { concurrency, doubts }: { readonly concurrency: number; readonly doubts: boolean },
): Promise<Settled> {
  const open = openPurchases(till.known)
  const doubtful = doubts ? doubtfulPurchases(till.known) : []
  const limit = pLimit(concurrency)
  // What says that nothing can be bought holds for requests that are sent again as well: they may cost money.
  const halt = new AbortController()
  const stopping = AbortSignal.any([till.stopping, halt.signal])
  setMaxListeners(0, stopping)
  const settleOne = async (purchase: JournalPurchase, how: Settling): Promise<Outcome | null> => {
    const outcome = await outcomeOf(till, () => how(purchase, { ...till, stopping }))
    if (outcome?.type === 'failed' && outcome.stopBuying) halt.abort()
    return outcome
  }
  const settleAll = (
    purchases: readonly JournalPurchase[],
    how: Settling = settle,
  ): Promise<PromiseSettledResult<Outcome | null>[]> =>
    Promise.allSettled(purchases.map((purchase) => limit(() => settleOne(purchase, how))))
  // A job of the same words belongs to whom it answers to: that is known before others look for theirs in the list.
  const lost = new Set(open.filter((purchase) => isLookedFor(purchase, till)))
  const ends = [
    ...(await settleAll(open.filter((purchase) => !lost.has(purchase)))),
    ...(await settleAll([...lost])),
    ...(await settleAll(doubtful, askAgain)),
  ]
  // A failure of ours is told when all have ended: nothing may go on after the journal is closed.
  const outcomes = ends.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value ?? []
  })
  const stored = outcomes.flatMap((outcome) => (outcome.type === 'stored' ? [outcome] : []))
  return {
    problems: outcomes.flatMap((outcome) => (outcome.type === 'failed' ? [outcome.problem] : [])),
    pictures: stored.reduce((sum, { originals }) => sum + originals.length, 0),
    credits: stored.reduce((sum, { credits }) => sum + (credits ?? 0), 0),
    any: open.length > 0 || outcomes.length > 0,
    stop: halt.signal.aborted,
  }
}

type Settling = (purchase: JournalPurchase, till: Till) => Promise<Outcome | null>

async function outcomeOf(till: Till, work: () => Promise<Outcome | null>): Promise<Outcome | null> {
  try {
    return await work()
  } catch (error) {
    const disk = diskErrorOf(error)
    if (!disk) throw error
    const problem: Problem = {
      code: 'disk/failed',
      message: `${disk.message}. Nothing is lost; mend the disk and run again.`,
    }
    till.onEvent({ type: 'problem', problem })
    return { type: 'failed', problem, remember: false, stopBuying: true, tryAgain: false, credits: null }
  }
}
