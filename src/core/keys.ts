import { hash } from 'node:crypto'
import type { Format, ImageRequest, Json, Recipe, RequestParts } from './image.ts'
import type { Marks } from './provenance.ts'

/** Bumped by hand, per format, when an encoder's result changes so much that people should know. */
export const ENCODER_EPOCHS: Readonly<Record<Format, number>> = { avif: 1, webp: 1, jpeg: 1, png: 1 }

/** Text as keys and services see it: NFC, every run of white space one blank, none at the ends. */
export function canonicalText(text: string): string {
  if (!NOT_CANONICAL.test(text)) return text
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** What may have to be changed. Most texts have none of it, and seeing that costs a tenth of making them anew. */
const NOT_CANONICAL = /[^ -~]| {2}|^ | $/

/** JSON with keys sorted by code unit, strings in NFC and finite numbers only: equal values give equal bytes. Throws a RangeError for a number that is not finite. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('only finite numbers have canonical bytes')
    return JSON.stringify(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  let members = ''
  for (const name of sortedNames(value)) {
    members += `${members === '' ? '' : ','}${canonicalString(name)}:${canonicalJson(value[name] ?? null)}`
  }
  return `{${members}}`
}

/** Printable ASCII with nothing to escape: such text is JSON and NFC as it is. A run that buys makes thirty keys an image, before any code is warm. */
const PLAIN = /^[ !#-[\]-~]*$/

function canonicalString(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.normalize('NFC'))
}

function sortedNames(value: Readonly<Record<string, Json>>): readonly string[] {
  const names = Object.keys(value)
  if (names.every((name) => PLAIN.test(name))) return names.sort()
  return names
    .map((name) => [name.normalize('NFC'), name] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, name]) => name)
}

/** The key of a picture's words, 32 hex digits: a change of it means a purchase. */
export function requestKey(request: ImageRequest): string {
  return digest(
    'request/1',
    {
      provider: request.provider,
      model: request.model,
      prompt: canonicalText(request.prompt),
      aspect: request.aspect,
      params: request.params,
      references: request.references,
      reroll: request.reroll,
    },
    32,
  )
}

/** What a person declared for one picture, before any model table had its say. */
export interface Declaration {
  readonly provider: string
  readonly model: string
  readonly prompt: string
  /** The style as written: its name for a model's own, its texts and params for a named look; null for none. */
  readonly style: Json
  readonly aspect: string
  readonly params: Readonly<Record<string, Json>>
  readonly references: readonly string[]
  readonly reroll: number
}

/** Digest of a declaration, 16 hex digits: a picture bought for it stays satisfied when a later model table would ask otherwise. */
export function declaredDigest(declaration: Declaration): string {
  return digest('declared/1', { ...declaration, prompt: canonicalText(declaration.prompt) }, 16)
}

/**
 * Six hex digits for each part of a declaration, so that a reason can name the part that changed. Whoever asks for many
 * keeps `known` between them: but for the prompt, most declarations have their parts in common.
 */
export function requestParts(declaration: Declaration, known: Map<string, string> = new Map()): RequestParts {
  const shared = (value: Json): string => {
    const bytes = canonicalJson(value)
    const digits = known.get(bytes) ?? part(bytes)
    known.set(bytes, digits)
    return digits
  }
  return {
    model: shared([declaration.provider, declaration.model]),
    prompt: part(canonicalJson(canonicalText(declaration.prompt))),
    style: shared(declaration.style),
    aspect: shared(declaration.aspect),
    params: shared([declaration.params, declaration.references]),
    reroll: shared(declaration.reroll),
  }
}

/** Digest of how one format is made from an original, widths aside, 12 hex digits. `marks` are embedded; the encoder epoch is not in it. */
export function recipeDigest(recipe: Recipe, format: Format, marks: Marks | null): string {
  return digest(
    'recipe/1',
    {
      format,
      aspect: [recipe.aspect.width, recipe.aspect.height],
      fit: recipe.fit,
      focus: recipe.focus,
      content: recipe.content,
      quality: recipe.quality[format],
      effort: recipe.effort[format],
      maxBytes: [recipe.maxBytes.all, recipe.maxBytes.formats[format] ?? null, recipe.maxBytes.widths],
      marks: marks && { ...marks },
    },
    12,
  )
}

/** The key of one output file, 32 hex digits: a change of it means free work. */
export function outputKey(
  original: string,
  recipe: Recipe,
  output: { readonly format: Format; readonly width: number; readonly height: number },
  marks: Marks | null,
): string {
  return digest(
    'output/1',
    {
      original,
      recipe: recipeDigest(recipe, output.format, marks),
      width: output.width,
      height: output.height,
      epoch: ENCODER_EPOCHS[output.format],
    },
    32,
  )
}

/** The idempotency key of a purchase, 64 hex digits, and nothing else than this goes into it. */
export function purchaseKey(purchase: {
  readonly request: string
  readonly firstTake: number
  readonly count: number
  readonly epoch: number
}): string {
  return digest('purchase/1', {
    request: purchase.request,
    firstTake: purchase.firstTake,
    count: purchase.count,
    epoch: purchase.epoch,
  })
}

function part(bytes: string): string {
  return sha256(`part/1\n${bytes}`, 6)
}

/** Its first hex digits as a text of their own: a part of a text keeps the whole in memory, of every image. */
function digest(domain: string, value: Json, digits = 64): string {
  return sha256(`${domain}\n${canonicalJson(value)}`, digits)
}

function sha256(text: string, digits: number): string {
  return hash('sha256', text, 'buffer').toString('hex', 0, digits / 2)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
