import type { Lock, LockImage, LockOutput } from '../core/lock.ts'
import type { MarkupElement } from './element.ts'
import { findImage, hasFiles, markupError, recordOf } from './find-image.ts'
import { placeholderClass, placeholderDeclaration } from './placeholder.ts'
import { publicUrl } from './public-url.ts'
import { middleOf, sourcesOf, widestOf } from './sources.ts'
import type { Choice, FormatFiles, PictureSources } from './sources.ts'

export interface PictureOptions extends Choice {
  /** Public prefix of the asset folder. Default: what the manifest says, else none. */
  readonly url?: string | undefined
  /** How wide the picture is shown, as in HTML: `(min-width: 60em) 40rem, 100vw`. Default: `100vw`. */
  readonly sizes?: string | undefined
  /** The one picture of a page that matters most: loaded at once and first. Default false: lazy. */
  readonly priority?: boolean | undefined
  /** Class of the `img`. */
  readonly class?: string | undefined
  /**
   * What is shown while the file loads. `color` and `image` put an inline style on the `img`; `class` puts a class that
   * `placeholderCss` has rules for. Default `none`: no inline style.
   */
  readonly placeholder?: 'none' | 'color' | 'image' | 'class' | undefined
  /** Another text than the manifest's; an empty one is none. */
  readonly alt?: string | undefined
  /** The picture says nothing to a reader here: `alt=""`. Default: what the manifest says. */
  readonly decorative?: boolean | undefined
}

/**
 * The markup of an image as a tree: `<picture>` with its sources (media before none, AVIF before WebP) around an
 * `<img>`, or the `<img>` alone where one format is all there is. Reads nothing but the lock; throws a `BuildError` for
 * an unknown id, an image without files, or one without alt text.
 */
export function picture(lock: Lock, id: string, options: PictureOptions = {}): MarkupElement {
  const image = findImage(lock, id)
  const sources = chosen(lock, id, options)
  const page: Page = { sizes: sizesOf(options), url: ({ path }) => publicUrl(lock, path, options.url) }
  const img = imgOf({ lock, id, image, sources }, page, options)
  const children = [
    ...image.variants.flatMap((variant) => variantSources(lock, variant, { page, options })),
    ...sources.better.map((files) => sourceOf(files, page)),
  ]
  return children.length === 0 ? img : { tag: 'picture', attributes: {}, children: [...children, img] }
}

interface Page {
  readonly sizes: string
  readonly url: (file: LockOutput) => string
}

function chosen(lock: Lock, id: string, options: Choice): PictureSources {
  const record = recordOf(lock, id)
  const sources = sourcesOf(record, options)
  if (sources) return sources
  const names = record.outputs.map(({ width, format }) => `${width}.${format}`).join(', ')
  const message = `"${id}" has no file of the formats and widths asked for; it has ${names}.`
  throw markupError(lock, { code: 'usage/wrong', id, message })
}

/** `auto` lets a browser use the size it has laid out, which it only knows of lazy pictures. */
function sizesOf({ sizes, priority }: PictureOptions): string {
  const given = (sizes ?? '').replace(/^\s*auto\s*(,|$)/i, '').trim()
  const plain = given === '' ? '100vw' : given
  return priority === true ? plain : `auto, ${plain}`
}

function sourceOf({ format, files }: FormatFiles, page: Page): MarkupElement {
  const attributes = { type: `image/${format}`, sizes: page.sizes, srcset: srcsetOf(files, page) }
  return { tag: 'source', attributes, children: [] }
}

function srcsetOf(files: readonly LockOutput[], page: Page): string {
  return files.map((file) => `${page.url(file)} ${file.width}w`).join(', ')
}

/**
 * The sources of another crop, with its own size, for the space a browser keeps free has another shape. One without
 * files yet is left out: the general picture stands in for it.
 */
function variantSources(
  lock: Lock,
  { media, id }: LockImage['variants'][number],
  { page, options }: { readonly page: Page; readonly options: PictureOptions },
): readonly MarkupElement[] {
  if (!hasFiles(lock.images.get(id))) return []
  const { better, fallback } = chosen(lock, id, { formats: options.formats })
  const { width, height } = widestOf(fallback)
  return [...better, fallback].map((files) => {
    const source = sourceOf(files, page)
    return { ...source, attributes: { media, ...source.attributes, width, height } }
  })
}

function imgOf(
  shown: {
    readonly lock: Lock
    readonly id: string
    readonly image: LockImage
    readonly sources: PictureSources
  },
  page: Page,
  options: PictureOptions,
): MarkupElement {
  const { lock, id, sources } = shown
  const { better, fallback } = sources
  const middle = middleOf(fallback)
  const widest = widestOf(fallback)
  // Hardly a browser comes down to the fallback of a better format: two widths of it are enough.
  const offered = better.length === 0 ? fallback.files : [...new Set([middle, widest])]
  const style = inlineStyle(lock, id, options)
  const className = classOf(id, options)
  const attributes = {
    ...(options.priority === true ? { loading: 'eager', fetchpriority: 'high' } : { loading: 'lazy' }),
    decoding: 'async',
    sizes: page.sizes,
    srcset: srcsetOf(offered, page),
    src: page.url(middle),
    width: widest.width,
    height: widest.height,
    alt: altOf(shown, options),
    ...(className === '' ? {} : { class: className }),
    ...(style === null ? {} : { style }),
  }
  return { tag: 'img', attributes, children: [] }
}

function altOf(
  { lock, id, image }: { readonly lock: Lock; readonly id: string; readonly image: LockImage },
  options: PictureOptions,
): string {
  if (options.decorative === true) return ''
  const given = options.alt?.trim() ?? ''
  if (given !== '') return given
  if (image.decorative && options.decorative !== false) return ''
  if (image.alt !== null) return image.alt
  const message = `"${id}" has no alt text. Give it "alt" in the manifest, or "decorative: true" if it says nothing to a reader.`
  throw markupError(lock, { code: 'markup/alt-missing', id, message })
}

function classOf(id: string, options: PictureOptions): string {
  return [options.class?.trim() ?? '', options.placeholder === 'class' ? placeholderClass(id) : '']
    .filter((name) => name !== '')
    .join(' ')
}

function inlineStyle(lock: Lock, id: string, { placeholder }: PictureOptions): string | null {
  if (placeholder !== 'color' && placeholder !== 'image') return null
  return placeholderDeclaration(lock, id, placeholder)
}
