import { copyKey, digestOf, dropKey, dropKeys, findingsFor, oversizeKey, oversizeOf } from './copies.ts'
import type { Copies } from './copies.ts'
import type { Facts } from './facts.ts'
import type { Format, Image, Original, Recipe } from './image.ts'
import { ENCODER_EPOCHS, outputKey, recipeDigest } from './keys.ts'
import type { DroppedOutput, LockDraft, LockOutput, LockRecord } from './lock.ts'
import { printAspect } from './aspect.ts'
import { marksOf } from './provenance.ts'
import type { Marks } from './provenance.ts'
import { formatsOf, outputPath, outputsOf } from './recipes.ts'
import type { OutputSpec } from './recipes.ts'
import type { TooLarge } from './too-large.ts'

/** What has to happen so that one image's files are right, as data. */
export interface Derivation {
  readonly image: Image
  /** Who stands in for the real picture; null for the real one. */
  readonly draft: LockDraft['by'] | null
  /** The lock record as it will be, but for what making the files finds out. */
  readonly record: Omit<LockRecord, 'outputs' | 'dropped' | 'tooLarge' | 'focus' | 'placeholder'>
  /** The focus point found earlier for this original and recipe, here or under another id. */
  readonly focus: LockRecord['focus']
  /** As made earlier for this original and recipe, here or under another id. */
  readonly placeholder: LockRecord['placeholder']
  /** What the files say of where they come from. */
  readonly marks: Marks | null
  /** Files that are right as they lie there. */
  readonly intact: readonly LockOutput[]
  /** Files known to be no smaller than their fallback. */
  readonly dropped: readonly DroppedOutput[]
  /** Files known to be beyond their limit. */
  readonly tooLarge: readonly TooLarge[]
  /** Files to be made, or copied from another image's. */
  readonly wanted: readonly WantedOutput[]
}

export interface WantedOutput extends OutputSpec {
  readonly path: string
  readonly key: string
  /** An intact file with the same OutputKey. */
  readonly copyOf: LockOutput | null
  /** In words, for people. */
  readonly reason: string
}

/** What an image's files stand on: the words as they are recorded and the original. */
export interface Basis {
  readonly original: Original
  readonly request: string
  readonly declared: string
  readonly parts: LockRecord['parts']
  readonly candidates: number
  readonly pick: number
  readonly model: string
  readonly draft: LockDraft['by'] | null
}

/** Compares an image's recipe with the lock and the disk. Pure; the same answer before and after a purchase. */
export function derive(
  image: Image,
  basis: Basis,
  earlier: LockRecord | null,
  world: { readonly facts: Facts; readonly copies: Copies },
): Derivation {
  const marks = marksOf(image, basis)
  const recipes = recipesOf(image.recipe, basis.original, marks)
  const aspect = printAspect(image.recipe.aspect)
  const same = earlier !== null && earlier.original.sha256 === basis.original.sha256
  const files = sortOut(image, basis.original, {
    earlier: same ? earlier : null,
    locked: earlier,
    marks,
    recipes,
    aspect,
    ...world,
  })
  const found = findingsFor(basis.original.sha256, recipes, {
    earlier: same ? earlier : null,
    copies: world.copies,
  })
  return {
    image,
    draft: basis.draft,
    record: {
      ...wordsIn(basis),
      original: basis.original,
      ...(image.lapsed === undefined ? {} : { lapsed: image.lapsed }),
      aspect,
      recipes: keptEpochs(recipes, earlier, { same, wanted: files.wanted }),
      filename: image.recipe.filename,
    },
    focus: found?.focus ?? null,
    placeholder: image.recipe.placeholder === 'off' ? null : (found?.placeholder ?? null),
    marks,
    ...files,
  }
}

/** Which files are right as they lie, which are left out, and which are to be made. */
function sortOut(
  image: Image,
  original: Original,
  known: {
    /** The record in the lock, where it is of this original. */
    readonly earlier: LockRecord | null
    readonly locked: LockRecord | null
    readonly marks: Marks | null
    readonly recipes: Partial<Record<Format, string>>
    readonly aspect: string
    readonly facts: Facts
    readonly copies: Copies
  },
): Pick<Derivation, 'intact' | 'dropped' | 'tooLarge' | 'wanted'> {
  const { earlier, recipes, aspect, facts, copies } = known
  const intact: LockOutput[] = []
  const dropped: DroppedOutput[] = []
  const tooLarge: TooLarge[] = []
  const wanted: WantedOutput[] = []
  const isDropped = dropsOf(earlier, copies, (output) => dropKey(original.sha256, recipes, output))
  const own = new Map(oversizeOf(earlier))
  const hashed = image.recipe.filename.includes('{hash}')
  for (const spec of outputsOf(image.recipe, original)) {
    const { format, width, maxBytes } = spec
    if (isDropped(spec)) {
      dropped.push({ format, width })
      continue
    }
    // Of sixty thousand files that are right as they lie, no key is needed.
    const keyOf = (): string => outputKey(original.sha256, image.recipe, spec, known.marks)
    const path = outputPath(image.recipe.filename, image.id, spec, hashed ? keyOf() : '')
    if (typeof maxBytes === 'number') {
      const oversize = oversizeKey(original.sha256, recipes, spec)
      const reached = own.get(oversize) ?? copies.tooLarge.get(oversize)
      if (reached) {
        tooLarge.push({ ...reached, path, maxBytes })
        continue
      }
    }
    const reason = earlier
      ? differenceOf(earlier, spec, path, { recipes, keyOf, aspect, facts })
      : 'new picture'
    const locked = known.locked?.outputs.find((output) => output.path === path)
    if (reason === null && locked) intact.push(locked)
    else {
      const copyOf = copies.fileOf(copyKey(original.sha256, recipes[format] ?? '', spec)) ?? null
      wanted.push({ ...spec, path, key: keyOf(), copyOf, reason: reason ?? 'not in the lock' })
    }
  }
  return { intact, dropped, tooLarge, wanted }
}

/** Of a basis, what the lock records of the words. */
function wordsIn({
  request,
  declared,
  parts,
  model,
  candidates,
  pick,
}: Basis): Pick<LockRecord, 'request' | 'declared' | 'parts' | 'model' | 'candidates' | 'pick'> {
  return { request, declared, parts, model, candidates, pick }
}

/** What was found to be no smaller than its fallback here or under another id is not made again. */
function dropsOf(
  earlier: LockRecord | null,
  copies: Copies,
  keyOf: (output: DroppedOutput) => string | null,
): (output: DroppedOutput) => boolean {
  const own = new Set(earlier ? dropKeys(earlier) : [])
  if (own.size + copies.dropped.size === 0) return () => false
  return (output) => {
    const key = keyOf(output)
    return key !== null && (own.has(key) || copies.dropped.has(key))
  }
}

/** Digest and epoch per format, `1f2e3d4c5b6a.1`. */
function recipesOf(recipe: Recipe, original: Original, marks: Marks | null): Partial<Record<Format, string>> {
  return Object.fromEntries(
    formatsOf(recipe, original).map((format) => [
      format,
      `${recipeDigest(recipe, format, marks)}.${ENCODER_EPOCHS[format]}`,
    ]),
  )
}

/** Intact files made under an older encoder epoch stay recorded under it: upgrading re-encodes nothing. */
function keptEpochs(
  recipes: Partial<Record<Format, string>>,
  earlier: LockRecord | null,
  now: { readonly same: boolean; readonly wanted: readonly WantedOutput[] },
): Partial<Record<Format, string>> {
  const kept: Partial<Record<Format, string>> = { ...recipes }
  if (!earlier || !now.same) return kept
  for (const output of earlier.outputs) {
    const before = earlier.recipes[output.format]
    const present = recipes[output.format]
    const remade = now.wanted.some((wanted) => wanted.format === output.format)
    if (before && present && !remade && digestOf(before) === digestOf(present)) kept[output.format] = before
  }
  return kept
}

/** Why a file cannot stay as it is, in words; null when it can. */
function differenceOf(
  earlier: LockRecord,
  spec: OutputSpec,
  path: string,
  now: {
    readonly recipes: Partial<Record<Format, string>>
    readonly keyOf: () => string
    readonly aspect: string
    readonly facts: Facts
  },
): string | null {
  const before = earlier.recipes[spec.format]
  if (before === undefined) return `format ${spec.format} is new`
  if (digestOf(before) !== digestOf(now.recipes[spec.format] ?? '')) {
    return earlier.aspect === now.aspect ? `settings of ${spec.format} changed` : 'aspect changed'
  }
  const locked = earlier.outputs.find((output) => output.path === path)
  if (!locked) {
    const sameSize = earlier.outputs.some(
      (output) => output.format === spec.format && output.width === spec.width,
    )
    return sameSize ? 'file name changed' : `width ${spec.width} is new`
  }
  const fact = now.facts.outputs.get(path)
  if (!fact) return 'output missing'
  if (fact.sha256 === locked.sha256 && fact.bytes === locked.bytes) return null
  return fact.derivedUnder !== undefined && fact.derivedUnder === now.keyOf()
    ? null
    : 'output changed on disk'
}
