import { idMistake } from './ids.ts'
import { textOf } from './recipe-of.ts'
import type { Report } from './report.ts'
import { FROM_KEYS, GENERATING_KEYS } from './table.ts'
import type { Entry, MapTree, Tree } from './tree.ts'
import { isNull, mergeMaps } from './merge-maps.ts'
import type { WrittenImage } from './written.ts'

/** What a picture is chosen by is its own; what it looks like is inherited. */
const NOT_INHERITED = ['variants', 'matrix', 'each', 'pick', 'pin', 'reroll', 'candidates']

/**
 * The images that the `variants` of an image make: each is another crop of its original, or a picture of its own where
 * it names words or a model. Their ids are the image's with a dot and a name, or the number in the list.
 */
export function variantImages(image: WrittenImage, report: Report): readonly WrittenImage[] {
  const list = image.own.entries.get('variants')?.value
  // Another crop cannot have variants; that is told where crops are resolved.
  if (list?.kind !== 'list' || isGiven(image.own, 'from')) return []
  const [ids, medias] = [new Set<string>(), new Set<string>()]
  return list.items.flatMap((own, index): readonly WrittenImage[] => {
    if (own.kind !== 'map') return []
    const media = (textOf(own.entries.get('media')?.value) ?? '').trim().replaceAll(/\s+/g, ' ')
    const id = `${image.id}.${textOf(own.entries.get('name')?.value)?.trim() ?? index + 1}`
    const mistake = mistakeOf({ image, id, media, ids, medias })
    if (mistake !== null) report('image/variant', own.offset, mistake, image.id)
    ids.add(id)
    medias.add(media.toLowerCase())
    if (mistake !== null || media === '') return []
    const settings = isGenerated(own) ? ownPicture(image.own, own) : crop(image, own)
    const variant = { of: image.id, media }
    return [{ id, offset: own.offset, own: settings, variables: image.variables, variant }]
  })
}

function mistakeOf(found: {
  readonly image: WrittenImage
  readonly id: string
  readonly media: string
  readonly ids: ReadonlySet<string>
  readonly medias: ReadonlySet<string>
}): string | null {
  const { image, id, media, ids, medias } = found
  if (medias.has(media.toLowerCase()))
    return `Two variants of "${image.id}" are for ${media}, and the first would always win. Take one out.`
  if (ids.has(id)) return `Two variants of "${image.id}" get one id, "${id}". Give one another "name".`
  return idMistake(id)
}

function isGenerated(own: MapTree): boolean {
  return GENERATING_KEYS.some((key) => isGiven(own, key))
}

function isGiven(settings: MapTree, key: string): boolean {
  const value = settings.entries.get(key)?.value
  return value !== undefined && !isNull(value)
}

/** All that the image says for itself, and what the variant says over it. */
function ownPicture(image: MapTree, own: MapTree): MapTree {
  return mergeMaps(without(image, NOT_INHERITED), without(own, ['media', 'name']), { keepNulls: true })
}

/** The keys of an image with `from`: shape and files are inherited where crops are resolved. */
function crop(image: WrittenImage, own: MapTree): MapTree {
  const { offset } = own
  const value: Tree = { kind: 'scalar', offset, value: image.id, source: image.id, commentAt: null }
  const words = ['alt', 'decorative'].flatMap((key): [string, Entry][] => {
    const entry = image.own.entries.get(key)
    return entry ? [[key, entry]] : []
  })
  const settings = [...own.entries].filter(([key]) => FROM_KEYS.includes(key))
  return { ...own, entries: new Map([['from', { keyOffset: offset, value }], ...words, ...settings]) }
}

function without(settings: MapTree, keys: readonly string[]): MapTree {
  return { ...settings, entries: new Map([...settings.entries].filter(([key]) => !keys.includes(key))) }
}
