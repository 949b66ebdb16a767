import { BuildError } from '../core/build-error.ts'
import type { BuildResult } from '../core/build-error.ts'
import { tellEnd } from './session.ts'
import type { Done, Session } from './session.ts'

/** Tells the end, then returns the result or throws the one `BuildError`. */
export function finish(session: Session, result: BuildResult, done: Done): BuildResult {
  const whole = tellEnd(session, result, done)
  if (whole.problems.length > 0) throw new BuildError(whole)
  return whole
}
