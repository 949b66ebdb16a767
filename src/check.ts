import type { Look } from './build/reading.ts'
import type { ReadOptions } from './build/options.ts'
import { askedOf, openSession, tellEnd } from './build/session.ts'
import type { BuildResult } from './core/build-error.ts'
import { cleanState, unchanged } from './effects/unchanged.ts'
import { TOOL } from './tool.ts'

export interface CheckOptions extends Omit<ReadOptions, 'draft' | 'emulator' | 'only'> {
  /** Stand-ins are fine. Default false. */
  readonly allowDrafts?: boolean
  /** Pictures still to be bought are fine. Default false. */
  readonly allowPending?: boolean
  /** Look at the output files, not only at the lock. Default true. */
  readonly files?: boolean
}

/**
 * Says whether manifest, lock and files agree, by content. Read-only and offline, needs no key. Throws one
 * `BuildError` that tells what is broken and what is pending apart.
 */
export async function check(options: CheckOptions = {}): Promise<BuildResult> {
  const session = openSession(options)
  const { folder, statePath } = session.project
  const found = unchanged(cleanState(statePath, { tool: TOOL, asked: askedOf(session) }), folder)
  // What a build only remarks upon, an orphan for one, may be a problem here; a missing text never is.
  if (found?.notes.every(({ code }) => code === 'alt/missing') === true) {
    const nothing = { plan: null, lock: null, inputs: [], problems: [], notes: found.notes }
    return tellEnd(session, nothing, { fresh: found.images, out: found.out })
  }
  const { finish } = await import('./build/finish.ts')
  const { look } = await import('./build/look.ts')
  const { staleness } = await import('./build/staleness.ts')
  const { staleEmitted } = await import('./build/emit.ts')
  const { machineProblem } = await import('./build/reading.ts')
  const seen: Look | { problems: Look['plan']['problems'] } = await look(session, {
    files: options.files ?? true,
  }).catch((error: unknown) => ({ problems: [machineProblem(error)] }))
  if ('problems' in seen) {
    return finish(session, { plan: null, lock: null, inputs: [], problems: seen.problems, notes: [] }, {})
  }
  const { plan, reading } = seen
  const result = { plan, lock: reading.lock, inputs: reading.inputs, notes: plan.notes }
  const { placeOf } = reading
  const done = { fresh: plan.fresh.length, out: reading.manifest.out, placeOf }
  const emitted = options.files === false ? [] : await staleEmitted(reading, reading.lock)
  return finish(session, { ...result, problems: [...staleness(seen, options), ...emitted] }, done)
}
