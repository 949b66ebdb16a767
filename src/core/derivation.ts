import type { Facts } from './facts.ts'
import type { Format, Image, Original, Recipe } from './image.ts'
import { ENCODER_EPOCHS, outputKey, recipeDigest } from './keys.ts'
import type { Lock, LockDraft, LockOutput, LockRecord } from './lock.ts'
import { printAspect } from './aspect.ts'
import { formatsOf, outputPath, outputsOf } from './recipes.ts'
import type { OutputSpec } from './recipes.ts'

/** What has to happen so that one image's files are right, as data. */
export interface Derivation {
  readonly image: Image
  /** Who stands in for the real picture; null for the real one. */
  readonly draft: LockDraft['by'] | null
  /** The lock record as it will be, but for `outputs`, `focus` and `placeholder`. */
  readonly record: Omit<LockRecord, 'outputs' | 'focus' | 'placeholder'>
  /** The focus point found earlier for this original and recipe, here or under another id. */
  readonly focus: LockRecord['focus']
  /** As made earlier for this original and recipe, here or under another id. */
  readonly placeholder: LockRecord['placeholder']
  /** Files that are right as they lie there. */
  readonly intact: readonly LockOutput[]
  /** Files to be made, or copied from another image's. */
  readonly wanted: readonly WantedOutput[]
}

export interface WantedOutput extends OutputSpec {
  readonly path: string
  readonly key: string
  /** Path of an intact file with the same OutputKey. */
  readonly copyOf: string | null
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
  const recipes = recipesOf(image.recipe, basis.original)
  const aspect = printAspect(image.recipe.aspect)
  const same = earlier !== null && earlier.original.sha256 === basis.original.sha256
  const intact: LockOutput[] = []
  const wanted: WantedOutput[] = []
  const hashed = image.recipe.filename.includes('{hash}')
  for (const spec of outputsOf(image.recipe, basis.original)) {
    // Of sixty thousand files that are right as they lie, no key is needed.
    const keyOf = (): string => outputKey(basis.original.sha256, image.recipe, spec)
    const path = outputPath(image.recipe.filename, image.id, spec, hashed ? keyOf() : '')
    const reason = same
      ? differenceOf(earlier, spec, path, { recipes, keyOf, aspect, facts: world.facts })
      : 'new picture'
    const locked = earlier?.outputs.find((output) => output.path === path)
    if (reason === null && locked) intact.push(locked)
    else {
      const copyOf =
        world.copies.files.get(copyKey(basis.original.sha256, recipes[spec.format] ?? '', spec)) ?? null
      wanted.push({ ...spec, path, key: keyOf(), copyOf, reason: reason ?? 'not in the lock' })
    }
  }
  const found = findingsFor(basis.original.sha256, recipes, {
    earlier: same ? earlier : null,
    copies: world.copies,
  })
  return {
    image,
    draft: basis.draft,
    record: {
      request: basis.request,
      declared: basis.declared,
      parts: basis.parts,
      model: basis.model,
      original: basis.original,
      candidates: basis.candidates,
      pick: basis.pick,
      ...(image.lapsed === undefined ? {} : { lapsed: image.lapsed }),
      aspect,
      recipes: keptEpochs(recipes, earlier, { same, wanted }),
      filename: image.recipe.filename,
    },
    focus: found?.focus ?? null,
    placeholder: found?.placeholder ?? null,
    intact,
    wanted,
  }
}

/** What was decided by looking at a picture. */
type Findings = Pick<LockRecord, 'focus' | 'placeholder'>

/** What the lock knows of any image, by what it was made of, so that a rename copies instead of encoding. */
export interface Copies {
  /** Paths of intact files. */
  readonly files: ReadonlyMap<string, string>
  readonly findings: ReadonlyMap<string, Findings>
}

/** Nothing to copy from. */
export const NO_COPIES: Copies = { files: new Map(), findings: new Map() }

/** Indexes every intact file the lock knows. */
export function copiesOf(lock: Lock, facts: Facts): Copies {
  const files = new Map<string, string>()
  const findings = new Map<string, Findings>()
  const records = [...lock.images.values()].flatMap((image) => [image.bought, image.draft])
  for (const record of records.filter((record) => record !== null)) {
    for (const recipe of Object.values(record.recipes)) {
      findings.set(findingsKey(record.original.sha256, recipe), record)
    }
    for (const output of record.outputs) {
      if (facts.outputs.get(output.path)?.sha256 !== output.sha256) continue
      files.set(copyKey(record.original.sha256, record.recipes[output.format] ?? '', output), output.path)
    }
  }
  return { files, findings }
}

/** A recipe of one format says how the picture is cut, so any format that is as it was will do. */
function findingsFor(
  original: string,
  recipes: Partial<Record<Format, string>>,
  known: { readonly earlier: LockRecord | null; readonly copies: Copies },
): Findings | null {
  const digests = Object.values(recipes)
  if (known.earlier && digests.some((digest) => Object.values(known.earlier?.recipes ?? {}).includes(digest)))
    return known.earlier
  for (const digest of digests) {
    const found = known.copies.findings.get(findingsKey(original, digest))
    if (found) return found
  }
  return null
}

function findingsKey(original: string, recipe: string): string {
  return `${original} ${digestOf(recipe)}`
}

function copyKey(original: string, recipe: string, spec: OutputSpec): string {
  return `${original} ${recipe} ${spec.width}x${spec.height}.${spec.format}`
}

/** Digest and epoch per format, `1f2e3d4c5b6a.1`. */
function recipesOf(recipe: Recipe, original: Original): Partial<Record<Format, string>> {
  return Object.fromEntries(
    formatsOf(recipe, original).map((format) => [
      format,
      `${recipeDigest(recipe, format)}.${ENCODER_EPOCHS[format]}`,
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

function digestOf(recipe: string): string {
  return recipe.split('.')[0] ?? ''
}
