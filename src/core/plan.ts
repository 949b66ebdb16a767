import { decide, sketched } from './decide.ts'
import type { Decision, PlanInput } from './decide.ts'
import { copiesOf } from './copies.ts'
import type { Copies } from './copies.ts'
import { derive } from './derivation.ts'
import type { Derivation } from './derivation.ts'
import { recordOf } from './find-original.ts'
import type { Image } from './image.ts'
import { wordsOf } from './lock.ts'
import type { LockImage, LockRecord } from './lock.ts'
import type { Note, Problem } from './problems.ts'
import { purchasesOf } from './plan-purchases.ts'
import type { BuyJob } from './plan-purchases.ts'
import { tooLargeProblem } from './too-large.ts'

/** One thing to do. Each carries its reason in words. */
export type Job =
  | BuyJob
  /** Draws a sketch as a stand-in and makes its files. */
  | { readonly kind: 'draft'; readonly image: string; readonly reason: string }
  /** Makes, restores or copies files of an original that is here. */
  | {
      readonly kind: 'derive'
      readonly image: string
      readonly reason: string
      readonly derivation: Derivation
    }

/** What a run would do, as plain data. Made without a socket, a clock or a key. */
export interface Plan {
  readonly jobs: readonly Job[]
  /** Images whose files are all right as they are. */
  readonly fresh: readonly Derivation[]
  /** Images that keep what the lock says of them, whatever happens to the others. */
  readonly kept: ReadonlyMap<string, LockImage>
  /** Ids in the lock that the manifest no longer names. */
  readonly orphans: readonly string[]
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  /** Credits that all purchases reserve; null when a price is unknown. */
  readonly credits: number | null
  readonly images: ReadonlyMap<string, Image>
  readonly copies: Copies
  /** The ids it was limited to; null is all. */
  readonly only: ReadonlySet<string> | null
}

/** Works out what is missing. Pure: the same input gives the same plan. */
export function plan(input: PlanInput): Plan {
  const copies = copiesOf(input.lock, input.facts)
  const images = new Map(input.manifest.images.map((image) => [image.id, standing(image, input)]))
  const decisions = decideAll(input, images)
  const problems: Problem[] = []
  const notes: Note[] = []
  const kept = new Map<string, LockImage>()
  const fresh: Derivation[] = []
  const work: Job[] = []
  for (const [id, decision] of decisions) {
    problems.push(...decision.problems)
    const image = images.get(id)
    notes.push(...decision.notes, ...(image ? lapsedNote(image) : []))
    const earlier = input.lock.images.get(id)
    if (!image || decision.type === 'buy') continue
    if (decision.type === 'keep') {
      const entry = earlier ?? { ...wordsOf(image), bought: null, draft: null, refused: null, others: [] }
      const refused = decision.refused ?? entry.refused
      const words = wordsOf(decision.untouched ? entry : image)
      if (earlier || refused !== null) kept.set(id, { ...entry, ...words, refused })
    } else if (decision.type === 'draft') {
      work.push({ kind: 'draft', image: id, reason: decision.reason })
    } else {
      const record = decision.basis.draft === null ? earlier?.bought : earlier?.draft
      const derivation = derive(image, decision.basis, record ?? null, { facts: input.facts, copies })
      work.push(...deriveJobs(derivation, { input, fresh, problems, kept }))
    }
  }
  const purchases = purchasesOf(decisions, images, input)
  const orphans = [...input.lock.images.keys()].filter((id) => !images.has(id))
  return {
    jobs: [...purchases.jobs, ...work],
    fresh,
    kept,
    orphans,
    problems: [...problems, ...purchases.problems],
    notes: [...notes, ...orphans.map(orphanNote)],
    credits: purchases.credits,
    images,
    copies,
    only: input.policy.only,
  }
}

function standing(image: Image, { lock, policy }: PlanInput): Image {
  const entry = lock.images.get(image.id)
  return withStandingPick(image, entry ? recordOf(entry, policy.mode) : null)
}

/**
 * The image with the pick that counts. A pick counts for the words it was made on: when they change it lapses, and the
 * first candidate is shown. The lock remembers it, so that it counts again when the old words come back.
 *
 *   pick made ──words change──▶ lapsed ──another pick, or `pixelkiln pick` once more──▶ counts for the present words
 *       ▲                         │
 *       └────the old words────────┘
 */
function withStandingPick(image: Image, record: LockRecord | null): Image {
  const { pick, requestKey, declared } = image
  if (pick === 1 || record === null || image.from !== null) return image
  const { lapsed } = record
  if (lapsed?.pick === pick) return lapsed.request === requestKey ? image : { ...image, pick: 1, lapsed }
  const inStep = record.request === requestKey || record.declared === declared
  if (inStep || record.pick !== pick) return image
  return { ...image, pick: 1, lapsed: { pick, request: record.request } }
}

/** Says that a pick does not count for the present words. */
function lapsedNote({ id, lapsed, pin }: Image): readonly Note[] {
  if (lapsed === undefined || pin !== null) return []
  const message = `${id}: "pick: ${lapsed.pick}" was made for earlier words, so candidate 1 of the present ones is shown. "pixelkiln pick ${id} N" chooses among them.`
  return [{ code: 'image/pick-lapsed', message, image: id }]
}

/** Decides every image; a `from` image stands on the decision of the one it is cut from. */
function decideAll(input: PlanInput, images: ReadonlyMap<string, Image>): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  const world = decide(input)
  for (const image of images.values()) {
    if (image.from === null) decisions.set(image.id, world(image))
  }
  for (const image of images.values()) {
    const base = image.from === null ? undefined : images.get(image.from)
    if (!base) continue
    const whole = decisions.get(base.id) ?? world(base)
    // A sketch is drawn in the shape that is wanted, so a crop has one of its own.
    const isSketch = whole.type === 'have' && whole.basis.draft === 'sketch'
    const decided = isSketch ? sketched(image, input.lock.images.get(image.id)) : whole
    // Problems and notes of the words were told at the base.
    decisions.set(
      image.id,
      input.policy.only?.has(image.id) === false ? world(image) : { ...decided, problems: [], notes: [] },
    )
  }
  return decisions
}

function deriveJobs(
  derivation: Derivation,
  into: {
    readonly input: PlanInput
    readonly fresh: Derivation[]
    readonly problems: Problem[]
    readonly kept: Map<string, LockImage>
  },
): Job[] {
  const id = derivation.image.id
  if (derivation.wanted.length === 0) {
    into.fresh.push(derivation)
    if (derivation.tooLarge.length > 0) into.problems.push(tooLargeProblem(id, derivation.tooLarge))
    return []
  }
  const first = derivation.wanted[0]
  const reason = first?.reason ?? 'new picture'
  if (derivation.draft === 'sketch') return [{ kind: 'draft', image: id, reason }]
  const needsOriginal = derivation.wanted.some((output) => output.copyOf === null)
  const fact = into.input.facts.originals.get(derivation.record.original.sha256)
  if (needsOriginal && fact !== 'present') {
    into.problems.push(missingOriginal(derivation, fact, reason))
    const earlier = into.input.lock.images.get(id)
    if (earlier) into.kept.set(id, earlier)
    return []
  }
  return [{ kind: 'derive', image: id, reason, derivation }]
}

function missingOriginal(
  derivation: Derivation,
  fact: 'present' | 'lfs-pointer' | 'damaged' | undefined,
  reason: string,
): Problem {
  const { image, record } = derivation
  const short = record.original.sha256.slice(0, 12)
  const why =
    fact === 'lfs-pointer'
      ? 'the store has only a Git LFS pointer for it; run "git lfs pull"'
      : fact === 'damaged'
        ? 'its file in the store is damaged; restore it from version control'
        : 'it is not in the store (.pixelkiln/originals); restore it from version control or from the machine that bought it'
  return {
    code: fact === 'damaged' ? 'store/damaged' : 'store/original-missing',
    message: `${image.id} needs its original ${short}… (${reason}), but ${why}. It was paid for, so it is not bought again; to buy a new picture on purpose, raise its "reroll".`,
    image: image.id,
  }
}

function orphanNote(id: string): Note {
  return {
    code: 'lock/orphan',
    message: `${id} is in the lock but no longer in the manifest. Its files stay until "pixelkiln prune".`,
    image: id,
  }
}
