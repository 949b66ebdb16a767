import { basename, isAbsolute, relative, sep } from 'node:path'
import { LOCK_NAME } from '../core/lock.ts'
import type { MarkupElement } from '../markup/element.ts'
import { markdownPicture, namesPicture } from '../markup/markdown-picture.ts'
import { picture } from '../markup/picture.ts'
import type { PictureOptions } from '../markup/picture.ts'
import { src } from '../markup/src.ts'
import type { SrcOptions } from '../markup/src.ts'
import { toHtml } from '../markup/to-html.ts'
import { shownIds, sitePicture } from './site-picture.ts'
import { buildSite, readSite } from './site.ts'
import type { Site, SiteOptions } from './site.ts'

/** What this plugin asks of Eleventy's config, told by shape. */
export interface EleventyConfig {
  readonly pathPrefix?: string
  readonly directories: { readonly input: string }
  readonly hasPlugin: (name: string) => boolean
  readonly on: (event: string, act: (run: { readonly runMode: string }) => Promise<void>) => void
  readonly addShortcode: (
    name: string,
    print: (id: string, options?: string | PictureOptions) => string,
  ) => void
  readonly addFilter: (name: string, print: (id: string, options?: SrcOptions) => string) => void
  readonly addGlobalData: (name: string, data: () => unknown) => void
  readonly addPassthroughCopy: (
    paths: Readonly<Record<string, string>>,
    options: { readonly filter: (path: string) => boolean },
  ) => void
  readonly addWatchTarget: (path: string) => void
  readonly amendLibrary: (name: string, amend: (library: MarkdownIt) => void) => void
}

interface MarkdownIt {
  readonly renderer: { readonly rules: { image?: RenderImage } }
}

type RenderImage = (tokens: readonly Token[], index: number, ...more: readonly unknown[]) => string

interface Token {
  readonly content: string
  readonly attrGet: (name: string) => string | null
}

const HTML_BASE = '@11ty/eleventy/html-base-plugin'

/**
 * The Eleventy plugin: `{% picture "home/hero" %}` and `![Keeper](pixelkiln:home/hero)` print markup, `pixelkiln` is
 * data, `pixelkilnSrc` one address. The asset folder is copied without its lock; the manifest is watched.
 */
export async function pixelkiln(config: EleventyConfig, options: SiteOptions = {}): Promise<void> {
  let site: Site = await readSite('.', options)
  const folder = below('.', site.out)
  const target = below(config.directories.input, site.out)
  const published = target.startsWith('..') ? folder : target
  const url = (): string => {
    // The base plugin puts the prefix before every address of a page by itself.
    const prefix = config.hasPlugin(HTML_BASE) ? '' : (config.pathPrefix ?? '').replace(/\/$/, '')
    return site.lock.url ?? `${prefix}/${published}`
  }
  const html = (id: string, given: PictureOptions): string =>
    toHtml(ignored(picture(site.lock, id, { url: url(), ...given })))

  config.on('eleventy.before', async ({ runMode }) => {
    site = await buildSite('.', { ...options, draft: options.draft ?? runMode !== 'build' })
  })
  config.addWatchTarget(below('.', site.manifest))
  config.addPassthroughCopy({ [folder]: published }, { filter: (path) => basename(path) !== LOCK_NAME })
  config.addShortcode('picture', (id, given = {}) =>
    html(id, typeof given === 'string' ? { sizes: given } : given),
  )
  config.addFilter('pixelkilnSrc', (id, given) => src(site.lock, id, { url: url(), ...given }))
  config.addGlobalData('pixelkiln', () =>
    Object.fromEntries(shownIds(site.lock).map((id) => [id, sitePicture(site.lock, id, url())])),
  )
  config.amendLibrary('md', ({ renderer: { rules } }) => {
    const plain = rules.image
    rules.image = (tokens, index, ...more) => {
      const token = tokens[index]
      const [address, title] = [token?.attrGet('src') ?? '', token?.attrGet('title')]
      const image = { url: address, alt: token?.content, title }
      const drawn = namesPicture(address) ? markdownPicture(site.lock, image, { url: url() }) : null
      return drawn ? toHtml(ignored(drawn)) : (plain?.(tokens, index, ...more) ?? '')
    }
  })
}

/** Its files are made already: Eleventy's own image plugin leaves what says so alone. */
function ignored(element: MarkupElement): MarkupElement {
  const { tag, attributes, children } = element
  if (tag !== 'img') return { ...element, children: children.map(ignored) }
  return { tag, attributes: { ...attributes, 'eleventy:ignore': true }, children }
}

function below(folder: string, path: string): string {
  const short = relative(folder, path)
  return (isAbsolute(short) ? path : short).split(sep).join('/')
}
