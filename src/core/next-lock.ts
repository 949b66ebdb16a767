import type { Derivation } from './derivation.ts'
import { heldOf, HeldImages } from './held-images.ts'
import type { HeldImage } from './held-images.ts'
import { ownedPaths } from './lock.ts'
import type { Lock, LockImage, LockOutput, LockRecord } from './lock.ts'
import type { Plan } from './plan.ts'
import { oversizeIn } from './too-large.ts'

/** The lock with what is known of its images by now; images not in `entries` stay as they were. */
export function nextLock(
  lock: Lock,
  plan: Plan,
  entries: ReadonlyMap<string, LockImage>,
  options: { readonly prune: boolean },
): Lock {
  const images = new Map<string, HeldImage>()
  for (const [id, image] of lock.images) {
    if (plan.images.has(id) || !options.prune) images.set(id, image)
  }
  for (const [id, entry] of heldOf(entries)) {
    if (typeof entry === 'string' || entry.bought || entry.draft || entry.refused !== null)
      images.set(id, entry)
  }
  return { ...lock, images: new HeldImages(images) }
}

/** Files that the old lock owned and the new one does not name. */
export function supersededBy(before: Lock, after: Lock): readonly LockOutput[] {
  if (before.images.size === 0) return []
  const named = new Set<string>()
  for (const image of after.images.values()) for (const { path } of ownedPaths(image)) named.add(path)
  return [...before.images.values()].flatMap(ownedPaths).filter((output) => !named.has(output.path))
}

/** Every path the lock owns. */
export function ownedBy(lock: Lock): ReadonlyMap<string, LockOutput> {
  const owned = new Map<string, LockOutput>()
  for (const image of lock.images.values()) {
    for (const output of ownedPaths(image)) owned.set(output.path, output)
  }
  return owned
}

/**
 * The lock as it would be if every planned file came out as the lock already says: equal to the old one exactly when
 * a frozen run may go ahead. Null when something would have to be bought, drawn or made that the lock does not know.
 */
export function lockWithoutChange(lock: Lock, plan: Plan): Lock | null {
  if (plan.jobs.some((job) => job.kind !== 'derive')) return null
  const owned = ownedBy(lock)
  const order = new Map<string, number>()
  for (const path of owned.keys()) order.set(path, order.size)
  const entries = new Map(plan.kept)
  const derivations = [
    ...plan.fresh,
    ...plan.jobs.flatMap((job) => (job.kind === 'derive' ? [job.derivation] : [])),
  ]
  for (const derivation of derivations) {
    const record = asLocked(derivation, { owned, order })
    if (!record) return null
    entries.set(derivation.image.id, entryOf(derivation, record, lock))
  }
  return nextLock(lock, plan, entries, { prune: false })
}

/** The entry of an image with its files: a real picture ends its stand-in, and one of the present words any refusal; a stand-in stands beside what was bought. */
export function entryOf(
  derivation: Pick<Derivation, 'image' | 'draft'>,
  record: LockRecord,
  lock: Lock,
): LockImage {
  const { image, draft } = derivation
  // Not spread: V8 gave each entry a hidden class of its own then, a third of a kilobyte.
  const { alt, decorative, variants } = image
  const earlier = lock.images.get(image.id)
  const others = earlier?.others ?? []
  if (draft === null) {
    const left = others.filter(({ original }) => original.sha256 !== record.original.sha256)
    const inStep = record.request === image.requestKey || record.declared === image.declared
    const refused = inStep ? null : (earlier?.refused ?? null)
    return { alt, decorative, variants, bought: record, draft: null, refused, others: left }
  }
  return {
    alt,
    decorative,
    variants,
    bought: earlier?.bought ?? null,
    draft: { ...record, by: draft },
    refused: earlier?.refused ?? null,
    others,
  }
}

/** The record of a derivation that found out nothing new. */
export function recordWith(derivation: Derivation, outputs: readonly LockOutput[]): LockRecord {
  const { record, dropped, focus, placeholder } = derivation
  return { ...record, outputs, dropped, tooLarge: oversizeIn(derivation.tooLarge), focus, placeholder }
}

function asLocked(
  derivation: Derivation,
  {
    owned,
    order,
  }: { readonly owned: ReadonlyMap<string, LockOutput>; readonly order: ReadonlyMap<string, number> },
): LockRecord | null {
  const made: LockOutput[] = []
  for (const wanted of derivation.wanted) {
    const locked = owned.get(wanted.path)
    const same = wanted.reason === 'output missing' || wanted.reason === 'output changed on disk'
    if (!locked || !same) return null
    made.push(locked)
  }
  const outputs = [...derivation.intact, ...made].sort(
    (a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0),
  )
  return recordWith(derivation, outputs)
}
