import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { watch } from '../watch.ts'
import type { Watcher } from '../watch/options.ts'
import { nextFiles, nextWidths } from './next-files.ts'
import { publicPath, publicPrefix, removeLock } from './published.ts'
import { buildSite, readSite, siteError } from './site.ts'
import type { Site, SiteOptions } from './site.ts'

export type { NextPicture } from './next-files.ts'

/** What this touches in the config of Next.js, told by shape. */
export interface NextConfig {
  readonly basePath?: string
  readonly distDir?: string
  readonly output?: string
}

export interface NextOptions extends SiteOptions {
  /** Ends the watch of `next dev` when it aborts. */
  readonly signal?: AbortSignal
}

/**
 * Wraps the config of a Next.js site. Brings the pictures up to date before a build and with every save while serving,
 * writes the modules that pages import to `.pixelkiln/next/` (`pictures`, `picture`), and gives `next/image` a loader
 * that knows the files there are, so that a static export needs no image server.
 */
export function withPixelkiln<T extends object>(
  config: T & NextConfig,
  options: NextOptions = {},
): (phase: string) => Promise<T> {
  let watcher: Watcher | null = null
  return async (phase) => {
    const serving = phase === 'phase-development-server'
    const makes = serving || phase === 'phase-production-build'
    const settings = { ...options, draft: options.draft ?? serving }
    const site = makes ? await buildSite('.', settings) : await readSite('.', options)
    const folder = join(dirname(site.manifest), '.pixelkiln/next')
    const below = belowPublic(site)
    const write = ({ lock }: Site): void => {
      const url = lock.url ?? publicPrefix(`${config.basePath ?? ''}/`, below)
      writeFiles(folder, nextFiles(lock, { url, stamped: serving }))
    }
    write(site)
    if (serving) watcher ??= follow(options, write)
    if (config.output === 'export' && !serving) publishWithoutLock(config.distDir ?? 'out', below)
    const images = {
      loader: 'custom',
      loaderFile: `./${relative('.', join(folder, 'loader.js')).replaceAll('\\', '/')}`,
      deviceSizes: nextWidths(site.lock),
      imageSizes: [],
    }
    return { ...config, images: { ...images, ...('images' in config ? (config.images as object) : {}) } }
  }
}

/** Pages import what is written, so Next.js sees a change by itself. What is wrong is told; what was made last stays. */
function follow(options: NextOptions, write: (site: Site) => void): Watcher {
  return watch({
    ...(options.manifest === undefined ? {} : { manifest: options.manifest }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onEvent: (event) => {
      if (event.type === 'rebuilt') readSite('.', options).then(write).catch(tell)
      if (event.type === 'broken') tell(siteError(event.problems))
    },
  })
}

function tell(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}

function belowPublic({ out }: Site): string {
  const below = publicPath(resolve('public'), out)
  if (below !== null) return below
  const message = 'Next.js publishes pictures from "public" only. Move "out" of the manifest there.'
  throw siteError([{ code: 'usage/wrong', message }])
}

/** Written only when changed: a server that watches them would never come to rest. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
  }
}

/** Next.js copies `public` last of all and tells nobody. */
function publishWithoutLock(published: string, below: string): void {
  process.once('exit', () => removeLock(published, below))
}
