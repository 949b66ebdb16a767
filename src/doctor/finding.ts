import type { Problem } from '../core/problems.ts'

/** What is looked at, in the order it is told. */
export type CheckName =
  | 'node'
  | 'sharp'
  | 'threads'
  | 'config'
  | 'manifest'
  | 'lock'
  | 'journal'
  | 'folders'
  | 'git'
  | 'proxy'
  | 'key'
  | 'account'
  | 'models'

/** One thing that was looked at: how it is, and what to do where it is not well. Holds no secret. */
export interface Finding {
  readonly check: CheckName
  /** `note`: worth knowing; `warning`: works, and will hurt; `error`: does not work. */
  readonly level: 'ok' | 'note' | 'warning' | 'error'
  readonly message: string
  /** What to do; absent where nothing has to be done, or where the message says it. */
  readonly remedy?: string
  /** Ids of the images it is about. */
  readonly images?: readonly string[]
  /** The problem as every other command would tell it. */
  readonly problem?: Problem
  /** An error of the network or of the service: trying again may help. */
  readonly network?: true
}

/** A problem as a finding; its own text says what to do. */
export function findingOf(check: CheckName, problem: Problem, level: Finding['level'] = 'error'): Finding {
  const { message, image } = problem
  return { check, level, message, problem, ...(image === undefined ? {} : { images: [image] }) }
}

/** A number and its noun. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

/** Some ids in a sentence: at most five by name. */
export function idList(ids: readonly string[]): string {
  const more = ids.length - 5
  return more > 0 ? `${ids.slice(0, 5).join(', ')} and ${more} more` : ids.join(', ')
}
