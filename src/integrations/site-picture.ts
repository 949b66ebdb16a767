import type { Lock } from '../core/lock.ts'
import type { MarkupElement } from '../markup/element.ts'
import { hasFiles } from '../markup/find-image.ts'
import { picture } from '../markup/picture.ts'
import { placeholderOf } from '../markup/placeholder.ts'
import type { Placeholder } from '../markup/placeholder.ts'

/**
 * One picture as components take it. `sources` and `img` have the shape of vite-imagetools' `Picture`, which SvelteKit's
 * `<enhanced:img>` accepts as its `src`.
 */
export interface SitePicture {
  readonly id: string
  /** Empty for a picture that says nothing to a reader. */
  readonly alt: string
  /** A `srcset` per format, best first, without what `img` has. */
  readonly sources: Readonly<Record<string, string>>
  readonly img: { readonly src: string; readonly w: number; readonly h: number }
  /** Null where none was made. */
  readonly placeholder: Placeholder | null
  /** Of the `img`, named as JSX names them, to be spread. `sizes` is told by the page. */
  readonly attributes: {
    readonly src: string
    readonly srcSet: string
    readonly width: number
    readonly height: number
    readonly alt: string
    readonly loading: 'lazy'
    readonly decoding: 'async'
  }
  /** Other crops where a media query holds, in the order to try, before `sources`. */
  readonly variants: readonly VariantSource[]
}

/** One `<source>` of another crop. */
export interface VariantSource {
  readonly media: string
  readonly type: string
  readonly srcSet: string
  readonly width: number
  readonly height: number
}

/** The data of one picture; throws a `BuildError` where `picture` does. `url` is the public prefix of the asset folder. */
export function sitePicture(lock: Lock, id: string, url: string): SitePicture {
  const element = picture(lock, id, { url })
  const sources = element.children.filter(({ tag }) => tag === 'source')
  const img = element.tag === 'img' ? element : element.children.find(({ tag }) => tag === 'img')
  const text = (name: string): string => String(img?.attributes[name] ?? '')
  const [src, srcSet, alt] = [text('src'), text('srcset'), text('alt')]
  const [width, height] = [Number(text('width')), Number(text('height'))]
  return {
    id,
    alt,
    sources: Object.fromEntries(sources.filter(isGeneral).map(formatAndSrcset)),
    img: { src, w: width, h: height },
    placeholder: placeholderOf(lock, id),
    attributes: { src, srcSet, width, height, alt, loading: 'lazy', decoding: 'async' },
    variants: sources.filter((source) => !isGeneral(source)).map(variantSource),
  }
}

/** Ids of the images that a page can show, sorted. */
export function shownIds(lock: Lock): readonly string[] {
  return [...lock.images].filter(([, image]) => hasFiles(image)).map(([id]) => id)
}

function isGeneral({ attributes }: MarkupElement): boolean {
  return attributes['media'] === undefined
}

function formatAndSrcset({ attributes }: MarkupElement): [string, string] {
  return [String(attributes['type']).replace('image/', ''), String(attributes['srcset'])]
}

function variantSource({ attributes }: MarkupElement): VariantSource {
  const { media, type, srcset, width, height } = attributes
  return {
    media: String(media),
    type: String(type),
    srcSet: String(srcset),
    width: Number(width),
    height: Number(height),
  }
}
