import { finish } from './build/finish.ts'
import { look } from './build/look.ts'
import type { ReadOptions } from './build/options.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import { BuildError } from './core/build-error.ts'
import type { BuildResult } from './core/build-error.ts'

/**
 * Says what a build would do. Opens no socket, needs no key, writes nothing. `result.plan` holds the jobs and also the
 * problems of single images; throws `BuildError` only when there can be no plan at all.
 */
export async function plan(options: ReadOptions = {}): Promise<BuildResult> {
  const session = openSession(options)
  try {
    const seen = await look(session)
    const nothing = { plan: null, lock: null, inputs: [], notes: [] }
    if ('problems' in seen) return finish(session, { ...nothing, problems: seen.problems }, {})
    const { reading, plan: made } = seen
    const result = { plan: made, lock: reading.lock, inputs: reading.inputs, problems: [], notes: made.notes }
    return finish(session, result, { fresh: made.fresh.length, out: reading.manifest.out })
  } catch (error) {
    if (error instanceof BuildError) throw error
    const problems = [machineProblem(error)]
    return finish(session, { plan: null, lock: null, inputs: [], notes: [], problems }, {})
  }
}
