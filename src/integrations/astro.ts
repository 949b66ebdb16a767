import { fileURLToPath } from 'node:url'
import { markdownPicture, namesPicture } from '../markup/markdown-picture.ts'
import { remarkPictures, satteriPictures } from './markdown.ts'
import type { Draw } from './markdown.ts'
import { publicPath, publicPrefix, removeLock } from './published.ts'
import { shownIds, sitePicture } from './site-picture.ts'
import { buildSite, readSite, siteError } from './site.ts'
import type { Site, SiteOptions } from './site.ts'
import { siteTypes } from './site-types.ts'
import { pixelkiln as vitePlugin } from './vite.ts'
import type { VitePlugin } from './vite.ts'

/** What this integration asks of Astro, told by shape. */
export interface AstroIntegration {
  readonly name: string
  readonly hooks: {
    readonly 'astro:config:setup': (setup: AstroSetup) => Promise<void>
    readonly 'astro:config:done': (done: {
      readonly injectTypes: (types: { filename: string; content: string }) => unknown
    }) => void
    readonly 'astro:build:done': (done: { readonly dir: URL }) => void
  }
}

interface AstroSetup {
  readonly config: AstroConfig
  readonly command: 'dev' | 'build' | 'preview' | 'sync'
  readonly updateConfig: (more: { vite: { plugins: VitePlugin[] } }) => unknown
}

interface AstroConfig {
  readonly root: URL
  readonly base: string
  readonly publicDir: URL
  readonly markdown?: { readonly processor?: { readonly options: object } }
}

/**
 * The Astro integration: the Vite plugin with its types, and `![Keeper](pixelkiln:home/hero)` in Markdown and MDX. Pages
 * show a picture with the component `pixelkiln/astro/Picture.astro`.
 */
export function pixelkiln(options: SiteOptions = {}): AstroIntegration {
  let below: string | null = null
  let types = ''
  return {
    name: 'pixelkiln',
    hooks: {
      async 'astro:config:setup'({ config, command, updateConfig }) {
        const settings = { ...options, draft: options.draft ?? command === 'dev' }
        const root = fileURLToPath(config.root)
        // Collections are loaded before Vite starts.
        const makes = command === 'build' || command === 'dev'
        const first = makes ? await buildSite(root, settings) : await readSite(root, options)
        types = siteTypes(first)
        const plugin = vitePlugin({ ...settings, types: false })
        below = publicPath(fileURLToPath(config.publicDir), first.out)
        addToMarkdown(config, () => plugin.api.latest() ?? first)
        updateConfig({ vite: { plugins: [plugin] } })
      },
      'astro:config:done'({ injectTypes }) {
        injectTypes({ filename: 'pixelkiln.d.ts', content: types })
      },
      'astro:build:done'({ dir }) {
        if (below !== null) removeLock(fileURLToPath(dir), below)
      },
    },
  }
}

/** What a content collection asks of its loader. */
export interface AstroLoader {
  readonly name: string
  readonly load: (context: {
    readonly config: AstroConfig
    readonly parseData: <T extends Record<string, unknown>>(entry: { id: string; data: T }) => Promise<T>
    readonly store: {
      clear: () => void
      set: (entry: { id: string; data: Record<string, unknown> }) => unknown
    }
  }) => Promise<void>
}

/** Loads every picture as an entry of a content collection, under its id. */
export function pixelkilnLoader(options: Pick<SiteOptions, 'manifest'> = {}): AstroLoader {
  return {
    name: 'pixelkiln',
    async load({ config, parseData, store }) {
      const site = await readSite(fileURLToPath(config.root), options)
      const url = prefixOf(config, site)
      store.clear()
      for (const id of shownIds(site.lock)) {
        store.set({ id, data: await parseData({ id, data: { ...sitePicture(site.lock, id, url) } }) })
      }
    },
  }
}

/** Astro's own processor takes plugins of its own kind, unified takes remark's. */
function addToMarkdown(config: AstroConfig, site: () => Site): void {
  const draw: Draw = (image) =>
    namesPicture(image.url) ? markdownPicture(site().lock, image, { url: prefixOf(config, site()) }) : null
  const options: { mdastPlugins?: unknown[]; remarkPlugins?: unknown[] } = {
    ...config.markdown?.processor?.options,
  }
  options.mdastPlugins?.push(satteriPictures(draw))
  options.remarkPlugins?.push(remarkPictures(draw))
}

/** Collections and Markdown are read before Vite could name a file by its content. */
function prefixOf({ base, publicDir }: AstroConfig, { lock, out }: Site): string {
  if (lock.url !== null) return lock.url
  const below = publicPath(fileURLToPath(publicDir), out)
  if (below !== null) return publicPrefix(base.endsWith('/') ? base : `${base}/`, below)
  throw siteError([
    {
      code: 'usage/wrong',
      message: `Markdown and collections can only show pictures below public. Move "out" there, or give its "url".`,
    },
  ])
}
