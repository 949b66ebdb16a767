import { JOURNAL_VERSION } from './core/journal.ts'
import type { IntendedLine, JournalPurchase } from './core/journal.ts'
import { purchaseKey } from './core/keys.ts'
import type { BuyJob } from './core/plan-purchases.ts'
import type { Call, Found, OpenPurchase, Provider, Reply, Submitted } from './core/provider.ts'
import { followJob } from './purchase/follow-job.ts'
import { announce, fail, firstImage, isoNow, left, record } from './purchase/till.ts'
import type { Outcome, Till } from './purchase/till.ts'

const CAPACITY_WAITS_MS = [5_000, 15_000, 30_000] as const
/** Keys live 24 h at the service; older than this, sending one again might buy a second picture. */
const RESEND_LIMIT_MS = 20 * 3_600_000
/** A job may be slow to appear in the service's list: a request that is younger than this is not called absent from it. */
const LISTED_BY_MS = 10 * 60_000

/** Buys the takes of one job, from intent to stored originals. Never throws for what can be expected. */
export async function buy(job: BuyJob, till: Till): Promise<Outcome> {
  for (let attempt = 0; ; attempt += 1) {
    const once = withEpoch(job, job.epoch + attempt)
    const outcome = await buyOnce(once, till)
    // Stored, nobody asks after it any more in this run, which may have ten thousand more to buy.
    if (outcome.type === 'stored') till.known.delete(once.purchase)
    const waitMs = CAPACITY_WAITS_MS[attempt]
    if (outcome.type === 'stored' || !outcome.tryAgain || waitMs === undefined) return outcome
    await till.clock.sleep(waitMs, till.stopping)
    if (till.stopping.aborted) return outcome
  }
}

/**
 * Follows up a purchase that an earlier run left open: its job where there is one; a young intent is sent again with
 * the same key and body; an older one is looked for at the service.
 */
export async function settle(purchase: JournalPurchase, till: Till): Promise<Outcome> {
  const { intended } = purchase
  const provider = till.provider(intended.provider)
  const strange =
    provider === undefined ? `its provider "${intended.provider}" is not there` : strangeness(intended, till)
  if (strange !== null || provider === undefined) {
    return left(intended, `${strange ?? 'its provider is not there'}, so it cannot be followed up here`)
  }
  announce(intended, till, 'submitted by an earlier run')
  if (purchase.job !== null) return followJob({ intended, job: purchase.job, provider }, till)
  if (till.stopping.aborted) return left(intended, 'the buying was over before its request was sent again')
  if (isLookedFor(purchase, till)) return reconcile(intended, provider, till)
  return resend(intended, provider, till)
}

/** Whether the job of a purchase has to be looked for, because its request may not be sent again. */
export function isLookedFor(
  { intended, job }: JournalPurchase,
  { clock, provider }: Pick<Till, 'clock' | 'provider'>,
): boolean {
  const ageMs = clock.now() - Date.parse(intended.at)
  const keyLives = ageMs >= 0 && ageMs < RESEND_LIMIT_MS
  return job === null && !(keyLives && provider(intended.provider)?.idempotent === true)
}

function withEpoch(job: BuyJob, epoch: number): BuyJob {
  const { requestKey: request, firstTake, count } = job
  return { ...job, epoch, purchase: purchaseKey({ request, firstTake, count, epoch }) }
}

async function buyOnce(job: BuyJob, till: Till): Promise<Outcome> {
  const provider = till.provider(job.request.provider)
  if (!provider) throw new Error(`no provider "${job.request.provider}" for a planned purchase`)
  const { images, firstTake, count, epoch, credits, declared, parts, purchase, requestKey } = job
  const body = bodyOf(job, provider, till)
  if (body instanceof Error) return unprepared(job, body)
  const intended: IntendedLine = {
    step: 'intended',
    purchase,
    at: isoNow(till),
    version: JOURNAL_VERSION,
    run: till.run,
    request: requestKey,
    declared,
    parts,
    firstTake,
    count,
    epoch,
    provider: provider.name,
    revision: provider.revision,
    model: job.request.model,
    images,
    body,
    reserved: credits,
    origin: till.origin,
    account: till.account,
  }
  announce(intended, till, job.reason)
  // On disk before the request leaves: from here on no crash can make anyone pay twice.
  await record(intended, till)
  return submit(intended, provider, till)
}

/** What is sent, or what the provider threw instead: one written in code ends no run with it. */
function bodyOf({ request, count }: BuyJob, provider: Provider, { webhookUrl }: Till): string | Error {
  try {
    const prepared = provider.prepare(request, count)
    return webhookUrl === null ? prepared : (provider.withWebhook?.(prepared, webhookUrl) ?? prepared)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Nothing was written down of it, and nothing sent. */
function unprepared(job: BuyJob, { message }: Error): Outcome {
  const text = `the provider "${job.request.provider}" could not make its request: ${message}. Nothing was sent or charged. Mend the provider, then run again.`
  return {
    type: 'failed',
    problem: {
      code: 'purchase/failed',
      message: `${job.images.join(', ')}: ${text}`,
      ...firstImage(job),
    },
    remember: false,
    stopBuying: false,
    tryAgain: false,
    credits: 0,
  }
}

async function submit(intended: IntendedLine, provider: Provider, till: Till): Promise<Outcome> {
  const submitted = await ask(intended, provider, till)
  if (submitted.type === 'rejected') return rejected(intended, submitted, till)
  return answered(intended, submitted, { provider, till })
}

/**
 * Sends an earlier run's purchase again, with its key and body. A refusal now says nothing about the first try, which
 * may have been accepted: so it settles nothing, and no later run may take it for a purchase that never was.
 */
async function resend(intended: IntendedLine, provider: Provider, till: Till): Promise<Outcome> {
  const submitted = await ask(intended, provider, till)
  if (submitted.type !== 'rejected') return answered(intended, submitted, { provider, till })
  if (submitted.why === 'invalid') return reconcile(intended, provider, till)
  const { code } = REJECTIONS[submitted.why]
  return left(intended, `an earlier run sent its request, and asking after it failed: ${submitted.message}`, {
    stopBuying: true,
    code,
  })
}

/** Once the buying is over nothing is sent, not even another try of what waited for one. */
function ask({ purchase, body }: IntendedLine, provider: Provider, till: Till): Promise<Submitted> {
  const { io, stopping } = till
  const send = (call: Call): Promise<Reply> => io.send(call, stopping)
  return provider.submit({ key: purchase, body }, { ...io, send }).catch((error: unknown): Submitted => ({
    type: 'unknown',
    message: error instanceof Error ? error.message : 'no answer',
  }))
}

async function answered(
  intended: IntendedLine,
  submitted: Exclude<Submitted, { type: 'rejected' }>,
  { provider, till }: { readonly provider: Provider; readonly till: Till },
): Promise<Outcome> {
  const { purchase } = intended
  switch (submitted.type) {
    case 'accepted': {
      const { job } = submitted
      const acceptedMs = till.clock.now()
      await record({ step: 'accepted', purchase, at: isoNow(till), job }, till)
      till.onEvent({ type: 'accepted', purchase, job })
      return followJob({ intended, job, provider, acceptedMs }, till)
    }
    case 'completed':
      return followJob({ intended, job: null, provider, completed: submitted }, till)
    case 'conflict':
      return reconcile(intended, provider, till, 'exists')
    case 'unknown':
      return left(
        intended,
        `no clear answer came to the request (${submitted.message}); it may have been accepted`,
        submitted.stop === undefined ? {} : { stopBuying: true },
      )
  }
}

const REJECTIONS = {
  invalid: {
    class: 'invalid',
    code: 'purchase/rejected',
    advice: 'Nothing was charged. It is not asked again until the request changes.',
    remember: true,
  },
  key: {
    class: 'not-sent',
    code: 'service/key-wrong',
    advice: 'Nothing was charged. Check APIFRAME_API_KEY, then run again.',
    stopBuying: true,
  },
  credits: {
    class: 'not-sent',
    code: 'service/credits',
    advice: 'Nothing was charged for it. Add credits, then run again.',
    stopBuying: true,
  },
  busy: {
    class: 'not-sent',
    code: 'service/unreachable',
    advice: 'Nothing was charged for it. Run again later.',
    stopBuying: true,
  },
  unreachable: {
    class: 'not-sent',
    code: 'service/unreachable',
    advice: 'Nothing was charged for it. Check the network, then run again.',
    stopBuying: true,
  },
  stopped: {
    class: 'not-sent',
    code: 'purchase/not-finished',
    advice: 'Nothing was charged for it. Run again to buy it.',
    stopBuying: true,
  },
} as const

function rejected(
  intended: IntendedLine,
  answer: Submitted & { type: 'rejected' },
  till: Till,
): Promise<Outcome> {
  return fail(intended, { ...REJECTIONS[answer.why], text: answer.message, credits: 0 }, till)
}

const UNKNOWN: Found = { type: 'unknown' }

/**
 * Too old to be sent again, or a conflict: the service's own list decides, never a new purchase. After a conflict a
 * job `exists` by the service's own word, and a list without it is no leave to buy another.
 */
async function reconcile(
  intended: IntendedLine,
  provider: Provider,
  till: Till,
  job: 'exists' | 'unsure' = 'unsure',
): Promise<Outcome> {
  const { purchase } = intended
  const open: OpenPurchase = {
    purchase,
    model: intended.model,
    body: intended.body,
    intendedMs: Date.parse(intended.at),
    job: null,
  }
  const found = await till.oneSearch(async () => {
    const answer = await provider.find(open, till.jobs, till.io).catch((): Found => ({ type: 'unreachable' }))
    if (answer.type === 'job')
      await record({ step: 'accepted', purchase, at: isoNow(till), job: answer.job }, till)
    return answer.type === 'absent' && job === 'exists' ? UNKNOWN : answer
  })
  switch (found.type) {
    case 'job':
      till.onEvent({ type: 'accepted', purchase, job: found.job })
      return followJob({ intended, job: found.job, provider }, till)
    case 'unreachable':
      return left(intended, 'whether an earlier request for it was accepted could not be asked just now')
    case 'absent': {
      if (till.clock.now() - open.intendedMs < LISTED_BY_MS)
        return left(intended, 'the service lists no job for its request yet, which is too young to be sure')
      const text = 'An earlier request for it never arrived; the service has no such job.'
      const advice = 'Nothing was charged. Run again to buy it.'
      return fail(intended, { class: 'absent', code: 'purchase/failed', text, advice, credits: 0 }, till)
    }
    case 'unknown': {
      const text = `A request was sent at ${intended.at}, and whether it was accepted can no longer be told.`
      const image = intended.images[0] ?? ''
      const advice = `"pixelkiln resume" asks once more. Or look at your account's job list, then "pixelkiln resume --resubmit ${image}" buys it anew, or "pixelkiln resume --forget ${image}" lets it go.`
      return fail(
        intended,
        { class: 'unreconciled', code: 'purchase/in-doubt', text, advice, credits: intended.reserved },
        till,
      )
    }
  }
}

/** A purchase of another account or service cannot be asked about here. */
function strangeness(intended: IntendedLine, till: Till): string | null {
  if (intended.origin !== till.origin)
    return `it was sent to ${intended.origin}, and this run speaks to ${till.origin}`
  if (intended.account !== till.account) return 'it was made with another API key'
  return null
}
