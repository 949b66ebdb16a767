import type { Lock } from '../core/lock.ts'
import { publicUrl } from '../markup/public-url.ts'
import { stampsOf } from './published.ts'
import { shownIds, sitePicture } from './site-picture.ts'
import type { SitePicture } from './site-picture.ts'

/** A picture as `next/image` takes it for `src`, with what `<picture>` needs beside it. */
export interface NextPicture extends Pick<SitePicture, 'alt' | 'sources' | 'variants' | 'attributes'> {
  /** A file that every browser shows; for `next/image` the name by which the loader knows those of the best format. */
  readonly src: string
  readonly width: number
  readonly height: number
  readonly blurDataURL?: string
}

/** The files that a Next.js site imports, by name. `stamped`: a page that is served loads a changed file again. */
export function nextFiles(
  lock: Lock,
  { url, stamped }: { readonly url: string; readonly stamped: boolean },
): Readonly<Record<string, string>> {
  const pictures = new Map(shownIds(lock).map((id) => [id, nextPicture(lock, id, url)]))
  const stamps = stamped ? stampsOf(lock, (path) => publicUrl(lock, path, url)) : null
  const ids = [...pictures.keys()].map((id) => JSON.stringify(id))
  return {
    '.gitignore': '*\n',
    'pictures.js': `export const pictures = ${data(Object.fromEntries(pictures), stamps)}\n`,
    'pictures.d.ts': `import type { NextPicture } from 'pixelkiln/next'

export type PictureId = ${ids.join(' | ') || 'never'}
export const pictures: Readonly<Record<PictureId, NextPicture>>
`,
    'loader.js': `const widths = ${data(widthsBySrc([...pictures.values()]), stamps)}

/** The narrowest file that is wide enough, else the widest. */
export default function loader({ src, width }) {
  const files = widths[src] ?? []
  return (files.find((file) => file.width >= width) ?? files.at(-1))?.url ?? src
}
`,
    'picture.js': PICTURE,
    'picture.d.ts': `import type { ComponentProps, ReactElement } from 'react'
import type { PictureId } from './pictures.js'

export function Picture(
  props: { id: PictureId; sizes?: string; priority?: boolean } & Omit<ComponentProps<'img'>, 'src' | 'srcSet' | 'id'>,
): ReactElement
`,
  }
}

/** As JSON; with a digest behind each address that has one. */
function data(value: unknown, stamps: ReadonlyMap<string, string> | null): string {
  return JSON.stringify(value, null, 2).replaceAll(/(?<=["\s])[^"\s,]+/g, (word) => {
    const stamp = stamps?.get(word)
    return stamp === undefined ? word : `${word}?${stamp}`
  })
}

/** Every width there is, so that the browser is told no width that no file has. */
export function nextWidths(lock: Lock): readonly number[] {
  const outputs = [...lock.images.values()].flatMap(({ bought, draft }) => (bought ?? draft)?.outputs ?? [])
  return [...new Set(outputs.map(({ width }) => width))].sort((one, other) => one - other)
}

function nextPicture(lock: Lock, id: string, url: string): NextPicture {
  const { alt, sources, variants, attributes, placeholder } = sitePicture(lock, id, url)
  return {
    src: attributes.src,
    width: attributes.width,
    height: attributes.height,
    ...(placeholder ? { blurDataURL: placeholder.uri } : {}),
    alt,
    sources,
    variants,
    attributes,
  }
}

interface File {
  readonly url: string
  readonly width: number
}

function widthsBySrc(pictures: readonly NextPicture[]): Readonly<Record<string, readonly File[]>> {
  return Object.fromEntries(
    pictures.map((picture) => [
      picture.src,
      filesOf(Object.values(picture.sources)[0] ?? picture.attributes.srcSet),
    ]),
  )
}

/** Addresses hold neither blanks nor commas. */
function filesOf(srcset: string): readonly File[] {
  return srcset.split(', ').map((part) => {
    const [url = '', width = ''] = part.split(' ')
    return { url, width: Number.parseInt(width, 10) }
  })
}

const PICTURE = `import { createElement } from 'react'
import { pictures } from './pictures.js'

export function Picture({ id, sizes = '100vw', priority = false, ...more }) {
  const { sources, variants, attributes } = pictures[id]
  const shown = priority ? sizes : \`auto, \${sizes}\`
  const first = priority ? { loading: 'eager', fetchPriority: 'high' } : {}
  return createElement(
    'picture',
    null,
    ...variants.map((source, index) => createElement('source', { key: index, sizes: shown, ...source })),
    ...Object.entries(sources).map(([format, srcSet]) =>
      createElement('source', { key: format, type: \`image/\${format}\`, sizes: shown, srcSet }),
    ),
    createElement('img', { ...attributes, ...first, sizes: shown, ...more }),
  )
}
`
