import type { World } from './decide.ts'
import type { Basis } from './derivation.ts'
import type { Image } from './image.ts'
import { takesPaidFor } from './journal.ts'
import type { LockImage, LockRecord } from './lock.ts'
import type { Note, Problem } from './problems.ts'
import { UNKNOWN_MODEL } from './provenance.ts'
import { buyReason } from './reasons.ts'
import { indexName } from './take-index.ts'
import type { Take } from './take-index.ts'

/** Where an image's original was found, if anywhere. `known` counts the takes of its words. */
export type Found =
  | { readonly type: 'found'; readonly basis: Basis; readonly known: number; readonly notes: readonly Note[] }
  | { readonly type: 'none' }
  | { readonly type: 'problem'; readonly problem: Problem }

/** The record that counts in a mode: the bought one, or what the emulator delivered in a run of its own. */
export function recordOf(image: LockImage, mode: World['policy']['mode']): LockRecord | null {
  if (mode !== 'emulator') return image.bought
  return image.draft?.by === 'emulator' ? image.draft : null
}

/** Looks for the original of an image's words: pin, then lock (also under other ids), then store. */
export function findOriginal(image: Image, entry: LockImage | undefined, world: World): Found {
  const own = entry ? recordOf(entry, world.policy.mode) : null
  if (image.pin !== null) return findPinned(image, own, world)
  const inStep = own !== null && (own.request === image.requestKey || own.declared === image.declared)
  const locked = inStep
    ? own
    : (world.byRequest.get(image.requestKey) ?? world.byDeclared.get(image.declared) ?? null)
  const { takes, request } = storedTakes(image, locked, world)
  if (locked && world.policy.mode === 'emulator' && !stillThere(locked, world)) return { type: 'none' }
  const known = Math.max(locked?.candidates ?? 0, takes.length)
  if (known === 0) return { type: 'none' }
  const inLock = locked ? { take: locked.pick, original: locked.original, model: locked.model } : null
  const all = inLock ? [inLock, ...takes] : takes
  const paid = takesPaidFor(world.purchases.get(image.requestKey) ?? [])
  const listed = new Map(all.map((take) => [take.original.sha256, take]))
  // The store lists one picture once, also where two takes are that picture.
  const twin = listed.get(paid.get(image.pick) ?? '')
  const picked = all.find(({ take }) => take === image.pick) ?? (twin && { ...twin, take: image.pick })
  // A number that was never bought is another thing than a take that is missing here.
  const incomplete = takes.length < known
  if (!picked && locked && incomplete && image.pick <= known)
    return { type: 'problem', problem: pickMissing(image) }
  // Until the picked one is bought, another take of the same words is shown.
  const shown = picked ?? all[0]
  if (!shown) return { type: 'none' }
  const words = wordsOf(image)
  const basis: Basis = {
    ...words,
    model: shown.model ?? words.model,
    request: locked?.request ?? request,
    original: shown.original,
    // A clone has no journal: it is the lock that tells it of both.
    candidates: [...paid.values()].every((sha256) => listed.has(sha256)) ? Math.max(known, paid.size) : known,
    pick: shown.take,
    draft: world.policy.mode === 'emulator' ? 'emulator' : null,
  }
  return { type: 'found', basis, known, notes: betterRatio(image, basis) }
}

/** A settled purchase of these words whose bytes are gone from the store: an error, never a purchase. */
export function withdrawn(image: Image, world: World): Problem | null {
  const purchase = world.purchasesOf(image).find(({ stored, failed }) => stored && !failed)
  const sha256 = purchase?.stored?.[0]?.sha256
  if (!sha256) return null
  return {
    code: 'store/original-missing',
    message: `${image.id} was bought (original ${sha256.slice(0, 12)}…), but it is no longer in the store (.pixelkiln/originals). Restore the folder from version control or from the machine that bought it; to buy a new picture on purpose, raise its "reroll".`,
    image: image.id,
  }
}

/** The list of what was bought for these words is damaged: where no journal and no lock tells, it would be paid for again. */
export function unlisted(image: Image, world: World): Problem | null {
  const { requestKey } = image
  if (!world.facts.unreadable.has(requestKey)) return null
  return {
    code: 'store/damaged',
    message: `${image.id}: ${indexName(requestKey)} in the store, which lists what was bought for its words, is damaged. Nothing more is bought for them. Restore the file from version control; to buy a new picture on purpose, raise "reroll".`,
    image: image.id,
  }
}

function findPinned(image: Image, own: LockRecord | null, world: World): Found {
  const pin = image.pin ?? ''
  const basis = {
    ...wordsOf(image),
    candidates: own?.candidates ?? 1,
    pick: own?.pick ?? 1,
    draft: world.policy.mode === 'emulator' ? ('emulator' as const) : null,
  }
  if (own?.original.sha256.startsWith(pin)) {
    // The words that the picture was made from stay recorded, so that it shows when they are out of step.
    const { request, declared, parts, model, original } = own
    const found = { ...basis, request, declared, parts, model, original }
    return { type: 'found', basis: found, known: image.candidates, notes: outOfStep(image, own) }
  }
  const stored = world.facts.pinned.get(pin)
  if (stored) {
    const { original, request, declared, take, takes } = stored
    const { parts, model } = { parts: stored.parts ?? image.parts, model: stored.model ?? UNKNOWN_MODEL }
    const words = { request, declared, parts, model, candidates: takes, pick: take }
    const found = { ...basis, ...words, original }
    return { type: 'found', basis: found, known: image.candidates, notes: outOfStep(image, words) }
  }
  const problem: Problem = {
    code: 'image/pin-unknown',
    message: `${image.id} is pinned to ${pin}, and no original in the lock or the store begins with that. "pixelkiln history ${image.id}" lists what there is.`,
    image: image.id,
  }
  return { type: 'problem', problem }
}

function storedTakes(
  image: Image,
  locked: LockRecord | null,
  world: World,
): { readonly takes: readonly Take[]; readonly request: string } {
  const keys = [locked?.request, image.requestKey, world.facts.requestsByDeclared.get(image.declared)]
  for (const request of keys) {
    const takes = request === undefined ? undefined : world.facts.takes.get(request)
    if (request !== undefined && takes && takes.length > 0) return { takes, request }
  }
  return { takes: [], request: image.requestKey }
}

/** Emulator pictures cost nothing: when their bytes are gone and files are missing, they are simply made again. */
function stillThere(record: LockRecord, world: World): boolean {
  if (world.facts.originals.get(record.original.sha256) === 'present') return true
  return record.outputs.every((output) => world.facts.outputs.get(output.path)?.sha256 === output.sha256)
}

function wordsOf(image: Image): Pick<Basis, 'request' | 'declared' | 'parts' | 'model'> {
  const { request, requestKey, declared, parts } = image
  return { request: requestKey, declared, parts, model: `${request.provider}/${request.model}` }
}

function betterRatio(image: Image, basis: Basis): readonly Note[] {
  if (basis.request === image.requestKey) return []
  return [
    {
      code: 'image/asked-otherwise',
      message: `${image.id} would be asked for in another way by this version's model table. Its picture stays; raise "reroll" to use the new way.`,
      image: image.id,
    },
  ]
}

function outOfStep(image: Image, own: Pick<LockRecord, 'request' | 'declared' | 'parts'>): readonly Note[] {
  if (own.request === image.requestKey || own.declared === image.declared) return []
  return [
    {
      code: 'image/out-of-step',
      message: `${image.id} is pinned; ${buyReason(image, own)} since its picture was made.`,
      image: image.id,
    },
  ]
}

function pickMissing(image: Image): Problem {
  return {
    code: 'store/original-missing',
    message: `${image.id} picks candidate ${image.pick}, which was bought but is not in the store (.pixelkiln/originals). Restore it from version control or from the machine that bought it.`,
    image: image.id,
  }
}
