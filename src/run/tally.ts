import type { BuildEvent } from '../core/events.ts'
import { HeldImages } from '../core/held-images.ts'
import type { HeldImage } from '../core/held-images.ts'
import type { Lock, LockImage, LockRecord } from '../core/lock.ts'
import { entryOf, recordWith } from '../core/next-lock.ts'
import type { Plan } from '../core/plan.ts'
import { printBlock } from '../core/print-lock.ts'
import type { Note, Problem } from '../core/problems.ts'
import { lazyBlocks } from '../core/read-lock-blocks.ts'

/** What a run came to. */
export interface RunResult {
  readonly entries: ReadonlyMap<string, LockImage>
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  readonly bought: number
  readonly credits: number
  readonly encoded: number
  readonly drafts: number
  readonly bytes: number
}

/** Counts what happened; the one place of a run that changes. */
export interface Tally {
  readonly entries: ReadonlyMap<string, LockImage>
  readonly problem: (problem: Problem) => void
  readonly note: (note: Note) => void
  readonly made: (
    id: string,
    entry: LockImage,
    made: { outputs: number; bytes: number; draft: boolean },
  ) => Promise<void>
  /** More takes of an image's words are there than when its entry was made. */
  readonly counted: (id: string, candidates: number) => Promise<void>
  readonly paid: (pictures: number, credits: number | null) => void
  readonly result: () => RunResult
}

/** Opens the count of a run, with what the plan found fresh or keeps. `onEntry` is told after each image, with the lock's entries as they would be now. */
export function createTally(
  plan: Plan,
  context: {
    readonly lock: Lock
    readonly onEvent: (event: BuildEvent) => void
    readonly onEntry: (entries: ReadonlyMap<string, LockImage>) => Promise<void>
  },
): Tally {
  const held = new Map<string, HeldImage>(plan.kept)
  for (const derivation of plan.fresh) {
    const whole = recordWith(derivation, derivation.intact)
    held.set(derivation.image.id, entryOf(derivation, whole, context.lock))
  }
  const entries = new HeldImages(held)
  const hold = holding(held)
  const problems: Problem[] = []
  const notes: Note[] = []
  const most = new Map<string, number>()
  const count = { bought: 0, credits: 0, encoded: 0, drafts: 0, bytes: 0 }
  return {
    entries,
    problem: (problem) => {
      problems.push(problem)
      context.onEvent({ type: 'problem', problem })
    },
    note: (note) => notes.push(note),
    made: async (id, entry, { outputs, bytes, draft }) => {
      hold(id, entry)
      count.encoded += outputs
      count.bytes += bytes
      if (draft && entry.draft?.by === 'sketch') count.drafts += 1
      const smallest = smallestOf(draft ? entry.draft : entry.bought)
      if (outputs > 0) context.onEvent({ type: 'encoded', image: id, outputs, bytes, draft, smallest })
      await context.onEntry(entries)
    },
    counted: async (id, candidates) => {
      most.set(id, Math.max(most.get(id) ?? 0, candidates))
      await context.onEntry(entries)
    },
    paid: (pictures, credits) => {
      count.bought += pictures
      count.credits += credits ?? 0
    },
    result: () => {
      for (const [id, candidates] of most) {
        const entry = entries.get(id)
        if (entry) hold(id, withCandidates(entry, candidates))
      }
      return { entries, problems, notes, ...count }
    },
  }
}

/** Keeps what is made as its block of the lock where that is one which can be read back. */
function holding(held: Map<string, HeldImage>): (id: string, entry: LockImage) => void {
  const lazyBlock = lazyBlocks()
  return (id, entry) => {
    const block = printBlock(id, entry)
    held.set(id, lazyBlock(block, 0)?.end === block.length ? block : entry)
  }
}

function withCandidates(entry: LockImage, candidates: number): LockImage {
  const { bought, draft } = entry
  if (draft) return { ...entry, draft: { ...draft, candidates: Math.max(draft.candidates, candidates) } }
  return bought
    ? { ...entry, bought: { ...bought, candidates: Math.max(bought.candidates, candidates) } }
    : entry
}

function smallestOf(record: LockRecord | null): { readonly path: string; readonly bytes: number } | null {
  const [first, ...others] = record?.outputs ?? []
  if (!first) return null
  const { path, bytes } = others.reduce(
    (least, output) => (output.bytes < least.bytes ? output : least),
    first,
  )
  return { path, bytes }
}
