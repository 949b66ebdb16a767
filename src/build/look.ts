import type { Lock } from '../core/lock.ts'
import { plan as makePlan } from '../core/plan.ts'
import type { Plan } from '../core/plan.ts'
import { matchIds } from '../core/match-ids.ts'
import type { Problem } from '../core/problems.ts'
import { observe } from '../effects/observe.ts'
import type { Observation } from '../effects/observe.ts'
import { readState } from '../effects/state.ts'
import { readWorld } from './read-world.ts'
import type { Reading } from './read-world.ts'
import type { Session } from './session.ts'

/** All that is known before anything is done: what was read, what is on disk, what to do. */
export interface Look {
  readonly reading: Reading
  readonly observation: Observation
  readonly plan: Plan
}

/** How many images are right as they are, those that were not read among them. */
export function freshIn({ plan, reading }: Pick<Look, 'plan' | 'reading'>): number {
  return plan.fresh.length + (reading.rest?.images ?? 0)
}

/** A lock to answer with; null where only a part of it was read. */
export function wholeLock({ rest, lock }: Pick<Reading, 'rest' | 'lock'>): Lock | null {
  return rest ? null : lock
}

/** Reads, looks and thinks. Opens no socket and needs no key. */
export async function look(
  session: Session,
  options: { readonly files: boolean } = { files: true },
): Promise<Look | { readonly problems: readonly Problem[] }> {
  const reading = await readWorld(session.project, session)
  if ('problems' in reading) return reading
  const matched = matchIds(
    session.only,
    reading.manifest.images.map((image) => image.id),
  )
  if ('problem' in matched) return { problems: [matched.problem] }
  return lookAgain(reading, matched.ids, options)
}

/** Looks at the disk and plans anew for what was already read. */
export function lookAgain(
  reading: Reading,
  only: ReadonlySet<string> | null,
  options: { readonly files: boolean } = { files: true },
): Look {
  const state = readState(reading.project.statePath)
  const observation = observe({ ...reading, state, files: options.files })
  const { manifest, unsupported, lock, providers, mode } = reading
  const plan = makePlan({
    manifest,
    unsupported,
    lock,
    facts: observation.facts,
    providers,
    policy: { mode, only },
  })
  return { reading, observation, plan: { ...plan, notes: [...reading.notes, ...plan.notes] } }
}
