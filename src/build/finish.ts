import { BuildError } from '../core/build-error.ts'
import type { BuildResult } from '../core/build-error.ts'
import type { Problem } from '../core/problems.ts'
import type { RunResult } from '../run/tally.ts'
import type { Reading } from './read-world.ts'
import { distinct } from './session.ts'
import type { Session } from './session.ts'

/** Tells the end, then returns the result or throws the one `BuildError`. What is said of an image says where the manifest names it. */
export function finish(
  session: Session,
  result: BuildResult,
  done: Partial<Omit<RunResult, 'entries' | 'problems'>> & {
    readonly fresh?: number
    readonly out?: string
    readonly placeOf?: Reading['placeOf']
  },
): BuildResult {
  const problems = distinct(result.problems.map((problem) => placed(problem, done.placeOf)))
  const notes = distinct(result.notes)
  session.onEvent({
    type: 'finished',
    ok: problems.length === 0,
    bought: done.bought ?? 0,
    credits: done.credits ?? 0,
    encoded: done.encoded ?? 0,
    fresh: done.fresh ?? 0,
    drafts: done.drafts ?? 0,
    bytes: done.bytes ?? 0,
    seconds: (session.clock.now() - session.startedMs) / 1000,
    problems,
    notes,
    out: done.out ?? '',
  })
  const whole = { ...result, problems, notes }
  if (problems.length > 0) throw new BuildError(whole)
  return whole
}

function placed(problem: Problem, placeOf?: Reading['placeOf']): Problem {
  if (problem.place || problem.image === undefined) return problem
  const place = placeOf?.(problem.image)
  return place ? { ...problem, place } : problem
}
