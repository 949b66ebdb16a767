import type { BuildResult } from '../core/build-error.ts'
import type { Lock } from '../core/lock.ts'
import { nextLock, ownedBy, supersededBy } from '../core/next-lock.ts'
import type { Plan } from '../core/plan.ts'
import { sumOf } from '../core/plan-purchases.ts'
import type { BuyJob } from '../core/plan-purchases.ts'
import type { Note, Problem } from '../core/problems.ts'
import { DiskError } from '../effects/files.ts'
import { openOutputs } from '../effects/outputs.ts'
import { sweepBeside, sweepTemporary } from '../effects/sweep.ts'
import { createTally } from '../run/tally.ts'
import type { RunAndSeen, RunContext } from '../run.ts'
import type { RunResult } from '../run/tally.ts'
import { mayBeSettled, mayFollowUp } from './conclude.ts'
import { emit } from './emit.ts'
import { finish } from './finish.ts'
import { freshIn, stillStands, wholeLock } from './reading.ts'
import type { Look } from './reading.ts'
import type { Agreed } from './money.ts'
import type { Service } from './open-service.ts'
import type { OpenTill } from './open-till.ts'
import type { BuildOptions } from './options.ts'
import { remember } from './remember.ts'
import type { Session } from './session.ts'
import type { Settled } from './settle-open.ts'
import { stopSignals } from './stop-signals.ts'
import type { LockFile } from './write-lock.ts'

const DEFAULT_CONCURRENCY = 4
const LOCK_EVERY_MS = 2_000
/** A large lock takes a while to print, and everything else waits meanwhile: at most a twentieth of the time. */
const LOCK_SHARE = 20
const NO_SERVICE: Service = { till: null, hasKey: false, problems: [], notes: [] }
const NOTHING_SETTLED: Settled = { problems: [], pictures: 0, credits: 0, any: false, stop: false }

/**
 * Does what a plan says while the project is held: settles what is open, buys what is agreed to, makes the files,
 * writes the lock, removes what it superseded. Answers `is-emulator` when the service turns out to be the emulator.
 */
export async function work(
  given: Session,
  first: Look,
  options: BuildOptions,
): Promise<BuildResult | 'is-emulator'> {
  if (first.plan.jobs.length === 0) return workOn(given, first, options)
  const { tightHeap } = await import('../effects/tight-heap.ts')
  const loosen = tightHeap()
  return workOn(given, first, options).finally(loosen)
}

async function workOn(
  given: Session,
  first: Look,
  options: BuildOptions,
): Promise<BuildResult | 'is-emulator'> {
  const stops = stopSignals(given, options)
  const { session } = stops
  const lockFile = first.reading.rest?.lockFile ?? (await import('./write-lock.ts')).openLock(first.reading)
  // After a run that ended in order and left nothing to do there is nothing half-written.
  if (!first.reading.rest)
    sweepTemporary([first.reading.out, session.project.stateFolder, first.reading.store.folder])
  sweepBeside(session.project.folder)
  const service = speaks(session, first, options)
    ? await (await import('./open-service.ts')).openService(session, first, { options, ...stops })
    : NO_SERVICE
  try {
    if (service.till && session.mode === 'real' && (await service.till.isEmulator())) return 'is-emulator'
    const settled = service.till
      ? await (await import('./settle-open.ts')).settleOpen(service.till.till, {
          concurrency: concurrencyOf(first, options).purchases,
          doubts: options.buy === 'settle',
        })
      : NOTHING_SETTLED
    const seen = settled.any && service.till ? await replanned(first, service.till) : first
    tellPlan(session, seen, options)
    const agreed = await agreeOnPurchases(session, seen, { options, service, stop: settled.stop })
    const result = await runPlan(session, seen, {
      options,
      service,
      agreed,
      stopping: stops.stopping,
      lockFile,
    })
    const interrupted = stops.stopping.aborted ? [interruption(seen.plan, agreed, result)] : []
    const problems = [
      ...service.problems,
      ...settled.problems,
      ...agreed.problems,
      ...untold(seen.plan.problems, settled.problems),
      ...result.problems,
      ...interrupted,
    ]
    const total = {
      ...result,
      bought: result.bought + settled.pictures,
      credits: result.credits + settled.credits,
    }
    return await writeDown(session, seen, {
      options,
      lockFile,
      result: total,
      problems,
      notes: [...service.notes, ...result.notes],
    })
  } finally {
    await service.till?.close()
    stops.dispose()
  }
}

/** Whether something is to be bought or followed up: only then what money needs is loaded. */
function speaks({ mode }: Session, { plan, reading }: Look, options: BuildOptions): boolean {
  if (!mayFollowUp(options) || mode === 'sketch') return false
  return mayBeSettled(reading.purchases, options) || plan.jobs.some((job) => job.kind === 'buy')
}

/** What following an earlier purchase up came to is told once, not again as the plan sees it. */
function untold(planned: readonly Problem[], settled: readonly Problem[]): readonly Problem[] {
  const told = new Set(settled.map(({ image }) => image))
  const again = new Set(['purchase/not-finished', 'purchase/in-doubt'])
  return planned.filter(({ code, image }) => !(image !== undefined && told.has(image) && again.has(code)))
}

/** What was settled changes what is missing. */
async function replanned({ reading, plan }: Look, opened: OpenTill): Promise<Look> {
  const { lookAgain } = await import('./look.ts')
  const only = plan.only
  return lookAgain({ ...reading, purchases: new Map(opened.till.known) }, only)
}

function tellPlan(session: Session, seen: Look, options: BuildOptions): void {
  const { plan } = seen
  const buys = options.buy === 'settle' ? [] : namedPurchases(plan, options)
  const derives = plan.jobs.flatMap((job) => (job.kind === 'derive' ? [job.derivation.wanted.length] : []))
  session.onEvent({
    type: 'planned',
    pictures: buys.reduce((sum, job) => sum + job.count, 0),
    purchases: buys.length,
    credits: sumOf(buys),
    drafts: plan.jobs.filter((job) => job.kind === 'draft').length,
    outputs: derives.reduce((sum, count) => sum + count, 0),
    fresh: freshIn(seen),
  })
}

async function agreeOnPurchases(
  session: Session,
  { plan, reading }: Look,
  given: { readonly options: BuildOptions; readonly service: Service; readonly stop: boolean },
): Promise<Agreed> {
  const { options, service } = given
  const jobs = namedPurchases(plan, options)
  if (jobs.length === 0 || service.problems.length > 0 || given.stop)
    return { jobs: [], limit: 0, problems: [] }
  const { agreeOn, spentToday } = await import('./money.ts')
  return agreeOn(jobs, {
    options,
    hasKey: service.hasKey,
    loopback: service.till?.loopback ?? false,
    budget: reading.config.budget ?? {},
    today: spentToday(reading.purchases.values(), session.clock.now()),
    stillStands: () => stillStands(reading, [reading.lockPath]),
  })
}

/** The purchases of a plan that the run is about: those it was told by name, else all. */
function namedPurchases(
  plan: Pick<Plan, 'jobs'>,
  { purchases }: Pick<BuildOptions, 'purchases'>,
): readonly BuyJob[] {
  const named = purchases && new Set(purchases)
  return plan.jobs.filter((job) => job.kind === 'buy').filter((job) => named?.has(job.purchase) !== false)
}

async function runPlan(
  session: Session,
  { plan, reading, observation }: Look,
  given: {
    readonly options: BuildOptions
    readonly service: Service
    readonly agreed: Agreed
    readonly stopping: AbortSignal
    readonly lockFile: LockFile
  },
): Promise<RunAndSeen> {
  const { options, service, agreed } = given
  const owned = ownedBy(reading.lock)
  let dueMs = session.clock.now() + LOCK_EVERY_MS
  const context: RunContext = {
    lock: reading.lock,
    facts: observation.facts,
    store: reading.store,
    bench: {
      outputs: openOutputs(reading.out, new Set(owned.keys())),
      out: reading.out,
      frozen: options.frozen === true ? owned : null,
    },
    seen: observation.seen,
    till: service.till?.till ?? null,
    mode: session.mode,
    purchases: agreed.jobs,
    limit: agreed.limit,
    concurrency: concurrencyOf({ reading }, options),
    stopping: given.stopping,
    onEvent: session.onEvent,
    onEntry: async (entries) => {
      const beganMs = session.clock.now()
      if (options.frozen === true || beganMs < dueMs) return
      dueMs = Number.POSITIVE_INFINITY
      await given.lockFile
        .write(nextLock(reading.lock, plan, entries, { prune: false }))
        .catch(onlyDisk)
      const endedMs = session.clock.now()
      dueMs = endedMs + Math.max(LOCK_EVERY_MS, (endedMs - beganMs) * LOCK_SHARE)
    },
  }
  // Encoders and sketches are loaded for work alone: other words in the lock need none of them.
  if (plan.jobs.length === 0) return { ...createTally(plan, context).result(), seen: observation.seen }
  const { run } = await import('../run.ts')
  return run(plan, context)
}

function concurrencyOf(
  { reading }: Pick<Look, 'reading'>,
  options: BuildOptions,
): { readonly purchases: number; readonly models: Readonly<Record<string, number>> } {
  const { concurrency } = reading.config
  const models = typeof concurrency === 'object' ? concurrency : {}
  const general = typeof concurrency === 'number' ? concurrency : models['default']
  return { purchases: options.concurrency ?? general ?? DEFAULT_CONCURRENCY, models }
}

/** The order that survives a crash at any point: outputs are there, then the lock, then what it superseded goes, then the state. */
async function writeDown(
  session: Session,
  seen: Look,
  done: {
    readonly options: BuildOptions
    readonly lockFile: LockFile
    readonly result: RunAndSeen
    readonly problems: readonly Problem[]
    readonly notes: readonly Note[]
  },
): Promise<BuildResult> {
  const { reading, plan } = seen
  const { options, result } = done
  const frozen = options.frozen === true
  const prune = options.prune === true
  const written = frozen
    ? { lock: reading.lock }
    : await done.lockFile.write(nextLock(reading.lock, plan, result.entries, { prune }))
  const lock = 'lock' in written ? written.lock : reading.lock
  if (!frozen) removeSuperseded(session, seen, lock)
  const problems = [
    ...done.problems,
    ...('problem' in written ? [written.problem] : []),
    ...(await emit(session, reading, lock)),
  ]
  const notes = [...done.notes, ...plan.notes.filter((note) => !prune || note.code !== 'lock/orphan')]
  const maySkip = options.buy === 'settle' || options.purchases !== undefined
  const pending = maySkip && plan.jobs.some((job) => job.kind === 'buy')
  const clean = problems.length === 0 && session.only.length === 0 && !pending
  await remember(session, reading, { lock, files: result.seen, clean, notes })
  return finish(
    session,
    { plan, lock: wholeLock({ ...reading, lock }), inputs: reading.inputs, problems, notes },
    { ...result, fresh: freshIn(seen), out: reading.manifest.out, placeOf: reading.placeOf },
  )
}

/** On the way the lock is written as a courtesy; what hinders it is told when it is written at the end. */
function onlyDisk(error: unknown): void {
  if (!(error instanceof DiskError)) throw error
}

function removeSuperseded(session: Session, { reading }: Look, lock: Lock): void {
  const outputs = openOutputs(reading.out, new Set())
  for (const output of supersededBy(reading.lock, lock)) {
    if (outputs.remove(output))
      session.onEvent({ type: 'removed', path: output.path, why: 'no longer named' })
  }
}

function interruption(plan: Plan, agreed: Agreed, result: RunResult): Problem {
  // Interrupted while it was asked for consent, nothing is agreed to yet.
  const due = agreed.jobs.length > 0 ? agreed.jobs.length : plan.jobs.filter(({ kind }) => kind === 'buy').length
  const wanted = due > 0 ? ` ${result.bought} of ${due} purchases were made.` : ''
  return {
    code: 'run/interrupted',
    message: `Interrupted.${wanted} Everything paid for is written down; run the same command again to go on.`,
  }
}
