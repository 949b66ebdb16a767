import { resolve } from 'node:path'
import type { BuildResult } from '../core/build-error.ts'
import type { BuildEvent } from '../core/events.ts'
import type { Note, Problem } from '../core/problems.ts'
import { systemClock } from '../effects/clock.ts'
import type { Clock } from '../effects/clock.ts'
import type { ReadOptions } from './options.ts'
import { locateProject } from './project.ts'
import type { Project } from './project.ts'
import type { Mode, Reading } from './reading.ts'
import type { RunResult } from '../run/tally.ts'

/** One call of `build`, `plan` or `check`: its options with their defaults. */
export interface Session {
  readonly cwd: string
  readonly project: Project
  readonly mode: Mode
  /** May the project be changed? A conflict in the lock is merged only by those who write it down. */
  readonly writes: boolean
  readonly only: readonly string[]
  readonly clock: Clock
  readonly startedMs: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onEvent: (event: BuildEvent) => void
}

export function openSession(options: ReadOptions, writes = false): Session {
  const clock = options.clock ?? systemClock
  return {
    cwd: resolve(options.cwd ?? '.'),
    project: locateProject(options),
    mode: options.draft === true ? 'sketch' : options.emulator === true ? 'emulator' : 'real',
    writes,
    only: options.only ?? [],
    clock,
    startedMs: clock.now(),
    environment: options.environment ?? process.env,
    onEvent: options.onEvent ?? (() => undefined),
  }
}

/** What a run came to, beside its result. */
export type Done = Partial<Omit<RunResult, 'entries' | 'problems'>> & {
  readonly fresh?: number
  readonly out?: string
  readonly placeOf?: Reading['placeOf']
}

/** Tells the end. What is said of an image says where the manifest names it. */
export function tellEnd(session: Session, result: BuildResult, done: Done): BuildResult {
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
  return { ...result, problems, notes }
}

function placed(problem: Problem, placeOf?: Reading['placeOf']): Problem {
  if (problem.place || problem.image === undefined) return problem
  const place = placeOf?.(problem.image)
  return place ? { ...problem, place } : problem
}

/** The same problem told twice (by a purchase and by the plan after it) is one problem. */
export function distinct<T extends Problem | Note>(problems: readonly T[]): readonly T[] {
  const seen = new Set<string>()
  return problems.filter((problem) => {
    const name = `${problem.code} ${problem.image ?? problem.message} ${problem.place?.line ?? ''}:${problem.place?.column ?? ''}`
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}

/** What the quick answer of the next run depends on beside the files. */
export function askedOf({ mode, project }: Pick<Session, 'mode' | 'project'>): string {
  return `${mode} ${project.manifestName}`
}
