import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import type { LimitFunction } from 'p-limit'
import { createPriceList, createPurse, overBudget } from './core/budget.ts'
import type { BuildEvent } from './core/events.ts'
import type { Facts } from './core/facts.ts'
import type { Image } from './core/image.ts'
import { wordsOf } from './core/lock.ts'
import type { Lock, LockImage } from './core/lock.ts'
import type { BuyJob } from './core/plan-purchases.ts'
import type { Plan } from './core/plan.ts'
import { openEncoder } from './effects/open-encoder.ts'
import { diskErrorOf } from './effects/files.ts'
import { buy } from './purchase.ts'
import type { Outcome, Till } from './purchase/till.ts'
import type { Bench } from './run/make-outputs.ts'
import { deriveOne, derivationOf, draftOne } from './run/shape-image.ts'
import { createTally } from './run/tally.ts'
import type { RunResult, Tally } from './run/tally.ts'
import type { Store } from './effects/store.ts'

/** What a run needs beside the plan. */
export interface RunContext {
  readonly lock: Lock
  readonly facts: Facts
  readonly store: Store
  readonly bench: Omit<Bench, 'encoder'>
  /** Null when nothing is to be bought. */
  readonly till: Till | null
  readonly mode: 'real' | 'sketch' | 'emulator'
  /** The purchases that are agreed to; others of the plan are left alone. */
  readonly purchases: readonly BuyJob[]
  /** Credits the run may spend; null is no limit. */
  readonly limit: number | null
  readonly concurrency: {
    readonly purchases: number
    readonly models: Readonly<Record<string, number>>
  }
  /** Aborted by the first Ctrl-C: no new purchases. */
  readonly stopping: AbortSignal
  readonly onEvent: (event: BuildEvent) => void
  /** Told after each image, with the lock as it would be now. */
  readonly onEntry: (entries: ReadonlyMap<string, LockImage>) => Promise<void>
}

/** Runs the jobs of a plan: purchases under one limiter, files under another, never nested. */
export async function run(plan: Plan, given: RunContext): Promise<RunResult> {
  const files = plan.jobs.filter(({ kind }) => kind !== 'buy').length
  const encoder = openEncoder(files + given.purchases.length)
  const bench = { ...given.bench, encoder }
  return runJobs(plan, { ...given, bench }).finally(encoder.close)
}

interface Context extends RunContext {
  readonly bench: Bench
}

async function runJobs(plan: Plan, context: Context): Promise<RunResult> {
  const tally = createTally(plan, context)
  // One more than can be encoded at once, so that the next original has been read by then.
  const imageLimit = pLimit(context.bench.encoder.slots + 1)
  const failures: unknown[] = []
  // Ends the buying like a Ctrl-C: what is in flight comes home, and nothing waits for another try.
  const halt = new AbortController()
  const stopping = AbortSignal.any([context.stopping, halt.signal])
  setMaxListeners(0, stopping)
  // A failure of ours is told at the end: nothing may go on behind the back of whoever closes the journal after a run.
  const guard = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      failures.push(error)
      halt.abort()
    })
  const shape = (work: () => Promise<void>): Promise<void> => guard(imageLimit(work))
  const purchases = runPurchases(plan, context, { tally, shape, guard, halt, stopping })
  const files = plan.jobs.map(async (job) => {
    if (job.kind === 'derive') await shape(() => deriveOne(job.derivation, context, tally))
    if (job.kind === 'draft') await shape(() => draftOne(plan.images.get(job.image), context, tally))
  })
  await Promise.all([purchases, ...files])
  if (failures.length > 0) throw failures[0]
  return tally.result()
}

async function runPurchases(
  plan: Plan,
  context: Context,
  work: {
    readonly tally: Tally
    readonly shape: (work: () => Promise<void>) => Promise<void>
    readonly guard: (work: Promise<void>) => Promise<void>
    readonly halt: AbortController
    readonly stopping: AbortSignal
  },
): Promise<void> {
  const { till, purchases } = context
  if (!till || purchases.length === 0) return
  const limit = pLimit(context.concurrency.purchases)
  const models = new Map(
    Object.entries(context.concurrency.models).map(([model, slots]) => [model, pLimit(slots)]),
  )
  const purse = createPurse(context.limit)
  const prices = createPriceList()
  const { halt, stopping } = work
  // Until one picture is stored nobody knows that the disk takes any: so long a purchase keeps its place to its end.
  let stores = false
  const landed = new Set<string>()
  const buyOne = async (job: BuyJob, onEnded: () => void): Promise<void> => {
    if (stopping.aborted) return
    const credits = prices.of(job)
    if (!purse.reserve(credits)) {
      work.tally.problem(overBudget(job, credits))
      return
    }
    const outcome = await outcomeOf(job, { ...till, stopping, onEnded: () => stores && onEnded() })
    stores ||= outcome.type === 'stored'
    const charged = outcome.credits
    purse.settle(credits, charged)
    if (outcome.type === 'stored') {
      prices.learn(job, charged)
      work.tally.paid(outcome.originals.length, charged)
    } else {
      if (isForgiven(job, outcome, plan)) work.tally.note(outcome.problem)
      else work.tally.problem(outcome.problem)
      const ends = job.images.some((id) => plan.images.get(id)?.policy.refused === 'fail')
      if (outcome.stopBuying || ends) halt.abort()
    }
    // Not awaited here: the limiter's place is free as soon as the money is settled.
    files.push(...afterPurchase(job, outcome, { plan, context, landed, ...work }).map(work.guard))
  }
  const files: Promise<void>[] = []
  await Promise.all(
    purchases.map((job) =>
      inPlaceOf(limit, (free) => {
        const own =
          models.get(job.request.model) ?? models.get(`${job.request.provider}/${job.request.model}`)
        if (!own) return work.guard(buyOne(job, free))
        return inPlaceOf(own, (freeOwn) =>
          work.guard(buyOne(job, () => [freeOwn, free].forEach((each) => each()))),
        )
      }),
    ),
  )
  files.push(...standInTakes(purchases, { plan, context, landed, ...work }))
  await Promise.all(files)
}

/**
 * Runs a purchase in a place of a limiter, which counts what the service is at work on: the place is free from the
 * moment that the purchase says so, and at its end at the latest.
 */
function inPlaceOf(limit: LimitFunction, purchase: (free: () => void) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    void limit(
      () =>
        new Promise<void>((free) => {
          purchase(free).finally(free).then(resolve, reject)
        }),
    )
  })
}

/** Where the picked take did not come and nothing else is there, another take of the same words is shown. */
function standInTakes(
  purchases: readonly BuyJob[],
  work: Parameters<typeof afterPurchase>[2],
): Promise<void>[] {
  const { context, plan, tally, landed } = work
  const derived = new Set(plan.jobs.flatMap((job) => (job.kind === 'derive' ? [job.image] : [])))
  const waiting = purchases.flatMap(({ images, requestKey }) => images.map((id) => ({ id, requestKey })))
  return waiting.map(async ({ id, requestKey }) => {
    const image = plan.images.get(id)
    if (!image || landed.has(id) || derived.has(id) || tally.entries.has(id)) return
    const [take] = context.store.takes(requestKey)
    if (!take) return
    landed.add(id)
    await work.shape(() => deriveOne(derivationOf(image, take, work), context, tally))
  })
}

/** A refusal fails nothing where the manifest says that its images may be missing or stood in for. */
function isForgiven(job: BuyJob, outcome: Outcome & { type: 'failed' }, plan: Plan): boolean {
  const may = new Set<string | undefined>(['skip', 'placeholder'])
  return (
    outcome.problem.code === 'purchase/refused' &&
    job.images.every((id) => may.has(plan.images.get(id)?.policy.refused))
  )
}

async function outcomeOf(job: BuyJob, till: Till): Promise<Outcome> {
  try {
    return await buy(job, till)
  } catch (error) {
    const disk = diskErrorOf(error)
    if (!disk) throw error
    till.onEvent({ type: 'not-bought', purchase: job.purchase, images: job.images })
    return {
      type: 'failed',
      problem: {
        code: 'disk/failed',
        message: `${job.images.join(', ')}: ${disk.message}. No more is bought in this run. What was paid for is found again by the next run; mend the disk first.`,
        ...(job.images[0] === undefined ? {} : { image: job.images[0] }),
      },
      remember: false,
      stopBuying: true,
      tryAgain: false,
      credits: job.credits,
    }
  }
}

/** Each original is encoded as it lands; what was refused is remembered. Several jobs may bring takes of one image. */
function afterPurchase(
  job: BuyJob,
  outcome: Outcome,
  work: {
    readonly plan: Plan
    readonly context: Context
    readonly tally: Tally
    readonly shape: (work: () => Promise<void>) => Promise<void>
    /** Ids whose files are being made from a take that landed in this run. */
    readonly landed: Set<string>
  },
): Promise<void>[] {
  const { context, tally } = work
  if (outcome.type === 'failed')
    context.onEvent({ type: 'not-bought', purchase: job.purchase, images: job.images })
  const takes = context.store.takes(job.requestKey)
  return job.images.map(async (id) => {
    const image = work.plan.images.get(id)
    if (!image) return
    const picked = takes.find(({ take }) => take === image.pick)
    if (picked && !work.landed.has(id)) {
      work.landed.add(id)
      await work.shape(() => deriveOne(derivationOf(image, picked, work), context, tally))
    } else if (picked) await tally.counted(id, takes.length)
    else if (outcome.type === 'failed' && outcome.remember) await rememberRefusal(image, work)
  })
}

async function rememberRefusal(
  image: Image,
  work: {
    readonly context: Context
    readonly tally: Tally
    readonly shape: (work: () => Promise<void>) => Promise<void>
  },
): Promise<void> {
  const { context, tally } = work
  const earlier = context.lock.images.get(image.id)
  const entry: LockImage = {
    ...wordsOf(image),
    bought: earlier?.bought ?? null,
    draft: earlier?.draft ?? null,
    // The emulator's opinion of a prompt is nobody's: its own journal remembers it.
    refused: context.mode === 'emulator' ? (earlier?.refused ?? null) : image.requestKey,
    others: earlier?.others ?? [],
  }
  await tally.made(image.id, entry, { outputs: 0, bytes: 0, draft: false })
  if (image.policy.refused === 'placeholder' && !entry.bought) {
    await work.shape(() => draftOne(image, context, tally))
  }
}
