import { isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Scalar, YAMLMap } from 'yaml'
import { flowText, quoteOf } from './flow-text.ts'
import { keyName, pairOf, spliced } from './splice.ts'
import type { Splice } from './splice.ts'

/** The text with an image's key and every `from` that names it changed, and where, in the new text. */
export interface Renamed {
  readonly text: string
  readonly places: readonly { readonly offset: number; readonly before: string; readonly after: string }[]
}

/**
 * Changes the key of an image, or of a whole matrix, in a sound manifest's text, and what is cut from it; nothing else.
 * Null where that cannot be done by changing these words alone.
 */
export function renameImage(text: string, before: string, after: string): Renamed | null {
  const document = parseDocument(text, { uniqueKeys: false })
  const top = document.contents
  const images = isMap(top) ? pairOf(top, 'images')?.value : null
  if (!isMap(images)) return null
  const key = pairOf(images, before)?.key
  if (!isScalar(key)) return null
  const matrix = isMap(pairOf(images, before)?.value) && hasMatrix(images, before)
  const words = [key, ...cutFrom(images, before, matrix)]
  const splices = words.map((word) => spliceFor(word, before, after))
  if (splices.some((splice) => splice === null)) return null
  const done = splices.filter((splice) => splice !== null)
  const sorted = [...done].sort((a, b) => a.at - b.at)
  let grown = 0
  const places = sorted.map(({ at, end, text: now }) => {
    const offset = at + grown
    grown += now.length - (end - at)
    return { offset, before: text.slice(at, end), after: now }
  })
  return { text: spliced(text, done), places }
}

function hasMatrix(images: YAMLMap, name: string): boolean {
  const image = pairOf(images, name)?.value
  return isMap(image) && pairOf(image, 'matrix') !== undefined
}

/** The values of `from` that name the image or, of a matrix, one of its cells. */
function cutFrom(images: YAMLMap, name: string, matrix: boolean): readonly Scalar[] {
  return images.items.flatMap(({ value: image }) => {
    const from = isMap(image) ? pairOf(image, 'from')?.value : undefined
    if (!isScalar(from) || typeof from.value !== 'string') return []
    const named = from.value.trim()
    return named === name || (matrix && named.startsWith(`${name}-`)) ? [from] : []
  })
}

function spliceFor(word: Scalar, before: string, after: string): Splice | null {
  const [at, end] = word.range ?? [0, 0]
  const name = typeof word.value === 'string' ? word.value.trim() : (word.source ?? '')
  if (!isNode(word) || word.type === 'BLOCK_FOLDED' || word.type === 'BLOCK_LITERAL') return null
  return { at, end, text: flowText(`${after}${name.slice(before.length)}`, quoteOf(word)) }
}

/** Names of the images map's keys as they are written there. */
export function imageKeys(text: string): ReadonlySet<string> {
  const top = parseDocument(text, { uniqueKeys: false }).contents
  const images = isMap(top) ? pairOf(top, 'images')?.value : null
  return new Set(isMap(images) ? images.items.map(keyName) : [])
}
