import { plan as makePlan } from '../core/plan.ts'
import { matchIds } from '../core/match-ids.ts'
import type { Problem } from '../core/problems.ts'
import { observe } from '../effects/observe.ts'
import { readState } from '../effects/state.ts'
import { readWorld } from './read-world.ts'
import type { Look, Reading } from './reading.ts'
import type { Session } from './session.ts'

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
