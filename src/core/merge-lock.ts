import { emptyLock } from './lock.ts'
import type { Lock, LockImage, LockRecord } from './lock.ts'

/**
 * Merges two locks image by image against what both began with (null when nobody knows). Symmetrical and idempotent,
 * so that two machines come to the same bytes. Where both sides bought, one picture counts and the other is kept in
 * `others`: words that come back from either branch are not paid for again.
 */
export function mergeLocks(base: Lock | null, ours: Lock, theirs: Lock): Lock {
  const from = base ?? emptyLock(ours.manifest)
  const ids = new Set([...from.images.keys(), ...ours.images.keys(), ...theirs.images.keys()])
  const images = new Map<string, LockImage>()
  for (const id of [...ids].sort()) {
    const merged = mergeImages(from.images.get(id), ours.images.get(id), theirs.images.get(id))
    if (merged) images.set(id, merged)
  }
  const manifest =
    settled(base?.manifest, ours.manifest, theirs.manifest) ?? later(ours.manifest, theirs.manifest)
  const url = settled(base?.url, ours.url, theirs.url) ?? later(ours.url, theirs.url)
  return { manifest, url, images }
}

type Maybe<T> = T | undefined

function mergeImages(
  base: Maybe<LockImage>,
  ours: Maybe<LockImage>,
  theirs: Maybe<LockImage>,
): Maybe<LockImage> {
  if (same(ours, theirs) || same(theirs, base)) return ours
  if (same(ours, base)) return theirs
  // Taken out on one side and changed on the other: what was changed stays.
  if (!ours || !theirs) return ours ?? theirs
  const bought = mergeRecords(base?.bought, ours.bought, theirs.bought)
  const refused = settled(base?.refused, ours.refused, theirs.refused) ?? later(ours.refused, theirs.refused)
  return {
    alt: settled(base?.alt, ours.alt, theirs.alt) ?? later(ours.alt, theirs.alt),
    decorative:
      settled(base?.decorative, ours.decorative, theirs.decorative) ?? (ours.decorative || theirs.decorative),
    variants:
      settled(base?.variants, ours.variants, theirs.variants) ?? later(ours.variants, theirs.variants),
    bought,
    draft: mergeDrafts(base, ours, theirs),
    refused: refused === bought?.request ? null : refused,
    others: mergeOthers(base, { ours, theirs }, bought),
  }
}

function mergeRecords(
  base: Maybe<LockRecord | null>,
  ours: LockRecord | null,
  theirs: LockRecord | null,
): LockRecord | null {
  if (!ours || !theirs) return ours ?? theirs
  return settled(base, ours, theirs) ?? later(ours, theirs)
}

/** A stand-in that one side replaced by the picture is over. */
function mergeDrafts(base: Maybe<LockImage>, ours: LockImage, theirs: LockImage): LockImage['draft'] {
  if (same(ours.draft, theirs.draft) || same(theirs.draft, base?.draft ?? null)) return ours.draft
  if (same(ours.draft, base?.draft ?? null)) return theirs.draft
  return ours.draft && theirs.draft ? later(ours.draft, theirs.draft) : null
}

/** Every picture that either side brought and that does not count now; one that a side let go on purpose is gone. */
function mergeOthers(
  base: Maybe<LockImage>,
  { ours, theirs }: { readonly ours: LockImage; readonly theirs: LockImage },
  bought: LockRecord | null,
): readonly LockRecord[] {
  const before = picturesOf(base)
  const [mine, yours] = [picturesOf(ours), picturesOf(theirs)]
  const kept = new Map<string, LockRecord>()
  for (const [name, record] of [...mine, ...yours]) {
    if (before.has(name) && !(mine.has(name) && yours.has(name))) continue
    const known = kept.get(name)
    kept.set(name, known ? later(known, record) : record)
  }
  if (bought) kept.delete(nameOf(bought))
  return [...kept].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, record]) => record)
}

function picturesOf(image: Maybe<LockImage>): ReadonlyMap<string, LockRecord> {
  const records = [...(image?.others ?? []), ...(image?.bought ? [image.bought] : [])]
  return new Map(records.map((record) => [nameOf(record), record]))
}

function nameOf({ request, original }: LockRecord): string {
  return `${request} ${original.sha256}`
}

/** The side that changed, when only one did or both did alike; else undefined. */
function settled<T>(base: Maybe<T>, ours: T, theirs: T): Maybe<T> {
  if (same(ours, theirs)) return ours
  if (base === undefined) return undefined
  if (same(ours, base)) return theirs
  return same(theirs, base) ? ours : undefined
}

/** Which of two is taken must not hang on whose is called ours. */
function later<T>(one: T, other: T): T {
  return printed(one) < printed(other) ? other : one
}

function same(one: unknown, other: unknown): boolean {
  return printed(one) === printed(other)
}

function printed(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
