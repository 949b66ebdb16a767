import { rmSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { LOCK_NAME } from '../core/lock.ts'
import { buildSite } from './site.ts'
import type { Site, SiteOptions } from './site.ts'
import { allModule, encoded, pictureModule, serverModule } from './vite-modules.ts'
import type { Assets } from './vite-modules.ts'

export type { PictureData, VariantSource } from './picture-data.ts'

const ALL = 'virtual:pixelkiln'

/** What Vite asks of a plugin, told by shape, so that Vite itself is no dependency. */
export interface VitePlugin {
  readonly name: string
  readonly configResolved: (config: ViteConfig) => void
  readonly buildStart: (this: { readonly addWatchFile: (path: string) => void }) => Promise<void>
  readonly resolveId: (source: string) => string | null
  readonly load: (id: string) => Promise<string | null>
  readonly writeBundle: (output: { readonly dir?: string | undefined }) => Promise<void>
}

interface ViteConfig {
  readonly root: string
  readonly base: string
  /** Absolute; empty for none. */
  readonly publicDir: string
  readonly command: 'build' | 'serve'
}

/**
 * The Vite plugin. Brings the pictures up to date before a site is built or served, and gives them to pages as
 * `virtual:pixelkiln` (all of them, by id) and `virtual:pixelkiln/<id>`. Files below `public` keep their names; those of
 * an asset folder elsewhere are named by their content and copied by Vite.
 */
export function pixelkiln(options: SiteOptions = {}): VitePlugin {
  let config: ViteConfig = { root: '.', base: '/', publicDir: '', command: 'build' }
  let site: Promise<Site> | null = null
  const ready = async (): Promise<Site> => {
    const draft = options.draft ?? config.command === 'serve'
    return (site ??= buildSite(config.root, { ...options, draft }))
  }
  return {
    name: 'pixelkiln',
    configResolved(resolved) {
      config = resolved
    },
    async buildStart() {
      site = null
      this.addWatchFile((await ready()).manifest)
    },
    resolveId: (source) => (source === ALL || source.startsWith(`${ALL}/`) ? `\0${source}` : null),
    async load(id) {
      if (!id.startsWith(`\0${ALL}`)) return null
      return moduleCode(id.slice(ALL.length + 2), config, await ready())
    },
    async writeBundle({ dir }) {
      const below = publicPath(config, (await ready()).out)
      if (below !== null && dir !== undefined) rmSync(join(dir, below, LOCK_NAME), { force: true })
    },
  }
}

function moduleCode(name: string, config: ViteConfig, site: Site): string {
  const assets = assetsOf(config, site)
  if (name === '') return allModule(site.lock, assets)
  return name === '_server' ? serverModule(site.lock, assets) : pictureModule(site.lock, name, assets)
}

function assetsOf(config: ViteConfig, { lock, out }: Site): Assets {
  const { base, command } = config
  const serving = command === 'serve'
  const below = publicPath(config, out)
  if (!serving && lock.url !== null && /^(https?:)?\/\//.test(lock.url)) {
    return { by: 'url', prefix: lock.url.replace(/\/$/, ''), stamped: false }
  }
  if (below === null) {
    const folder = out.split(sep).join('/')
    return serving
      ? { by: 'url', prefix: `${base}@fs/${encoded(folder.replace(/^\//, ''))}`, stamped: true }
      : { by: 'import', prefix: folder, stamped: false }
  }
  const path = below === '' ? '' : `/${below}`
  // Only Vite knows how far up a relative base must go from each page.
  if (!base.endsWith('/') || base === './') return { by: 'import', prefix: path, stamped: false }
  return { by: 'url', prefix: `${base.slice(0, -1)}${encoded(path)}`, stamped: serving }
}

/** Where the asset folder lies below `public`; null when it lies elsewhere. */
function publicPath({ publicDir }: ViteConfig, out: string): string | null {
  if (publicDir === '') return null
  const below = relative(publicDir, out)
  return below.startsWith('..') || isAbsolute(below) ? null : below.split(sep).join('/')
}
