import { FORMATS } from '../core/image.ts'
import type { Lock, LockDraft, LockImage } from '../core/lock.ts'
import { findImage, recordOf } from './find-image.ts'
import { picture } from './picture.ts'
import { placeholderOf } from './placeholder.ts'
import type { Placeholder } from './placeholder.ts'
import { publicUrl } from './public-url.ts'

/** Everything a template needs of one image. */
export interface PictureData {
  /** Empty for a decorative picture, and where the manifest has none. */
  readonly alt: string
  readonly decorative: boolean
  /** Of the widest file. */
  readonly width: number
  readonly height: number
  /** `16:9`. */
  readonly aspect: string
  /** For `<img src>`: a middle width of what every browser shows. */
  readonly src: string
  /** For `<img srcset>`. */
  readonly srcset: string
  /** For `<source>`, in the order in which they must stand; other crops, with their `media`, first. */
  readonly sources: readonly SourceData[]
  /** Every file by format, narrow to wide. */
  readonly files: Readonly<Record<string, readonly FileData[]>>
  readonly placeholder: Placeholder | null
  /** The other crops by their media. */
  readonly variants: LockImage['variants']
  /** Who drew the stand-in that this is; null for the real picture. */
  readonly draft: LockDraft['by'] | null
}

export interface SourceData {
  readonly media: string | null
  readonly type: string
  readonly srcset: string
  readonly width: number
  readonly height: number
}

export interface FileData {
  readonly src: string
  readonly width: number
  readonly height: number
  readonly bytes: number
}

/** What data files and modules say of one image. Throws a `BuildError` for an unknown id or one without files. */
export function pictureData(
  lock: Lock,
  id: string,
  options: { readonly url?: string | undefined } = {},
): PictureData {
  const image = findImage(lock, id)
  const record = recordOf(lock, id)
  const alt = image.decorative ? '' : (image.alt ?? '')
  const markup = picture(lock, id, { url: options.url, ...(alt === '' ? { decorative: true } : { alt }) })
  const img = (markup.children.at(-1) ?? markup).attributes
  const [width, height] = [Number(img['width']), Number(img['height'])]
  const sources = markup.children.slice(0, -1).map(({ attributes: source }): SourceData => ({
    media: source['media'] === undefined ? null : String(source['media']),
    type: String(source['type']),
    srcset: String(source['srcset']),
    width: Number(source['width'] ?? width),
    height: Number(source['height'] ?? height),
  }))
  const files = FORMATS.map((format): [string, readonly FileData[]] => [
    format,
    record.outputs
      .filter((output) => output.format === format)
      .sort((one, other) => one.width - other.width)
      .map(({ path, width, height, bytes }) => ({
        src: publicUrl(lock, path, options.url),
        width,
        height,
        bytes,
      })),
  ])
  return {
    alt,
    decorative: image.decorative,
    width,
    height,
    aspect: record.aspect,
    src: String(img['src']),
    srcset: String(img['srcset']),
    sources,
    files: Object.fromEntries(files.filter(([, some]) => some.length > 0)),
    placeholder: placeholderOf(lock, id),
    variants: image.variants,
    draft: record === image.draft ? image.draft.by : null,
  }
}
