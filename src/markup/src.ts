import type { Format } from '../core/image.ts'
import type { Lock, LockOutput } from '../core/lock.ts'
import { markupError, recordOf } from './find-image.ts'
import { publicUrl } from './public-url.ts'
import { middleOf, sourcesOf } from './sources.ts'

export interface SrcOptions {
  /** Pixels; the nearest width there is, of two as near the wider. Default: the middle one. */
  readonly width?: number | undefined
  /** Default: the one that everything can show, JPEG or PNG. */
  readonly format?: Format | undefined
  /** Public prefix of the asset folder. Default: what the manifest says. */
  readonly url?: string | undefined
  /** Makes the address absolute: `https://example.com`. */
  readonly site?: string | undefined
}

/** The address of one file of an image, for `og:image`, sitemaps, feeds and CSS. Throws a `BuildError`. */
export function src(lock: Lock, id: string, options: SrcOptions = {}): string {
  const record = recordOf(lock, id)
  const { format, width } = options
  const sources = sourcesOf(record, format === undefined ? {} : { formats: [format] })
  if (!sources) {
    const formats = [...new Set(record.outputs.map((output) => output.format))].join(', ')
    const message = `"${id}" has no ${format} files; it has ${formats}. Add the format to its "outputs", or take one of these.`
    throw markupError(lock, { code: 'usage/wrong', id, message })
  }
  const { fallback } = sources
  const file = width === undefined ? middleOf(fallback) : nearestTo(width, fallback.files)
  const address = publicUrl(lock, file.path, options.url)
  if (options.site === undefined) return address
  return new URL(address, options.site.endsWith('/') ? options.site : `${options.site}/`).href
}

function nearestTo(width: number, files: readonly [LockOutput, ...LockOutput[]]): LockOutput {
  return files.reduce((best, file) =>
    Math.abs(file.width - width) <= Math.abs(best.width - width) ? file : best,
  )
}
