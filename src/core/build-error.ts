import type { Lock } from './lock.ts'
import type { Plan } from './plan.ts'
import { exitCodeOf } from './problems.ts'
import type { ExitCode, Note, Problem } from './problems.ts'

/** What a build came to. */
export interface BuildResult {
  /** Null when the run ended before there was a plan, or when nothing had changed; of the changed images alone when the others were not read. */
  readonly plan: Plan | null
  /** The lock as it is on disk now; null when it was not read, or not all of it. */
  readonly lock: Lock | null
  /** Files the answer depends on, relative to the project: what a watcher should watch. */
  readonly inputs: readonly string[]
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
}

/** Thrown once, with every problem and everything that was done all the same. What was paid for is saved. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly problems: readonly Problem[]
  readonly result: BuildResult
  readonly exitCode: ExitCode

  constructor(result: BuildResult) {
    const [first] = result.problems
    const more = result.problems.length > 1 ? ` (and ${result.problems.length - 1} more)` : ''
    super(`${first?.message ?? 'the build failed'}${more}`)
    this.problems = result.problems
    this.result = result
    this.exitCode = exitCodeOf(result.problems)
  }
}
