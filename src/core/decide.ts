import type { Basis } from './derivation.ts'
import type { Facts } from './facts.ts'
import { findOriginal, recordOf, unlisted, withdrawn } from './find-original.ts'
import type { Found } from './find-original.ts'
import type { Image, Manifest } from './image.ts'
import { purchasesBy, standing, takesPaidFor } from './journal.ts'
import type { JournalPurchase } from './journal.ts'
import type { Lock, LockImage, LockRecord } from './lock.ts'
import type { Note, Problem } from './problems.ts'
import type { Provider } from './provider.ts'
import { buyReason } from './reasons.ts'

/** Everything a plan depends on. */
export interface PlanInput {
  readonly manifest: Manifest
  /** What the model tables complain of; an error only where a purchase needs it. */
  readonly unsupported: readonly (Problem & { readonly image: string })[]
  readonly lock: Lock
  readonly facts: Facts
  /** By name; only their pure methods are called. */
  readonly providers: ReadonlyMap<string, Provider>
  readonly policy: Policy
}

export interface Policy {
  /** Who makes pictures: the real service, the sketch renderer, or the emulator. */
  readonly mode: 'real' | 'sketch' | 'emulator'
  /** Ids that the run works on; null is all. */
  readonly only: ReadonlySet<string> | null
}

/** What one image stands on. */
export type Decision = (
  | { readonly type: 'have'; readonly basis: Basis; readonly lacking: Lacking | null }
  | { readonly type: 'buy'; readonly lacking: Lacking }
  | { readonly type: 'draft'; readonly reason: string }
  /** The lock's record stays. `untouched`: the run does not look at this image at all. */
  | {
      readonly type: 'keep'
      readonly untouched: boolean
      /** The RequestKey that was refused, for the lock to remember. */
      readonly refused?: string
    }
) & { readonly problems: readonly Problem[]; readonly notes: readonly Note[] }

/** Takes of one request that are wanted and not there. */
export interface Lacking {
  readonly known: number
  readonly wanted: number
  readonly reason: string
}

/** The plan's input with its look-ups prepared. */
export interface World extends PlanInput {
  readonly byRequest: ReadonlyMap<string, LockRecord>
  readonly byDeclared: ReadonlyMap<string, LockRecord>
  /** By RequestKey. */
  readonly purchases: ReadonlyMap<string, readonly JournalPurchase[]>
  /** Of the same words, asked for in the same way or, by another version of the model table, in another. */
  readonly purchasesOf: (image: Image) => readonly JournalPurchase[]
  readonly complaints: ReadonlyMap<string, readonly Problem[]>
}

const QUIET = { problems: [], notes: [] } as const
const KEEP = { type: 'keep', untouched: false } as const

/** Prepares the look-ups once, then decides image by image. Precedence: pin, lock, store, journal. */
export function decide(input: PlanInput): (image: Image) => Decision {
  const { lock, facts, policy } = input
  const entries = [...lock.images.values()]
  const others = policy.mode === 'emulator' ? [] : entries.flatMap((entry) => entry.others)
  const records = [...others, ...entries.flatMap((entry) => recordOf(entry, policy.mode) ?? [])]
  const purchases = purchasesBy('request', facts.purchases.values())
  const declared = purchasesBy('declared', facts.purchases.values())
  const world: World = {
    ...input,
    byRequest: new Map(records.map((record) => [record.request, record])),
    byDeclared: new Map(records.map((record) => [record.declared, record])),
    purchases,
    purchasesOf: (image) => {
      const same = purchases.get(image.requestKey) ?? []
      const alike = declared.get(image.declared) ?? []
      return [...alike.filter(({ intended }) => intended.request !== image.requestKey), ...same]
    },
    complaints: byImage(input.unsupported),
  }
  return (image) => {
    if (policy.only?.has(image.id) === false) return { type: 'keep', untouched: true, ...QUIET }
    const entry = lock.images.get(image.id)
    switch (policy.mode) {
      case 'real':
        return decideReal(image, entry, world)
      case 'sketch':
        return decideSketch(image, entry, world)
      case 'emulator':
        return entry?.bought ? keepBought(image, entry.bought) : decideReal(image, entry, world)
    }
  }
}

function decideReal(image: Image, entry: LockImage | undefined, world: World): Decision {
  const found = findOriginal(image, entry, world)
  switch (found.type) {
    case 'problem':
      return { ...KEEP, problems: [found.problem], notes: [] }
    case 'found':
      return haveOrMore(image, entry, { world, found })
    case 'none':
      return decidePurchase(image, entry, world)
  }
}

/** The picture is here. More takes may be wanted; complaints of the model table are notes unless they are. */
function haveOrMore(
  image: Image,
  entry: LockImage | undefined,
  { world, found }: { readonly world: World; readonly found: Found & { type: 'found' } },
): Decision {
  const complaints = world.complaints.get(image.id) ?? []
  const have = { type: 'have', basis: found.basis } as const
  const asNotes = complaints.map(({ code, message, image: id, place }) => ({
    code,
    message: `${message} The picture is in the lock, so this stops nothing.`,
    ...(id === undefined ? {} : { image: id }),
    ...(place === undefined ? {} : { place }),
  }))
  const enough = { ...have, lacking: null, problems: [], notes: [...found.notes, ...asNotes] }
  if (image.pin !== null || found.known >= image.candidates) return enough
  const lost = storedOf(image, world) > found.known ? withdrawn(image, world) : unlisted(image, world)
  // Two takes that are the same picture to the byte were both paid for, and no third one is asked for.
  if (!lost && paidFor(image, world) >= image.candidates) return enough
  const blocked = [...unsettled(image, world), ...(lost ? [lost] : []), ...complaints]
  if (blocked.length > 0) return { ...have, lacking: null, problems: blocked, notes: found.notes }
  if (wasRefused(image, entry, world)) {
    const { problems, notes } = decideRefused(image, entry, world)
    return { ...have, lacking: null, problems, notes: [...found.notes, ...notes] }
  }
  const reason = `${image.candidates - found.known} more candidates wanted`
  const lacking = { known: found.known, wanted: image.candidates, reason }
  return { ...have, lacking, problems: [], notes: found.notes }
}

/** Pictures of these words that the journal saw stored. */
function storedOf(image: Image, world: World): number {
  const takes = world.purchasesOf(image).flatMap(({ stored }) => stored ?? [])
  return new Set(takes.map(({ sha256 }) => sha256)).size
}

/** Takes of this very request that the journal saw stored, whatever pictures they are. */
function paidFor(image: Image, world: World): number {
  return takesPaidFor(world.purchases.get(image.requestKey) ?? []).size
}

/** Nothing is here for these words: buy, unless something forbids it. */
function decidePurchase(image: Image, entry: LockImage | undefined, world: World): Decision {
  const pending = unsettled(image, world)
  if (pending.length > 0) return { ...KEEP, problems: pending, notes: [] }
  if (wasRefused(image, entry, world)) return decideRefused(image, entry, world)
  const lost = unlisted(image, world) ?? (world.policy.mode === 'real' ? withdrawn(image, world) : null)
  if (lost) return { ...KEEP, problems: [lost], notes: [] }
  const complaints = world.complaints.get(image.id) ?? []
  if (complaints.length > 0) return { ...KEEP, problems: complaints, notes: [] }
  const earlier = entry ? recordOf(entry, world.policy.mode) : null
  const lacking = { known: 0, wanted: image.candidates, reason: buyReason(image, earlier) }
  return { type: 'buy', lacking, ...QUIET }
}

/** Purchases of these words that the journal holds open or in doubt: never bought beside them. */
function unsettled(image: Image, world: World): Problem[] {
  const problems: Problem[] = []
  for (const purchase of world.purchasesOf(image)) {
    const stands = standing(purchase)
    const short = purchase.intended.purchase.slice(0, 12)
    if (stands === 'open') {
      problems.push({
        code: 'purchase/not-finished',
        message: `${image.id} was submitted earlier (purchase ${short}…) and is not finished. It is not bought a second time; "pixelkiln build" or "pixelkiln resume" follows it up.`,
        image: image.id,
      })
    }
    if (stands === 'in-doubt') {
      problems.push({
        code: 'purchase/in-doubt',
        message: `${image.id} may have been paid for already (purchase ${short}…): ${purchase.failed?.text ?? 'no answer came'} Nothing is bought until you decide: "pixelkiln resume" asks the service once more, "pixelkiln resume --resubmit ${image.id}" buys it anew, "pixelkiln resume --forget ${image.id}" lets it go.`,
        image: image.id,
      })
    }
  }
  return problems
}

/** The lock tells every machine; the journal also knows of a refusal that came while nobody could write the lock. */
function wasRefused(image: Image, entry: LockImage | undefined, world: World): boolean {
  if (world.policy.mode !== 'emulator' && entry?.refused === image.requestKey) return true
  const last = (world.purchases.get(image.requestKey) ?? []).findLast(({ failed }) => failed !== null)
  return last?.failed?.class === 'refused' || last?.failed?.class === 'invalid'
}

function decideRefused(image: Image, entry: LockImage | undefined, world: World): Decision {
  const failed = (world.purchases.get(image.requestKey) ?? []).findLast((purchase) => purchase.failed)
  const text = failed?.failed?.text ?? 'The service refused these words earlier.'
  const invalid = failed?.failed?.class === 'invalid'
  const problem: Problem = {
    code: invalid ? 'purchase/rejected' : 'purchase/refused',
    message: `${image.id}: ${text} It is not asked again until its ${invalid ? 'request changes' : 'words change'}; "pixelkiln resume --retry ${image.id}" asks once more.`,
    image: image.id,
  }
  const keep = world.policy.mode === 'emulator' ? KEEP : { ...KEEP, refused: image.requestKey }
  // The policy is about words; a request that is no request is a mistake to mend, whatever the words.
  switch (invalid ? 'keep-previous' : image.policy.refused) {
    case 'keep-previous':
    case 'fail':
      return { ...keep, problems: [problem], notes: [] }
    case 'skip':
      return { ...keep, problems: [], notes: [problem] }
    case 'placeholder':
      if (!entry || entry.bought) return { ...keep, problems: [], notes: [problem] }
      return { ...sketched(image, entry), problems: [], notes: [problem] }
  }
}

/** A bought picture is never replaced by a stand-in; what has none gets a sketch. */
function decideSketch(image: Image, entry: LockImage | undefined, world: World): Decision {
  const real = decideReal(image, entry, world)
  if (real.type === 'have') return { ...real, lacking: null, problems: [] }
  if (entry?.bought) return standOn(image, entry.bought)
  return { ...sketched(image, entry), ...QUIET }
}

/** A picture that is out of step with its words keeps its files, and they follow their recipe. */
function standOn(image: Image, bought: LockRecord): Decision {
  const { notes } = keepBought(image, bought)
  return { type: 'have', basis: { ...bought, draft: null }, lacking: null, problems: [], notes }
}

/** The sketch that an image has, if it was drawn for its present words; else that one is to be drawn. */
export function sketched(
  image: Image,
  entry: LockImage | undefined,
):
  | { readonly type: 'have'; readonly basis: Basis; readonly lacking: null }
  | { readonly type: 'draft'; readonly reason: string } {
  const draft = entry?.draft
  if (!draft) return { type: 'draft', reason: 'no picture yet' }
  if (draft.request !== image.requestKey) return { type: 'draft', reason: buyReason(image, draft) }
  return { type: 'have', basis: { ...draft, draft: draft.by }, lacking: null }
}

function keepBought(image: Image, bought: LockRecord): Decision {
  const inStep = bought.request === image.requestKey || bought.declared === image.declared
  if (inStep) return { ...KEEP, ...QUIET }
  const note = {
    code: 'image/out-of-step',
    message: `${image.id} keeps its bought picture; ${buyReason(image, bought)} since. "pixelkiln accept ${image.id}" lets it stand for the present words.`,
    image: image.id,
  }
  return { ...KEEP, problems: [], notes: [note] }
}

function byImage(problems: PlanInput['unsupported']): ReadonlyMap<string, readonly Problem[]> {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const group = groups.get(problem.image)
    if (group) group.push(problem)
    else groups.set(problem.image, [problem])
  }
  return groups
}
