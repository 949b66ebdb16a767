import type { Place } from './source.ts'

/** Exit codes of the command line; a problem carries the one it asks for. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 130

/** Every expected failure: its exit code. The texts stand where the problem is made; the README explains each code. */
export const PROBLEM_EXITS = {
  'manifest/missing': 2,
  'manifest/unreadable': 2,
  'manifest/syntax': 2,
  'manifest/duplicate-key': 2,
  'manifest/alias-bomb': 2,
  'manifest/unknown-key': 2,
  'manifest/missing-key': 2,
  'manifest/wrong-type': 2,
  'manifest/wrong-value': 2,
  'manifest/version': 2,
  'manifest/secret': 2,
  'manifest/comment-in-text': 2,
  'manifest/not-yet': 2,
  'image/id': 2,
  'image/id-clash': 2,
  'image/path-clash': 2,
  'image/style-unknown': 2,
  'image/model-unknown': 2,
  'image/aspect': 2,
  'image/setting': 2,
  'image/prompt-length': 2,
  'image/variable': 2,
  'image/matrix': 2,
  'image/from': 2,
  'image/variant': 2,
  'image/pick': 2,
  'image/pin-unknown': 4,
  'image/not-a-picture': 2,
  'edit/not-possible': 2,
  'lock/unreadable': 2,
  'lock/conflict': 2,
  'lock/duplicate': 2,
  'lock/newer': 2,
  'lock/other-manifest': 2,
  'lock/moved': 2,
  'journal/damaged': 2,
  'journal/newer': 2,
  'store/original-missing': 4,
  'store/damaged': 4,
  'output/not-ours': 4,
  'output/outside': 2,
  'output/too-large': 4,
  'stale/pending': 3,
  'stale/draft': 3,
  'stale/orphan': 3,
  'stale/output': 3,
  'stale/lock': 3,
  'stale/emitted': 3,
  'stale/page': 3,
  'purchase/refused': 4,
  'purchase/rejected': 4,
  'purchase/failed': 4,
  'purchase/incomplete': 4,
  'purchase/in-doubt': 7,
  'purchase/lost': 7,
  'purchase/not-finished': 4,
  'service/key-missing': 2,
  'service/key-wrong': 2,
  'service/credits': 5,
  'service/unreachable': 4,
  'service/reply': 4,
  'service/base-url': 2,
  'download/failed': 4,
  'download/hostile': 4,
  'download/not-a-picture': 4,
  'budget/exceeded': 5,
  'budget/unknown-price': 5,
  'budget/not-agreed': 5,
  'disk/failed': 4,
  'encode/failed': 4,
  'run/held': 6,
  'run/interrupted': 130,
  'config/unreadable': 2,
  'config/wrong': 2,
  'emit/path': 2,
  'markup/alt-missing': 2,
  'markup/page': 2,
  'usage/wrong': 2,
  'usage/image-unknown': 2,
} as const

export type ProblemCode = keyof typeof PROBLEM_EXITS

/** An expected failure, as data. The code is stable; the wording is not. */
export interface Problem {
  readonly code: ProblemCode
  /** What happened, why, and what to do: plain sentences, never a secret or a whole response body. */
  readonly message: string
  readonly image?: string
  readonly place?: Place
}

/** Something worth saying that fails nothing. */
export interface Note {
  readonly code: string
  readonly message: string
  readonly image?: string
  readonly place?: Place
}

const GRAVEST_FIRST: readonly ExitCode[] = [130, 1, 2, 6, 7, 5, 4, 3, 0]

/** The exit code that several problems ask for together: the gravest wins. */
export function exitCodeOf(problems: readonly Problem[]): ExitCode {
  const codes = new Set<ExitCode>(problems.map((problem) => PROBLEM_EXITS[problem.code]))
  return GRAVEST_FIRST.find((code) => codes.has(code)) ?? 0
}
