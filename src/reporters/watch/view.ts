import type { Pending } from '../../core/pending.ts'
import type { Problem } from '../../core/problems.ts'
import type { PendingEvent, WatchEvent } from '../../watch/options.ts'
import { NO_PROGRESS, advance } from '../progress.ts'
import type { Progress } from '../progress.ts'

/** What a watch shows at the foot of the terminal. */
export interface WatchView {
  readonly progress: Progress
  /** How things stood last; null before the first pass. */
  readonly standing: PendingEvent | null
  /** What is wrong with manifest, config or lock now; empty when they can be read. */
  readonly broken: readonly Problem[]
  readonly question: Question | null
  readonly closing: boolean
}

/** What the person is asked: which images, or whether they are sure. */
export type Question =
  | { readonly type: 'which'; readonly what: 'buy' | 'reroll'; readonly text: string }
  | { readonly type: 'sure'; readonly entries: readonly Pending[]; readonly open: readonly string[] }

export const NEW_VIEW: WatchView = {
  progress: NO_PROGRESS,
  standing: null,
  broken: [],
  question: null,
  closing: false,
}

/** The view after one more event. */
export function viewAfter(view: WatchView, event: WatchEvent, nowMs: number): WatchView {
  switch (event.type) {
    case 'pending':
      return { ...view, standing: event, broken: [], question: stillAsked(view.question, event) }
    case 'broken':
      return { ...view, broken: event.problems, question: null }
    case 'finished':
      return { ...view, progress: NO_PROGRESS }
    case 'watching':
    case 'changed':
    case 'rebuilt':
    case 'held-back':
    case 'withdrawn':
    case 'closed':
      return view
    default:
      return { ...view, progress: advance(view.progress, event, nowMs) }
  }
}

/** A question about words or prices that are other ones by now is not answered for the person. */
function stillAsked(question: Question | null, { pending }: PendingEvent): Question | null {
  if (question?.type !== 'sure') return question
  const now = new Set(
    pending.flatMap(({ purchases, credits }) => purchases.map((key) => `${key} ${credits}`)),
  )
  const same = question.entries.every(({ purchases, credits }) =>
    purchases.every((key) => now.has(`${key} ${credits}`)),
  )
  return same ? question : null
}
