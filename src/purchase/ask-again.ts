import type { IntendedLine, JournalPurchase } from '../core/journal.ts'
import type { Found, JobState, Provider } from '../core/provider.ts'
import { followJob } from './follow-job.ts'
import { announce, isoNow, record } from './till.ts'
import type { Outcome, Till } from './till.ts'

/**
 * Asks once more about a purchase that is in doubt, because services err, too: a job that was unknown for a while, a
 * list that was behind, a result that came late. What is there after all is taken up where it was left. Null where
 * nothing new is said of it; that it may be bought anew is concluded from a confirmed refund alone.
 */
export async function askAgain(purchase: JournalPurchase, till: Till): Promise<Outcome | null> {
  const { intended } = purchase
  const provider = till.provider(intended.provider)
  const ours = intended.origin === till.origin && intended.account === till.account
  if (!provider || !ours || till.stopping.aborted) return null
  const job =
    purchase.job === null ? await lookFor(intended, provider, till) : await newsOf(purchase, provider, till)
  if (job === null) return null
  announce(intended, till, 'submitted by an earlier run')
  return followJob({ intended, job, provider }, till)
}

/** Its job, if the service has an answer about it that says more than the one before. */
async function newsOf(purchase: JournalPurchase, provider: Provider, till: Till): Promise<string | null> {
  const { job } = purchase
  if (job === null) return null
  const state = await provider.poll(job, till.io).catch(() => null)
  if (state === null || !isNews(state, purchase)) return null
  await reopen(purchase.intended, job, till)
  return job
}

/** Its job, if the service's list has it by now; one search at a time, so that no two purchases take the same one. */
function lookFor(intended: IntendedLine, provider: Provider, till: Till): Promise<string | null> {
  const { purchase, model, body, at } = intended
  return till.oneSearch(async () => {
    const found = await provider
      .find({ purchase, model, body, intendedMs: Date.parse(at), job: null }, till.jobs, till.io)
      .catch((): Found => ({ type: 'unreachable' }))
    if (found.type !== 'job') return null
    await reopen(intended, found.job, till)
    return found.job
  })
}

/** Open again for the next run as well, should this one not get to its end. */
function reopen({ purchase }: IntendedLine, job: string, till: Till): Promise<void> {
  return record({ step: 'accepted', purchase, at: isoNow(till), job }, till)
}

function isNews(state: JobState, { failed, finished }: JournalPurchase): boolean {
  switch (state.type) {
    case 'running':
      return true
    case 'failed':
      return state.credits === 0
    case 'completed':
      return failed?.class !== 'incomplete' || state.pictures.length > (finished?.pictures ?? 0)
    case 'gone':
    case 'unreachable':
    case 'locked-out':
      return false
  }
}
