import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { createPriceList, createPurse, overBudget } from './core/budget.ts'
import type { BuildEvent } from './core/events.ts'
import type { Facts } from './core/facts.ts'
import type { Image } from './core/image.ts'
import { wordsOf } from './core/lock.ts'
import type { Lock, LockImage } from './core/lock.ts'
import type { BuyJob } from './core/plan-purchases.ts'
import type { Plan } from './core/plan.ts'
import { openEncoder } from './effects/open-encoder.ts'
import type { Encoder } from './effects/open-encoder.ts'
import { diskErrorOf } from './effects/files.ts'
import { seenFilesOver } from './effects/seen-files.ts'
import type { SeenFiles } from './effects/seen-files.ts'
import { buy } from './purchase.ts'
import { firstImage } from './purchase/till.ts'
import type { Outcome, Till } from './purchase/till.ts'
import { inPlaces } from './run/in-places.ts'
import type { PlaceCounts } from './run/in-places.ts'
import { createFilesQueue, inStep } from './run/in-step.ts'
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
  readonly bench: Omit<Bench, 'encoder' | 'seen'>
  /** What was seen of output files before. */
  readonly seen: Pick<SeenFiles, 'get'>
  /** Null when nothing is to be bought. */
  readonly till: Till | null
  readonly mode: 'real' | 'sketch' | 'emulator'
  /** The purchases that are agreed to; others of the plan are left alone. */
  readonly purchases: readonly BuyJob[]
  /** Credits the run may spend; null is no limit. */
  readonly limit: number | null
  readonly concurrency: PlaceCounts
  /** Aborted by the first Ctrl-C: no new purchases. */
  readonly stopping: AbortSignal
  readonly onEvent: (event: BuildEvent) => void
  /** Told after each image, with the lock as it would be now. */
  readonly onEntry: (entries: ReadonlyMap<string, LockImage>) => Promise<void>
}

/** What a run came to, and what is seen of output files after it. */
export type RunAndSeen = RunResult & { readonly seen: Pick<SeenFiles, 'get'> }

/** Runs the jobs of a plan: purchases under one limiter, files under another, never nested. */
export async function run(plan: Plan, given: RunContext): Promise<RunAndSeen> {
  const files = plan.jobs.filter(({ kind }) => kind !== 'buy').length
  const encoder = openEncoder(files + given.purchases.length, widestOf(plan))
  const seen = seenFilesOver(given.seen)
  const bench = { ...given.bench, encoder, seen }
  try {
    return { ...(await runJobs(plan, { ...given, bench })), seen }
  } finally {
    encoder.close()
  }
}

/** The width of the widest file that the jobs may make. */
function widestOf({ jobs, images }: Plan): number {
  const ids = jobs.flatMap((job) => (job.kind === 'buy' ? job.images : [job.image]))
  const widths = ids.flatMap((id) => images.get(id)?.recipe.widths ?? [])
  return widths.reduce((most, width) => Math.max(most, width), 0)
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
  const underway = new Set<Promise<unknown>>()
  // A failure of ours is told at the end: nothing may go on behind the back of whoever closes the journal after a run.
  const guard = <T>(work: Promise<T>): Promise<T | null> => {
    const guarded = work.catch((error: unknown) => {
      failures.push(error)
      halt.abort()
      return null
    })
    underway.add(guarded)
    // What has ended is let go: in a large run most of it has.
    void guarded.finally(() => underway.delete(guarded))
    return guarded
  }
  const shape = async (work: () => Promise<void>): Promise<void> => {
    await guard(imageLimit(work))
  }
  void guard(runPurchases(plan, context, { tally, shape, guard, halt, stopping }))
  // No more of these wait than are soon begun: what has been bought meanwhile comes before the rest.
  const jobs = plan.jobs.values()
  const shapeNext = async (): Promise<void> => {
    for (const job of jobs) {
      if (job.kind === 'derive') await shape(() => deriveOne(job.derivation, context, tally))
      if (job.kind === 'draft') await shape(() => draftOne(plan.images.get(job.image), context, tally))
    }
  }
  for (let turn = 0; turn < imageLimit.concurrency; turn += 1) void guard(shapeNext())
  while (underway.size > 0) await Promise.all(underway)
  if (failures.length > 0) throw failures[0]
  return tally.result()
}

/** What the parts of a run share. */
interface Work {
  readonly tally: Tally
  readonly shape: (work: () => Promise<void>) => Promise<void>
  readonly guard: <T>(work: Promise<T>) => Promise<T | null>
  readonly halt: AbortController
  readonly stopping: AbortSignal
}

async function runPurchases(plan: Plan, context: Context, work: Work): Promise<void> {
  const { till, purchases } = context
  if (!till || purchases.length === 0) return
  const purse = createPurse(context.limit)
  const prices = createPriceList()
  const { halt, stopping, tally, guard } = work
  const landed = new Set<string>()
  const paid = new Map<string, number>()
  const files = createFilesQueue(context.concurrency)
  const buyOne = async (job: BuyJob, onEnded: () => void): Promise<boolean> => {
    if (stopping.aborted) return false
    const credits = prices.of(job)
    if (!purse.reserve(credits)) {
      tally.problem(overBudget(job, credits))
      return false
    }
    let settled = false
    const settle = (charged: number | null): void => {
      if (!settled) purse.settle(credits, charged)
      settled = true
    }
    const outcome = await outcomeOf(job, {
      ...preparing(till, context.bench.encoder),
      stopping,
      // Before its place goes to another: what that one may cost rests on what this one did.
      onEnded: (charged) => {
        settle(charged)
        prices.learn(job, charged)
        onEnded()
      },
    })
    settle(outcome.credits)
    if (outcome.type === 'stored') tally.paid(outcome.originals.length, outcome.credits)
    else {
      if (isForgiven(job, outcome, plan)) tally.note(outcome.problem)
      else tally.problem(outcome.problem)
      const ends = job.images.some((id) => plan.images.get(id)?.policy.refused === 'fail')
      if (outcome.stopBuying || ends) halt.abort()
    }
    // Not awaited here: the place is free as soon as the money is settled.
    const made = afterPurchase(job, outcome, { plan, context, landed, paid, ...work })
    files.add(made.map(guard))
    return outcome.type === 'stored'
  }
  await inPlaces(
    inStep(purchases, files, stopping),
    context.concurrency,
    async (job, onEnded) => (await guard(buyOne(job, onEnded))) === true,
  )
  showOtherTakes(purchases, { plan, context, landed, paid, ...work })
}

/** The encoder is started when the service is at work and nothing to be done here: before that its start would keep requests waiting. */
function preparing(till: Till, encoder: Encoder): Till {
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'progress') encoder.prepare()
    till.onEvent(event)
  }
  return { ...till, onEvent }
}

/** Where the picked take did not come and nothing else is there, another take of the same words is shown. */
function showOtherTakes(purchases: readonly BuyJob[], work: Parameters<typeof afterPurchase>[2]): void {
  const { context, plan, tally, landed } = work
  const derived = new Set(plan.jobs.flatMap((job) => (job.kind === 'derive' ? [job.image] : [])))
  for (const { images, requestKey } of purchases) {
    for (const id of images) {
      const image = plan.images.get(id)
      if (!image || landed.has(id) || derived.has(id) || tally.entries.has(id)) continue
      const [take] = context.store.takes(requestKey)
      if (!take) continue
      landed.add(id)
      void work.shape(() => deriveOne(derivationOf(image, take, work), context, tally))
    }
  }
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
        ...firstImage(job),
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
    /** Takes that this run stored, by RequestKey. */
    readonly paid: Map<string, number>
  },
): Promise<void>[] {
  const { context, tally } = work
  const stored = outcome.type === 'stored' ? outcome.originals.length : 0
  const paid = (work.paid.get(job.requestKey) ?? 0) + stored
  work.paid.set(job.requestKey, paid)
  if (outcome.type === 'failed')
    context.onEvent({ type: 'not-bought', purchase: job.purchase, images: job.images })
  const takes = context.store.takes(job.requestKey)
  return job.images.map(async (id) => {
    const image = work.plan.images.get(id)
    if (!image) return
    // Two that are the same picture are listed as one, and were two all the same.
    if (paid > takes.length) await tally.counted(id, paid)
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
