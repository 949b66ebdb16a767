import type { IntendedLine } from '../core/journal.ts'
import type { JobSchedule } from '../core/poll-schedule.ts'
import type { Problem } from '../core/problems.ts'
import { SendError } from '../core/provider.ts'
import type { JobState, OfferedPicture, Provider } from '../core/provider.ts'
import type { Take } from '../core/take-index.ts'
import { keepPicture } from './keep-picture.ts'
import type { Lost } from './keep-picture.ts'
import { fail, isoNow, left, record } from './till.ts'
import type { Outcome, Till } from './till.ts'

/** A job that is known to exist (or to have completed at once). */
export interface Followed {
  readonly intended: IntendedLine
  readonly job: string | null
  readonly provider: Provider
  /** When the service took it on; left out where that was before this run. */
  readonly acceptedMs?: number
  readonly completed?: { readonly pictures: readonly OfferedPicture[]; readonly credits: number | null }
}

/** After this long without an end, the job is left to the next run. */
const PATIENCE_MS = 15 * 60_000
/** A part of the service that has not heard of a job yet may say so for a moment; only one that stays away is gone. */
const GONE_MS = 30_000
/** The service keeps result files for a day by default ([OAS] Job.expired). */
const RETENTION_MS = 24 * 3_600_000

/** Waits for a job, fetches what it made and stores it: store, then index, then journal, each on disk before the next. */
export async function followJob(followed: Followed, till: Till): Promise<Outcome> {
  const { intended, job, completed } = followed
  if (completed) return endedWell(followed, { ...completed, expired: false }, till)
  if (job === null) throw new Error('a job without an id cannot be followed')
  const began = followed.acceptedMs ?? till.clock.now()
  const schedule = till.schedule.follow(intended.model)
  let goneMs: number | null = null
  for (let asked = 0; ; asked += 1) {
    const lastMs = till.clock.now()
    if (asked > 0 || till.known.get(intended.purchase)?.finished === null) {
      const { news } = schedule
      await pause(job, { delayMs: () => schedule.delayMs(asked, lastMs - began), news, lastMs }, till)
    }
    if (till.signal.aborted) return left(intended, `interrupted while job ${job} was running`)
    const state = await ask(followed, job, till)
    if (state instanceof Error) return left(intended, `asking after job ${job} failed: ${state.message}`)
    goneMs = state.type === 'gone' ? (goneMs ?? till.clock.now()) : null
    if (goneMs !== null && till.clock.now() - goneMs < GONE_MS) continue
    switch (state.type) {
      case 'running':
      case 'unreachable':
        if (state.type === 'running') {
          till.onEvent({ type: 'progress', purchase: intended.purchase, percent: state.progress })
        }
        if (till.clock.now() - began > PATIENCE_MS)
          return left(intended, `job ${job} has not ended in 15 minutes`)
        break
      case 'completed':
        till.schedule.learn(intended.model, {
          foundMs: till.clock.now() - began,
          stepMs: till.clock.now() - lastMs,
          tookMs: state.tookMs ?? null,
        })
        return endedWell(followed, state, till)
      default:
        return endedOtherwise(followed, state, till)
    }
  }
}

/** Asks once. A provider that throws is no reason to end the run: without an answer there is one later, other errors are told. */
async function ask({ provider }: Followed, job: string, till: Till): Promise<JobState | Error> {
  try {
    return await provider.poll(job, till.io)
  } catch (error) {
    if (error instanceof SendError) return { type: 'unreachable', message: error.message }
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Waits for the next poll; a webhook about the job, or the end of the run, cuts it short. What others of its model took plans it anew. */
async function pause(
  job: string,
  next: { readonly delayMs: () => number; readonly news: JobSchedule['news']; readonly lastMs: number },
  till: Till,
): Promise<void> {
  const heard = till.heard?.(job)
  let leftMs = next.delayMs()
  while (leftMs > 0) {
    const news = next.news()
    if (!heard && !news) return till.clock.sleep(leftMs, till.signal)
    const over = new AbortController()
    const signal = AbortSignal.any([till.signal, over.signal])
    const ends = [till.clock.sleep(leftMs, signal), ...(heard ? [heard] : [])].map((end) =>
      end.then(() => true),
    )
    const ended = await Promise.race([...ends, ...(news ? [news.then(() => false)] : [])])
    over.abort()
    if (ended) return
    const delayMs = next.delayMs()
    // No more than that, should the clock have been put back.
    leftMs = Math.min(delayMs, next.lastMs + delayMs - till.clock.now())
  }
}

type Ended = Exclude<JobState, { type: 'running' | 'unreachable' | 'completed' }>

async function endedOtherwise({ intended, job }: Followed, state: Ended, till: Till): Promise<Outcome> {
  const image = intended.images[0] ?? ''
  const decide = `"pixelkiln resume" asks once more, "pixelkiln resume --resubmit ${image}" buys it anew, "pixelkiln resume --forget ${image}" lets it go.`
  const cost = intended.reserved === null ? '' : ` It may have cost ${intended.reserved} credits.`
  switch (state.type) {
    case 'locked-out':
      return {
        ...left(
          intended,
          `the service refused the key while job ${job ?? ''} was running (${state.message})`,
          { stopBuying: true, code: 'service/key-wrong' },
        ),
      }
    case 'gone': {
      const text = `The service no longer knows job ${job ?? ''}.${cost}`
      return fail(
        intended,
        { class: 'gone', code: 'purchase/lost', text, advice: decide, credits: intended.reserved },
        till,
      )
    }
    case 'failed':
      break
  }
  const text = `The service says: ${state.message}`
  // Failures are refunded by the service's own word. That is enough for what is not asked again; only the figure 0
  // confirms it well enough to buy anew without asking anybody.
  const confirmed = state.credits === 0
  if (state.why === 'refused' && (confirmed || state.credits === null)) {
    const advice = 'It was refunded, and is not asked again until its words change.'
    return fail(
      intended,
      { class: 'refused', code: 'purchase/refused', text, advice, credits: 0, remember: true },
      till,
    )
  }
  if (state.why === 'capacity' && confirmed) {
    const advice = 'It was refunded. Run again later.'
    return fail(
      intended,
      { class: 'capacity', code: 'purchase/failed', text, advice, credits: 0, tryAgain: true },
      till,
    )
  }
  if (confirmed) {
    const advice = 'It was refunded. Run again to try once more.'
    return fail(intended, { class: 'other', code: 'purchase/failed', text, advice, credits: 0 }, till)
  }
  const advice = `Whether it was refunded is not known.${cost} ${decide}`
  const credits = state.credits ?? intended.reserved
  return fail(intended, { class: 'refund-unknown', code: 'purchase/failed', text, advice, credits }, till)
}

type EndedWell = Pick<JobState & { readonly type: 'completed' }, 'pictures' | 'credits' | 'expired'>

/**
 * Writes the end down and leaves the place at the service to another job; the pictures are fetched in their turn. The
 * next job's first step is appended behind this one and so is on disk no sooner: they may share one wait for it. When
 * this one cannot be written, that ends the buying before the next step's wait is over, and no request leaves.
 */
async function endedWell(followed: Followed, state: EndedWell, till: Till): Promise<Outcome> {
  const { purchase, reserved } = followed.intended
  const credits = state.credits ?? reserved
  const pictures = state.pictures.length
  const written = record({ step: 'finished', purchase, at: isoNow(till), credits, pictures }, till)
  till.onEnded?.(credits)
  await written
  return till.fetching(() => keepPictures(followed, { ...state, credits }, till))
}

async function keepPictures({ intended }: Followed, state: EndedWell, till: Till): Promise<Outcome> {
  const { purchase, request, declared, firstTake, images } = intended
  const { credits } = state
  const takes: Take[] = []
  const model = `${intended.provider}/${intended.model}`
  const failed: Lost[] = []
  for (const [index, picture] of state.pictures.entries()) {
    const kept = await keepPicture(picture, till)
    if ('problem' in kept) failed.push(kept)
    else takes.push({ take: firstTake + index, original: kept.original, model })
  }
  if (takes.length > 0) {
    await till.store.list({ request, declared, model, parts: intended.parts ?? null, images, takes })
  }
  const pastRetention = till.clock.now() - Date.parse(intended.at) > RETENTION_MS
  const [first] = failed
  if (first && (state.expired || (first.gone && pastRetention))) return expired(intended, credits, till)
  if (first) return unfetched(intended, first.problem)
  if (takes.length < intended.count) {
    if (state.expired) return expired(intended, credits, till)
    return incomplete(intended, { got: takes.length, credits }, till)
  }
  const listed = takes.map(({ take, original }) => ({ take, sha256: original.sha256 }))
  await record({ step: 'stored', purchase, at: isoNow(till), takes: listed }, till)
  const bytes = takes.reduce((sum, { original }) => sum + original.bytes, 0)
  till.onEvent({ type: 'bought', purchase, images: intended.images, pictures: takes.length, credits, bytes })
  return { type: 'stored', originals: takes.map(({ original }) => original), credits }
}

/**
 * Paid for and not here yet: stays open, so that the next run fetches it again. A disk that takes no picture ends the
 * buying, or a whole run would be paid for, with a day to make room before the service forgets it.
 */
function unfetched(intended: IntendedLine, problem: Problem): Outcome {
  const outcome = left(intended, problem.message, problem.code === 'disk/failed' ? { stopBuying: true } : {})
  if (outcome.type !== 'failed') return outcome
  const message = `${intended.images.join(', ')}: ${problem.message} It is paid for; the next run fetches it again without paying.`
  return { ...outcome, problem: { ...outcome.problem, code: problem.code, message } }
}

function expired(intended: IntendedLine, credits: number | null, till: Till): Promise<Outcome> {
  const image = intended.images[0] ?? ''
  const cost = credits === null ? '' : ` It cost ${credits} credits.`
  const text = `The pictures of this purchase are past the service's retention and can no longer be fetched.${cost}`
  const advice = `"pixelkiln resume" asks once more, "pixelkiln resume --resubmit ${image}" buys it anew, "pixelkiln resume --forget ${image}" lets it go.`
  return fail(intended, { class: 'expired', code: 'purchase/lost', text, advice, credits }, till)
}

function incomplete(
  intended: IntendedLine,
  came: { readonly got: number; readonly credits: number | null },
  till: Till,
): Promise<Outcome> {
  const image = intended.images[0] ?? ''
  const text = `The job ended as completed with ${came.got} of ${intended.count} pictures. What came is stored.`
  const advice = `"pixelkiln resume" asks once more, "pixelkiln resume --resubmit ${image}" buys the rest anew, "pixelkiln resume --forget ${image}" lets it go.`
  return fail(
    intended,
    { class: 'incomplete', code: 'purchase/incomplete', text, advice, credits: came.credits },
    till,
  )
}
