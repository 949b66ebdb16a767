import { FORMATS } from './image.ts'
import type { C2pa, Format, Original, RequestParts } from './image.ts'
import type {
  DroppedOutput,
  LockDraft,
  LockImage,
  LockOutput,
  OversizeOutput,
  LockRecord,
  Placeholder,
} from './lock.ts'
import { DEFAULT_FILENAME, outputPath } from './recipes.ts'
import type { OutputSpec } from './recipes.ts'

/** An image of a lock from what JSON made of its block. Throws `Malformed` for what is not wholly understood. */
export function imageOf(id: string, value: unknown): LockImage {
  const image = record(value, `"${id}"`)
  const draft = image['draft']
  return {
    alt: image['alt'] === undefined ? null : text(image['alt'], 'alt', id),
    decorative: image['decorative'] === true,
    variants: variantsOf(id, image['variants'] ?? []),
    bought: image['request'] === undefined ? null : recordOf(id, image),
    draft: draft === undefined ? null : draftOf(id, record(draft, 'draft', id)),
    refused: image['refused'] === undefined ? null : text(image['refused'], 'refused', id),
    others: othersOf(id, image['others'] ?? []),
  }
}

function variantsOf(id: string, value: unknown): LockImage['variants'] {
  return list(value, 'variants', id).map((variant) => {
    const [media, child] = list(variant, 'variants', id)
    return { media: text(media, 'variants', id), id: text(child, 'variants', id) }
  })
}

function othersOf(id: string, value: unknown): readonly LockRecord[] {
  return list(value, 'others', id).map((other) => recordOf(id, record(other, 'others', id)))
}

function draftOf(id: string, value: Record<string, unknown>): LockDraft {
  const by = value['by']
  if (by !== 'sketch' && by !== 'emulator') throw new Malformed(`the draft of "${id}" has an unknown maker`)
  return { by, ...recordOf(id, value) }
}

function recordOf(id: string, value: Record<string, unknown>): LockRecord {
  const filename =
    value['filename'] === undefined ? DEFAULT_FILENAME : text(value['filename'], 'filename', id)
  const files = Object.entries(record(value['outputs'], 'outputs', id))
  const outputs = files.map(([name, facts]) => outputOf(id, filename, name, facts))
  return {
    request: text(value['request'], 'request', id),
    declared: text(value['declared'], 'declared', id),
    parts: partsOf(value['parts'], id),
    model: text(value['model'], 'model', id),
    original: originalOf(originalFacts(value['original'], id), id),
    candidates: value['candidates'] === undefined ? 1 : whole(value['candidates'], 'candidates', id),
    pick: value['pick'] === undefined ? 1 : whole(value['pick'], 'pick', id),
    ...lapsedOf(value['lapsed'], id),
    aspect: text(value['aspect'], 'aspect', id),
    recipes: recipesOf(record(value['recipes'], 'recipes', id), id),
    filename,
    outputs,
    dropped: droppedOf(value['dropped'] ?? [], id),
    tooLarge: tooLargeOf(value['tooLarge'] ?? {}, id),
    focus: value['focus'] === undefined ? null : pointOf(value['focus'], id),
    placeholder: value['placeholder'] === undefined ? null : placeholderOf(value['placeholder'], id),
  }
}

function lapsedOf(value: unknown, id: string): Pick<LockRecord, 'lapsed'> {
  if (value === undefined) return {}
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const [pick, request] = [whole(list[0], 'lapsed', id), text(list[1], 'lapsed', id)]
  return { lapsed: { pick, request } }
}

function outputOf(id: string, filename: string, name: string, facts: unknown): LockOutput {
  if (!Array.isArray(facts)) throw new Malformed(`output "${name}" of "${id}" is malformed`)
  const { format, width } = nameOf(name, id)
  const list: readonly unknown[] = facts
  const height = whole(list[2], 'height', id, name)
  const more = list.length > 3 ? list.slice(3) : []
  const hash = more.find((fact) => typeof fact === 'string') ?? null
  const quality = qualityOf(
    more.find((fact) => typeof fact === 'object'),
    name,
    id,
  )
  const path = pathOf(filename, id, { format, width, height, hash })
  return {
    format,
    width,
    height,
    sha256: text(list[0], 'digest', id, name),
    bytes: whole(list[1], 'bytes', id, name),
    path,
    hash,
    quality,
  }
}

/** Where an output lies. Throws `Malformed` for a place outside of the asset folder. */
export function pathOf(filename: string, id: string, output: OutputSpec & Pick<LockOutput, 'hash'>): string {
  const path = outputPath(filename, id, output, output.hash ?? '')
  if (leadsOut(path)) throw new Malformed(`"${path}" is no path below the asset folder`)
  return path
}

/** A lock comes with a checkout: whatever it says, no path of it may lead out of the asset folder. */
export function leadsOut(path: string): boolean {
  return /^\/|\\|^[a-z]:|(^|\/)\.{1,2}(\/|$)|\0/i.test(path)
}

/** What a limit of bytes led to; null where nothing is said. */
function qualityOf(landed: unknown, name: string, id: string): number | null {
  if (landed === undefined) return null
  return whole(record(landed, 'quality')['quality'], 'quality', id, name)
}

/** `960.avif` */
export function nameOf(name: string, id: string): DroppedOutput {
  const match = /^(\d+)\.(\w+)$/.exec(name)
  if (!match) throw new Malformed(`output "${name}" of "${id}" is malformed`)
  return { width: Number(match[1]), format: formatOf(match[2] ?? '', id) }
}

function tooLargeOf(value: unknown, id: string): readonly OversizeOutput[] {
  return Object.entries(record(value, 'tooLarge', id)).map(([name, facts]) => {
    const list: readonly unknown[] = Array.isArray(facts) ? facts : []
    const bytes = whole(list[0], 'bytes', id, name)
    return { ...nameOf(name, id), bytes, quality: qualityOf(list[1], name, id) }
  })
}

/** The names of files that were not kept. */
export function droppedOf(value: unknown, id: string): readonly DroppedOutput[] {
  if (!Array.isArray(value)) throw new Malformed(`dropped of "${id}" is not a list`)
  const list: readonly unknown[] = value
  return list.map((name) => nameOf(text(name, 'dropped', id), id))
}

/** Printed as a list; as a map by the first locks. */
function originalFacts(value: unknown, id: string): Record<string, unknown> {
  if (!Array.isArray(value)) return record(value, 'original', id)
  const list: readonly unknown[] = value
  const [sha256, format, width, height, bytes] = list
  const c2pa = list.find((fact) => typeof fact === 'object')
  return { sha256, format, width, height, bytes, alpha: list.includes('alpha'), c2pa }
}

function originalOf(value: Record<string, unknown>, id: string): Original {
  const format = originalFormat(value['format'], id)
  return {
    sha256: text(value['sha256'], 'original', id),
    format,
    width: whole(value['width'], 'original', id),
    height: whole(value['height'], 'original', id),
    bytes: whole(value['bytes'], 'original', id),
    alpha: value['alpha'] === true,
    ...(value['c2pa'] === undefined ? {} : { c2pa: c2paOf(value['c2pa'], id) }),
  }
}

/** What an original can be. */
export const ORIGINAL_FORMATS: readonly Original['format'][] = [...FORMATS, 'gif']

/** The format of an original. */
export function originalFormat(name: unknown, id: string): Original['format'] {
  const format = ORIGINAL_FORMATS.find((known) => known === name)
  if (!format) throw new Malformed(`the original of "${id}" has an unknown format`)
  return format
}

/** What an original says of its origin. */
export function c2paOf(value: unknown, id: string): C2pa {
  const { c2pa, generator } = record(value, 'c2pa', id)
  return { sha256: text(c2pa, 'c2pa', id), generator: typeof generator === 'string' ? generator : null }
}

function partsOf(value: unknown, id: string): RequestParts {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const at = (index: number): string => text(list[index], 'parts', id)
  return { model: at(0), prompt: at(1), style: at(2), aspect: at(3), params: at(4), reroll: at(5) }
}

/** The recipes of the formats. */
export function recipesOf(value: Record<string, unknown>, id: string): LockRecord['recipes'] {
  const recipes: Partial<Record<Format, string>> = {}
  for (const name of Object.keys(value)) recipes[formatOf(name, id)] = text(value[name], 'recipe', id)
  return recipes
}

function formatOf(name: string, id: string): Format {
  const format = FORMATS.find((known) => known === name)
  if (!format) throw new Malformed(`"${id}" has an output of unknown format "${name}"`)
  return format
}

function pointOf(value: unknown, id: string): readonly [number, number] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const [x, y] = list
  if (typeof x !== 'number' || typeof y !== 'number') throw new Malformed(`the focus of "${id}" is no point`)
  return [x, y]
}

function placeholderOf(value: unknown, id: string): Placeholder {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const [thumbhash, colour, image] = list
  const sound = isBase64(thumbhash) && isBase64(image) && typeof colour === 'string'
  // It comes with a checkout and goes into pages: nothing that could end an attribute may be in it.
  if (!sound || !/^#[0-9a-f]{6}$/.test(colour)) {
    throw new Malformed(`the placeholder of "${id}" is malformed`)
  }
  return { thumbhash, colour, image }
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
}

/** Why a lock is not wholly understood. Caught where the lock is read. */
export class Malformed extends Error {
  readonly newer: boolean
  constructor(message: string, newer = false) {
    super(message)
    this.newer = newer
  }
}

/** A map, whose keys are its own as `JSON.parse` makes them. `what`, `id` and `name` say which value it is; the sentence is made only where it is wrong. */
export function record(value: unknown, what: string, id?: string, name?: string): Record<string, unknown> {
  if (!isRecord(value)) throw new Malformed(`${called(what, id, name)} is not a map`)
  return value
}

/** A list. */
export function list(value: unknown, what: string, id?: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${called(what, id)} is not a list`)
  return value
}

/** A text. */
export function text(value: unknown, what: string, id?: string, name?: string): string {
  if (typeof value !== 'string') throw new Malformed(`${called(what, id, name)} is not a text`)
  return value
}

/** A whole number, not below nothing. */
export function whole(value: unknown, what: string, id?: string, name?: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${called(what, id, name)} is not a whole number`)
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `bytes of "960.avif" of "home/hero"` */
function called(what: string, id?: string, name?: string): string {
  const ofName = name === undefined ? '' : ` of "${name}"`
  return id === undefined ? what : `${what}${ofName} of "${id}"`
}
