import { NO_COPIES } from '../core/copies.ts'
import { derive } from '../core/derivation.ts'
import type { Derivation } from '../core/derivation.ts'
import type { Facts } from '../core/facts.ts'
import type { Image } from '../core/image.ts'
import type { Lock } from '../core/lock.ts'
import { entryOf } from '../core/next-lock.ts'
import type { Plan } from '../core/plan.ts'
import type { Take } from '../core/take-index.ts'
import type { Store } from '../effects/store.ts'
import { makeOutputs } from './make-outputs.ts'
import type { Bench } from './make-outputs.ts'
import type { Tally } from './tally.ts'

/** What making the files of an image needs beside the image. */
export interface Shaping {
  readonly lock: Lock
  readonly facts: Facts
  readonly store: Store
  readonly bench: Bench
  readonly mode: 'real' | 'sketch' | 'emulator'
}

/** What is to be made of a take that has just come into the store. */
export function derivationOf(
  image: Image,
  { take: pick, original, model: maker }: Take,
  { plan, context }: { readonly plan: Plan; readonly context: Shaping },
): Derivation {
  const { requestKey: request, declared, parts } = image
  const candidates = context.store.takes(request).length
  const model = maker ?? `${image.request.provider}/${image.request.model}`
  const draft = context.mode === 'emulator' ? 'emulator' : null
  const entry = context.lock.images.get(image.id)
  const earlier = (draft === null ? entry?.bought : entry?.draft) ?? null
  const basis = { original, candidates, request, declared, parts, pick, model, draft } as const
  return derive(image, basis, earlier, { facts: context.facts, copies: plan.copies })
}

/** Makes the files of an original that is in the store. */
export async function deriveOne(derivation: Derivation, context: Shaping, tally: Tally): Promise<void> {
  const { image, record, draft } = derivation
  const original = { path: context.store.pathOf(record.original), sha256: record.original.sha256 }
  const made = await makeOutputs(derivation, original, context.bench)
  for (const note of made.notes) tally.note(note)
  for (const problem of made.problems) tally.problem(problem)
  await tally.made(image.id, entryOf(derivation, made.record, context.lock), {
    ...made,
    draft: draft !== null,
  })
}

/** Makes the files of a sketch in the picture's place. */
export async function draftOne(image: Image | undefined, context: Shaping, tally: Tally): Promise<void> {
  if (!image) return
  const entry = context.lock.images.get(image.id)
  // What draws is not loaded by a run that has only pictures to buy.
  const { drawDraft } = await import('./draw-draft.ts')
  const { basis, drawing } = drawDraft(image)
  const derivation = derive(image, basis, entry?.draft ?? null, { facts: context.facts, copies: NO_COPIES })
  const made = await makeOutputs(derivation, drawing, context.bench)
  for (const problem of made.problems) tally.problem(problem)
  const refused = tally.entries.get(image.id)?.refused ?? entry?.refused ?? null
  const next = { ...entryOf(derivation, made.record, context.lock), refused }
  await tally.made(image.id, next, { ...made, draft: true })
}
