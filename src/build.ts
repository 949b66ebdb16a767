import { existsSync } from 'node:fs'
import type { Look } from './build/reading.ts'
import type { BuildOptions } from './build/options.ts'
import { askedOf, openSession, tellEnd } from './build/session.ts'
import type { Session } from './build/session.ts'
import type { BuildResult } from './core/build-error.ts'
import type { Config } from './core/config.ts'
import type { Problem } from './core/problems.ts'
import type { State } from './effects/state.ts'
import { cleanState, unchanged } from './effects/unchanged.ts'
import { TOOL } from './tool.ts'

/**
 * Builds a project: reads, looks, plans, buys what is missing (only with `buy: true`), makes the files, writes the
 * lock. Throws one `BuildError` with all problems; what was paid for is saved by then.
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const session = openSession(options, (options.frozen ?? false) === false)
  const state = options.prune === true || session.only.length > 0 ? null : lastState(session)
  // Everything behind this line is loaded on demand: a run that has nothing to do pays for nothing.
  const quick = quickAnswer(session, state)
  if (quick) return quick
  const { machineProblem } = await import('./build/reading.ts')
  const loosen = await tightFor(session, options)
  try {
    const result = await buildWhole(session, state, options)
    return result === 'is-emulator' ? await build({ ...options, emulator: true }) : result
  } catch (error) {
    return await stop(session, [machineProblem(error)])
  } finally {
    loosen()
  }
}

/**
 * The first run of a project buys all of it, and what it reads before lives as long as what it buys: so garbage is
 * collected sooner from its beginning. A run that has little to do is quicker without.
 */
async function tightFor(session: Session, { buy }: BuildOptions): Promise<() => void> {
  if (buy !== true || existsSync(session.project.stateFolder)) return () => undefined
  const { tightHeap } = await import('./effects/tight-heap.ts')
  return tightHeap()
}

async function buildWhole(
  session: Session,
  state: State | null,
  options: BuildOptions,
): Promise<BuildResult | 'is-emulator'> {
  const short =
    state && !options.purchases
      ? await (await import('./build/look-at-change.ts')).lookAtChange(session, state)
      : null
  const first = short ?? (await lookWhole(session))
  if ('problems' in first) return stop(session, first.problems)
  const { conclude, frozenProblems, hasWork, lockChanges } = await import('./build/conclude.ts')
  const { stillStands } = await import('./build/reading.ts')
  const frozen = isFrozen(options, first.reading.config)
  if (frozen && lockChanges(first))
    return stop(session, [...first.plan.problems, ...frozenProblems(first)], first)
  if (!hasWork(first, frozen ? {} : options)) return conclude(session, first)
  const { hold } = await import('./build/hold-project.ts')
  const held = await hold(session, options)
  if ('problem' in held) return stop(session, [held.problem], first)
  try {
    // Another run may have worked meanwhile, or a person.
    const now = held.waited || !stillStands(first.reading) ? await lookWhole(session) : first
    if ('problems' in now) return await stop(session, now.problems)
    const { work } = await import('./build/work.ts')
    return await work(session, now, frozen ? { ...options, buy: false, frozen } : { ...options, frozen })
  } finally {
    held.release()
  }
}

async function lookWhole(session: Session): Promise<Look | { readonly problems: readonly Problem[] }> {
  const { look } = await import('./build/look.ts')
  return look(session)
}

function isFrozen(options: BuildOptions, config: Config): boolean {
  if (options.frozen !== 'unless-budget') return options.frozen === true
  return options.budget === undefined && config.budget?.run === undefined && config.budget?.day === undefined
}

function lastState(session: Session): State | null {
  return cleanState(session.project.statePath, { tool: TOOL, asked: askedOf(session) })
}

function quickAnswer(session: Session, state: State | null): BuildResult | null {
  const found = unchanged(state, session.project.folder)
  if (!found) return null
  const { images, out, notes } = found
  return tellEnd(session, { plan: null, lock: null, inputs: [], problems: [], notes }, { fresh: images, out })
}

async function stop(session: Session, problems: readonly Problem[], seen?: Look): Promise<BuildResult> {
  const { finish } = await import('./build/finish.ts')
  const { wholeLock } = await import('./build/reading.ts')
  const known = seen
    ? {
        plan: seen.plan,
        lock: wholeLock(seen.reading),
        inputs: seen.reading.inputs,
        notes: seen.plan.notes,
      }
    : { plan: null, lock: null, inputs: [], notes: [] }
  const { manifest, placeOf } = seen?.reading ?? {}
  return finish(
    session,
    { ...known, problems },
    { out: manifest?.out ?? '', ...(placeOf ? { placeOf } : {}) },
  )
}
