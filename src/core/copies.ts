import type { Facts } from './facts.ts'
import { FORMATS } from './image.ts'
import type { Format } from './image.ts'
import type { DroppedOutput, Lock, LockOutput, LockRecord, OversizeOutput } from './lock.ts'
import { fallbackOf } from './recipes.ts'
import type { OutputSpec } from './recipes.ts'

/** Recipe digest and encoder epoch per format, as the lock has them. */
export type Recipes = LockRecord['recipes']

/** What was decided by looking at a picture. */
export type Findings = Pick<LockRecord, 'focus' | 'placeholder'>

/** What the lock knows of any image, by what it was made of, so that a rename copies instead of encoding. */
export interface Copies {
  /** An intact file of a `copyKey`. Where nothing is to be made nobody asks, and no table of all files is made. */
  readonly fileOf: (key: string) => LockOutput | undefined
  readonly findingsOf: (key: string) => Findings | undefined
  /** Files that would be no smaller than their fallback. */
  readonly dropped: ReadonlySet<string>
  /** Files that could not be brought below their limit. */
  readonly tooLarge: ReadonlyMap<string, OversizeOutput>
}

/** Nothing to copy from. */
export const NO_COPIES: Copies = {
  fileOf: () => undefined,
  findingsOf: () => undefined,
  dropped: new Set(),
  tooLarge: new Map(),
}

/** What can be copied of the files the lock knows. */
export function copiesOf(lock: Lock, facts: Facts): Copies {
  const dropped = new Set<string>()
  const tooLarge = new Map<string, OversizeOutput>()
  const images = [...lock.images.values()]
  const records = images.flatMap(({ bought, draft }) => [bought, draft]).filter((record) => record !== null)
  for (const record of records) {
    for (const key of dropKeys(record)) dropped.add(key)
    for (const [key, output] of oversizeOf(record)) tooLarge.set(key, output)
  }
  let files: ReadonlyMap<string, LockOutput> | null = null
  let findings: ReadonlyMap<string, Findings> | null = null
  return {
    fileOf: (key) => (files ??= intactFiles(records, facts)).get(key),
    findingsOf: (key) => (findings ??= findingsIn(records)).get(key),
    dropped,
    tooLarge,
  }
}

function intactFiles(records: readonly LockRecord[], facts: Facts): ReadonlyMap<string, LockOutput> {
  const files = new Map<string, LockOutput>()
  for (const { original, recipes, outputs } of records) {
    for (const output of outputs) {
      if (facts.outputs.get(output.path)?.sha256 !== output.sha256) continue
      files.set(copyKey(original.sha256, recipes[output.format] ?? '', output), output)
    }
  }
  return files
}

function findingsIn(records: readonly LockRecord[]): ReadonlyMap<string, Findings> {
  const findings = new Map<string, Findings>()
  for (const record of records) {
    const { original, recipes } = record
    for (const recipe of Object.values(recipes)) findings.set(findingsKey(original.sha256, recipe), record)
  }
  return findings
}

/** Names a file by all it is made of. */
export function copyKey(original: string, recipe: string, spec: OutputSpec): string {
  return `${original} ${recipe} ${spec.width}x${spec.height}.${spec.format}`
}

/** A recipe of one format says how the picture is cut, so any format that is as it was will do. */
export function findingsFor(
  original: string,
  recipes: Recipes,
  known: { readonly earlier: LockRecord | null; readonly copies: Copies },
): Findings | null {
  const digests = Object.values(recipes)
  const earlier = Object.values(known.earlier?.recipes ?? {})
  if (digests.some((digest) => earlier.includes(digest))) return known.earlier
  for (const digest of digests) {
    const found = known.copies.findingsOf(findingsKey(original, digest))
    if (found) return found
  }
  return null
}

/** Names a file by all that decides whether it is smaller than its fallback; null where there is no fallback. */
export function dropKey(original: string, recipes: Recipes, output: DroppedOutput): string | null {
  const fallback = fallbackOf(formatsIn(recipes))
  if (fallback === null) return null
  const digests = [recipes[output.format], recipes[fallback]].map((recipe) => digestOf(recipe ?? ''))
  return `${original} ${digests.join(' ')} ${output.width}.${output.format}`
}

/** The names of what a record left out. */
export function dropKeys(record: LockRecord): readonly string[] {
  return record.dropped.flatMap((output) => dropKey(record.original.sha256, record.recipes, output) ?? [])
}

/** Names a file by all that decides how small it can be made. */
export function oversizeKey(original: string, recipes: Recipes, { format, width }: DroppedOutput): string {
  return `${original} ${digestOf(recipes[format] ?? '')} ${width}.${format}`
}

/** What a record knows of files that were too large, by those names. */
export function oversizeOf(record: LockRecord | null): readonly (readonly [key: string, OversizeOutput])[] {
  if (!record) return []
  return record.tooLarge.map((output) => [
    oversizeKey(record.original.sha256, record.recipes, output),
    output,
  ])
}

/** A recipe without its encoder epoch. */
export function digestOf(recipe: string): string {
  const dot = recipe.indexOf('.')
  return dot === -1 ? recipe : recipe.slice(0, dot)
}

function findingsKey(original: string, recipe: string): string {
  return `${original} ${digestOf(recipe)}`
}

function formatsIn(recipes: Recipes): readonly Format[] {
  return FORMATS.filter((format) => recipes[format] !== undefined)
}
