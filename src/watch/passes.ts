import { build } from '../build.ts'
import type { BuildOptions } from '../build/options.ts'
import { BuildError } from '../core/build-error.ts'
import type { BuildResult } from '../core/build-error.ts'
import type { BuildEvent } from '../core/events.ts'
import { changedIds, creditsOfAll } from '../core/pending.ts'
import type { Order } from '../core/watch-step.ts'
import type { WatchEvent, WatchOptions } from './options.ts'
import { sessionLimit, sessionOrder } from './session-order.ts'
import { lookAtStanding } from './standing.ts'
import type { Standing } from './standing.ts'

/** The two kinds of run that a watch makes, and what it knows between them. */
export interface Passes {
  /** Makes files and sketches, never buys, and looks at what is pending. */
  readonly build: (signal: AbortSignal) => Promise<void>
  readonly buy: (order: Order, signal: AbortSignal) => Promise<void>
  /** What the session may buy by itself now. */
  readonly may: () => Order | null
  /** How things stood after the last pass that could read the project. */
  readonly standing: () => Standing | null
  /** Whether something stood in the way of the last pass. */
  readonly troubled: () => boolean
}

/** What one session knows; the one thing here that changes. */
interface Memory {
  readonly options: WatchOptions
  readonly shared: BuildOptions
  readonly tell: (event: WatchEvent) => void
  emulator: boolean
  standing: Standing | null
  troubled: boolean
  heldBack: string
  /** Purchases that were ordered, whatever came of it. */
  readonly tried: Set<string>
  /** RequestKeys that failed. */
  readonly failed: Set<string>
  /** Purchases that this session began. */
  readonly own: Set<string>
  /** Every purchase that was ever told as pending, and whom it was for. */
  readonly told: Map<string, readonly string[]>
}

/** Opens the runs of one session. Only `buy` can spend, and only on the purchases that its order names. */
export function openPasses(options: WatchOptions, tell: (event: WatchEvent) => void): Passes {
  const memory: Memory = {
    options,
    shared: sharedOptions(options),
    tell,
    emulator: options.emulator ?? false,
    standing: null,
    troubled: true,
    heldBack: '',
    tried: new Set(),
    failed: new Set(),
    own: new Set(),
    told: new Map(),
  }
  return {
    build: (signal) => freePass(memory, signal),
    buy: (order, signal) => carryOut(order, memory, signal),
    may: () => mayBuy(memory),
    standing: () => memory.standing,
    troubled: () => memory.troubled,
  }
}

async function freePass(memory: Memory, signal: AbortSignal): Promise<void> {
  const { shared, tell } = memory
  const made = new Set<string>()
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'encoded') made.add(event.image)
    tell(event)
  }
  const runs: BuildOptions[] = [{ ...shared, draft: true }]
  // What the emulator delivered is made anew from its own store; only what it did not deliver is drawn.
  if (memory.emulator) runs.unshift({ ...shared, emulator: true, buy: 'settle' })
  let quick = memory.standing !== null && !memory.troubled
  memory.troubled = false
  for (const run of runs) {
    const result = await settled(build({ ...run, signal, onEvent }))
    if (result.plan === null && result.problems.length > 0) return breakOff(result, memory)
    quick &&= result.plan === null
    memory.troubled ||= result.problems.length > 0
  }
  if (!quick) await lookAgain(made, memory)
}

async function lookAgain(made: ReadonlySet<string>, memory: Memory): Promise<void> {
  const { shared, emulator, standing, tell } = memory
  const seen = await lookAtStanding({ ...shared, emulator }, memory)
  if (!('pending' in seen)) return breakOff(seen, memory)
  const images = [...new Set([...made, ...changedIds(standing?.lock ?? null, seen.lock)])].sort()
  if (images.length > 0) tell({ type: 'rebuilt', images })
  memory.standing = seen
  for (const { purchases, images: ids } of seen.pending)
    for (const purchase of purchases) memory.told.set(purchase, ids)
  tell(pendingEvent(seen, { ...memory.options, emulator }))
}

function breakOff({ problems }: Pick<BuildResult, 'problems'>, memory: Memory): void {
  memory.troubled = true
  memory.tell({ type: 'broken', problems })
}

/** Buys what was agreed to and is still what was shown, and follows up what is open. */
async function carryOut(order: Order, memory: Memory, signal: AbortSignal): Promise<void> {
  const { shared, options, standing, tell } = memory
  const known = new Map(standing?.pending.flatMap((entry) => entry.purchases.map((key) => [key, entry])))
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'buying') memory.own.add(event.purchase)
    const entry = event.type === 'not-bought' ? known.get(event.purchase) : undefined
    if (entry) memory.failed.add(entry.request)
    tell(event)
  }
  const { purchases } = order
  for (const purchase of [...purchases, ...(standing?.open.purchases ?? [])]) memory.tried.add(purchase)
  const terms = termsOf(order, options, standing)
  const { emulator } = memory
  const run = build({ ...shared, ...terms, emulator, buy: true, purchases, signal, onEvent })
  const { plan, lock } = await settled(run)
  const planned = new Set(plan?.jobs.map((job) => (job.kind === 'buy' ? job.purchase : '')))
  const other = plan ? purchases.filter((purchase) => !planned.has(purchase)) : []
  if (other.length > 0)
    tell({ type: 'withdrawn', images: other.flatMap((key) => memory.told.get(key) ?? []) })
  // A service that calls itself the emulator is one from now on.
  memory.emulator ||= [...(lock?.images.values() ?? [])].some(({ draft }) => draft?.by === 'emulator')
  memory.troubled = true
}

function mayBuy(memory: Memory): Order | null {
  const { options, emulator, standing, tried, tell } = memory
  if (!standing) return null
  const { order, heldBack } = sessionOrder({ ...options, emulator }, standing, tried)
  const text = JSON.stringify(heldBack)
  // Once is enough, until something about it changes.
  if (heldBack && text !== memory.heldBack) tell(heldBack)
  memory.heldBack = text
  return order
}

/** A person has seen the price and said yes, so nobody is asked again; what the session buys by itself always has a limit. */
function termsOf(
  order: Order,
  options: WatchOptions,
  standing: Standing | null,
): Pick<BuildOptions, 'budget' | 'partial' | 'agree'> {
  const limit = sessionLimit(options, standing?.budget ?? {}, order.by)
  const left = limit === null ? null : Math.max(0, limit - (standing?.spent ?? 0))
  const most = order.budget === null || left === null ? (order.budget ?? left) : Math.min(order.budget, left)
  const partial = order.by === 'session'
  return most === null ? { partial, agree: () => Promise.resolve(true) } : { partial, budget: most }
}

async function settled(run: Promise<BuildResult>): Promise<BuildResult> {
  try {
    return await run
  } catch (error) {
    if (error instanceof BuildError) return error.result
    throw error
  }
}

function pendingEvent(seen: Standing, options: WatchOptions): WatchEvent {
  const { pending, today, spent, open, images, problems, notes } = seen
  return {
    type: 'pending',
    pending,
    total: creditsOfAll(pending),
    today,
    spent,
    limit: sessionLimit(
      options,
      seen.budget,
      options.buy === undefined || options.buy === false ? 'person' : 'session',
    ),
    images,
    open: open.images,
    problems,
    notes,
  }
}

function sharedOptions(options: WatchOptions): BuildOptions {
  const { cwd, manifest, environment, clock, allowUnknownPrices, concurrency, service, graceMs } = options
  const given = { cwd, manifest, environment, clock, allowUnknownPrices, concurrency, service, graceMs }
  // Members that were left out are left out again.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as BuildOptions
}
