import type { Lock } from '../core/lock.ts'
import { hasFiles, recordOf } from './find-image.ts'

/** What is shown until a picture is there. */
export interface Placeholder {
  /** Base64 of a ThumbHash. */
  readonly thumbhash: string
  /** The dominant colour, `#8a7f6d`. */
  readonly colour: string
  /** A picture of 16 pixels as a data URI. */
  readonly uri: string
}

/** The placeholder of an image; null where none was made. Throws a `BuildError` for an unknown id. */
export function placeholderOf(lock: Lock, id: string): Placeholder | null {
  const { placeholder } = recordOf(lock, id)
  if (!placeholder) return null
  const { thumbhash, colour, image } = placeholder
  return { thumbhash, colour, uri: `data:image/webp;base64,${image}` }
}

/**
 * CSS that shows a placeholder behind an image, as one declaration. Null for a picture that is transparent somewhere,
 * for it would shine through.
 */
export function placeholderDeclaration(lock: Lock, id: string, kind: 'color' | 'image'): string | null {
  const placeholder = placeholderOf(lock, id)
  if (!placeholder || recordOf(lock, id).original.alpha) return null
  const { colour, uri } = placeholder
  return kind === 'color' ? `background:${colour}` : `background:${colour} url(${uri}) center/cover`
}

/** The class that `placeholderCss` gives a background to; an id as it is, so that no two ids share one. */
export function placeholderClass(id: string): string {
  return `pixelkiln-${id}`
}

/**
 * A style sheet with the placeholder of every image (or of some), for pages whose policy forbids inline styles. It goes
 * with `placeholder: 'class'`.
 */
export function placeholderCss(
  lock: Lock,
  options: { readonly kind?: 'color' | 'image'; readonly ids?: readonly string[] } = {},
): string {
  const ids = options.ids ?? [...lock.images].filter(([, image]) => hasFiles(image)).map(([id]) => id)
  const rules = ids.flatMap((id) => {
    const name = escapeIdentifier(placeholderClass(id))
    const rule = (of: string): string[] => {
      const declaration = placeholderDeclaration(lock, of, options.kind ?? 'color')
      return declaration === null ? [] : [`.${name}{${declaration}}`]
    }
    // Of the crops the first that fits wins, of rules the last.
    const crops = (lock.images.get(id)?.variants ?? []).filter((crop) => hasFiles(lock.images.get(crop.id)))
    const others = crops
      .toReversed()
      .flatMap((crop) => rule(crop.id).map((text) => `@media ${crop.media}{${text}}`))
    return [...rule(id), ...others].map((text) => `${text}\n`)
  })
  return rules.join('')
}

/** As CSS writes a name: every sign below U+0080 but letters, digits, `-` and `_` behind a backslash. */
function escapeIdentifier(name: string): string {
  return name.replaceAll(/[\0-,./:-@[-^`{-\x7F]/g, String.raw`\$&`)
}
