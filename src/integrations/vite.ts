import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { publicPath, removeLock } from './published.ts'
import type { Watcher } from '../watch/options.ts'
import { buildSite, readSite } from './site.ts'
import type { Site } from './site.ts'
import { withTypes } from './site-types.ts'
import type { TypesOptions } from './site-types.ts'
import { allModule, assetsOf, pictureModule, serverModule } from './vite-modules.ts'
import { fillPage } from './vite-page.ts'
import { reloadModules, reloadPages, watchSite } from './vite-server.ts'
import type { ViteServer } from './vite-server.ts'
import type { Asset, ViteConfig, VitePlugin } from './vite-shape.ts'

export type { SitePicture, VariantSource } from './site-picture.ts'
export type { VitePlugin } from './vite-shape.ts'

const ALL = 'virtual:pixelkiln'
const SERVER = '/_server'

/**
 * The Vite plugin. Brings the pictures up to date before a site is built or served, and gives them to pages as
 * `virtual:pixelkiln` (all of them, by id) and `virtual:pixelkiln/<id>`, and where `index.html` marks them. Files below
 * `public` keep their names; those of an asset folder elsewhere are named by their content and copied by Vite.
 */
export function pixelkiln(options: TypesOptions = {}): VitePlugin {
  let config: ViteConfig = { root: '.', base: '/', publicDir: '', command: 'build' }
  let latest: Site | null = null
  let site: Promise<Site> | null = null
  let server: ViteServer | null = null
  let watcher: Watcher | null = null
  const typed = (found: Site): Site => withTypes(config.root, found, options)
  const ready = async (): Promise<Site> => {
    const draft = options.draft ?? config.command === 'serve'
    latest = await (site ??= buildSite(config.root, { ...options, draft }).then(typed))
    return latest
  }
  /** The code of every module that pages have, by name; none for one that failed. */
  const given = new Map<string, string | null>()
  let pagesFilled = false
  const exchange = async (serving: ViteServer): Promise<void> => {
    site = readSite(config.root, options).then(typed)
    await reloadModules(serving, changedIn(given, config, await ready()))
    if (pagesFilled) reloadPages(serving)
  }
  return {
    name: 'pixelkiln',
    api: { latest: () => latest },
    configResolved: (resolved) => void (config = resolved),
    configureServer: (serving) => void (server = serving),
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
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { path }) {
        const filled = fillPage(html, { path, config, site: await ready() })
        pagesFilled ||= filled !== html
        return filled
      },
    },
    async writeBundle({ dir }) {
      const below = publicPath(config.publicDir, (await ready()).out)
      if (below !== null && dir !== undefined) removeLock(dir, below)
    },
    closeBundle: async () => watcher?.close(),
  }
}

function assetOf(path: string): Asset {
  return { type: 'asset', name: basename(path), source: readFileSync(path) }
}

function moduleId(name: string): string {
  return `\0${ALL}${name}`
}

/** The modules of which pages have another code than they would get now. */
function changedIn(
  given: ReadonlyMap<string, string | null>,
  config: ViteConfig,
  site: Site,
): readonly string[] {
  const others = [...given].filter(([name, code]) => code !== codeOrNull(name, config, site))
  return others.map(([name]) => moduleId(name))
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
