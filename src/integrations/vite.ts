import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { publicPath, removeLock } from './published.ts'
import type { Watcher } from '../watch/options.ts'
import { buildSite, readSite } from './site.ts'
import type { Site, SiteOptions } from './site.ts'
import { allModule, assetsOf, pictureModule, serverModule } from './vite-modules.ts'
import type { Asset, ViteConfig } from './vite-modules.ts'
import { reloadModules, watchSite } from './vite-server.ts'
import type { ViteServer } from './vite-server.ts'

export type { SitePicture, VariantSource } from './site-picture.ts'

const ALL = 'virtual:pixelkiln'
const SERVER = '/_server'

/** What Vite asks of a plugin, told by shape, so that Vite itself is no dependency. */
export interface VitePlugin {
  readonly name: string
  /** The site as it was read last; null before the first build. */
  readonly api: { readonly latest: () => Site | null }
  readonly configResolved: (config: ViteConfig) => void
  readonly configureServer: (server: ViteServer) => void
  readonly buildStart: (this: { readonly addWatchFile: (path: string) => void }) => Promise<void>
  readonly resolveId: (source: string) => string | null
  readonly load: (this: { emitFile(file: Asset): string }, id: string) => Promise<string | null>
  readonly writeBundle: (output: { readonly dir?: string | undefined }) => Promise<void>
  readonly closeBundle: () => Promise<void>
}

/**
 * The Vite plugin. Brings the pictures up to date before a site is built or served, and gives them to pages as
 * `virtual:pixelkiln` (all of them, by id) and `virtual:pixelkiln/<id>`. Files below `public` keep their names; those of
 * an asset folder elsewhere are named by their content and copied by Vite.
 */
export function pixelkiln(options: SiteOptions = {}): VitePlugin {
  let config: ViteConfig = { root: '.', base: '/', publicDir: '', command: 'build' }
  let latest: Site | null = null
  let site: Promise<Site> | null = null
  let server: ViteServer | null = null
  let watcher: Watcher | null = null
  const ready = async (): Promise<Site> => {
    const draft = options.draft ?? config.command === 'serve'
    latest = await (site ??= buildSite(config.root, { ...options, draft }))
    return latest
  }
  /** The code of every module that pages have, by name; none for one that failed. */
  const given = new Map<string, string | null>()
  const exchange = async (serving: ViteServer): Promise<void> => {
    site = readSite(config.root, options)
    const now = await ready()
    const others = [...given].filter(([name, code]) => code !== codeOrNull(name, config, now))
    await reloadModules(
      serving,
      others.map(([name]) => moduleId(name)),
    )
  }
  return {
    name: 'pixelkiln',
    api: { latest: () => latest },
    configResolved(resolved) {
      config = resolved
    },
    configureServer(serving) {
      server = serving
    },
    async buildStart() {
      const serving = server
      site = null
      if (!serving) return this.addWatchFile((await ready()).manifest)
      // A mistake must not end the server: the watch tells it and waits for the next save.
      await ready().catch(() => undefined)
      watcher ??= watchSite(config.root, options, {
        server: serving,
        changed: () => void exchange(serving).catch(() => undefined),
      })
    },
    resolveId: (source) =>
      source === ALL || source.startsWith(`${ALL}/`) ? moduleId(source.slice(ALL.length)) : null,
    async load(id) {
      if (!id.startsWith(moduleId(''))) return null
      const name = id.slice(moduleId('').length)
      given.set(name, null)
      const code = moduleCode(name, config, await ready(), (path) => this.emitFile(assetOf(path)))
      given.set(name, code)
      return code
    },
    async writeBundle({ dir }) {
      const below = publicPath(config.publicDir, (await ready()).out)
      if (below !== null && dir !== undefined) removeLock(dir, below)
    },
    async closeBundle() {
      await watcher?.close()
    },
  }
}

function assetOf(path: string): Asset {
  return { type: 'asset', name: basename(path), source: readFileSync(path) }
}

function moduleId(name: string): string {
  return `\0${ALL}${name}`
}

function codeOrNull(name: string, config: ViteConfig, site: Site): string | null {
  try {
    return moduleCode(name, config, site, () => '')
  } catch {
    return null
  }
}

function moduleCode(name: string, config: ViteConfig, site: Site, emit: (path: string) => string): string {
  const assets = { ...assetsOf(config, site), emit }
  if (name === '') return allModule(site.lock, assets)
  if (name === SERVER) return serverModule(site.lock, assets)
  return pictureModule(site.lock, name.slice(1), assets)
}
