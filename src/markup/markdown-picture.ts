import type { Lock } from '../core/lock.ts'
import type { MarkupElement } from './element.ts'
import { markupError } from './find-image.ts'
import { picture } from './picture.ts'
import type { PictureOptions } from './picture.ts'

const SCHEME = 'pixelkiln:'

/** True for an address in Markdown that names an id: `pixelkiln:home/hero`. */
export function namesPicture(url: string): boolean {
  return url.toLowerCase().startsWith(SCHEME)
}

/** An image of a Markdown tree: `![alt](url "title")`. */
export interface MarkdownImage {
  readonly url: string
  readonly alt?: string | null | undefined
  readonly title?: string | null | undefined
}

/**
 * The markup for `![Keeper](pixelkiln:home/hero)`; null for an image with any other address. A text in the brackets
 * goes before the manifest's alt; `?sizes=50vw&priority&class=wide` behind the id says how it is shown. Throws a
 * `BuildError` that names the nearest id for an unknown one. Plain, so that any Markdown parser can be given it.
 */
export function markdownPicture(
  lock: Lock,
  image: MarkdownImage,
  options: PictureOptions = {},
): MarkupElement | null {
  if (!namesPicture(image.url)) return null
  const [written = '', query = ''] = image.url.slice(SCHEME.length).split(/\?(.*)/s)
  const id = decoded(written.trim())
  const asked = new URLSearchParams(query)
  for (const name of asked.keys()) {
    if (KNOWN.includes(name)) continue
    const message = `"${image.url}" asks for "${name}". It may ask for ${KNOWN.join(', ')}.`
    throw markupError(lock, { code: 'markup/page', id, message })
  }
  const element = picture(lock, id, {
    ...options,
    sizes: asked.get('sizes') ?? options.sizes,
    class: asked.get('class') ?? options.class,
    priority: asked.has('priority') || options.priority,
    decorative: asked.has('decorative') || options.decorative,
    alt: (image.alt ?? '') === '' ? options.alt : (image.alt ?? undefined),
  })
  return typeof image.title === 'string' && image.title !== '' ? titled(element, image.title) : element
}

const KNOWN: readonly string[] = ['sizes', 'class', 'priority', 'decorative']

/** Markdown parsers encode addresses. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function titled(element: MarkupElement, title: string): MarkupElement {
  if (element.tag === 'img') return { ...element, attributes: { ...element.attributes, title } }
  return { ...element, children: element.children.map((child) => titled(child, title)) }
}
