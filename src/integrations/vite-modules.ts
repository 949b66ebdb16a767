import { sep } from 'node:path'
import { ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import { encoded, publicPath, publicPrefix, stampsOf } from './published.ts'
import { sitePicture, shownIds } from './site-picture.ts'
import type { Site } from './site.ts'
import type { ViteConfig } from './vite-shape.ts'

/** How a page gets at the files of the asset folder. */
export interface Assets {
  /**
   * `url` is written as it is; `emit` gives the file to Vite, which names it by its content; `import` asks Vite for the
   * address of a public file. An import would not do for the others: plugins that optimize images take those.
   */
  readonly by: 'url' | 'emit' | 'import'
  /** Before a path: a public prefix for `url`, an absolute folder for `emit`, one from the root for `import`. No slash at its end. */
  readonly prefix: string
  /** Puts the content's digest behind an address: while serving, no page would load a changed file again without. */
  readonly stamped: boolean
}

/** With the way to give a file to Vite: takes its path, returns Vite's name for it. */
export interface GivenAssets extends Assets {
  readonly emit: (path: string) => string
}

/** Stands for the asset folder until the code is written. */
const MARK = 'pixelkiln-asset:'
const MARKED = /pixelkiln-asset:\/([^"\\\s,]+)/g

/** The code of `virtual:pixelkiln/<id>`. Throws a `BuildError` for an unknown id. */
export function pictureModule(lock: Lock, id: string, assets: GivenAssets): string {
  return withAssets(`export default ${JSON.stringify(sitePicture(lock, id, MARK))}`, lock, assets)
}

/** The code of `virtual:pixelkiln`: every picture that has files, by id. */
export function allModule(lock: Lock, assets: GivenAssets): string {
  const pictures = Object.fromEntries(shownIds(lock).map((id) => [id, sitePicture(lock, id, MARK)]))
  return withAssets(`export const pictures = ${JSON.stringify(pictures)}`, lock, assets)
}

/** The code of `virtual:pixelkiln/_server`: `html(id, options)` for pages that are printed, not run in a browser. */
export function serverModule(lock: Lock, assets: GivenAssets): string {
  const images = JSON.stringify([...lock.images])
  const paths = [...lock.images.values()].flatMap((image) =>
    ownedPaths(image).map(({ path }) => encoded(path)),
  )
  const urls = JSON.stringify(Object.fromEntries(paths.map((path) => [path, `${MARK}/${path}`])))
  const code = `import { picture, toHtml } from 'pixelkiln/markup'
const lock = { images: new Map(${images}) }
const urls = ${urls}
export const html = (id, options) =>
  toHtml(picture(lock, id, { ...options, url: '${MARK}' })).replaceAll(${MARKED}, (_, path) => urls[path])`
  return withAssets(code, lock, assets)
}

function withAssets(code: string, lock: Lock, assets: GivenAssets): string {
  const stamps = assets.stamped ? stampsOf(lock, encoded) : null
  const names = new Map<string, string>()
  const body = code.replaceAll(MARKED, (_, path: string) => {
    if (assets.by === 'url') {
      const stamp = stamps?.get(path)
      return `${assets.prefix}/${path}${stamp === undefined ? '' : `?${stamp}`}`
    }
    if (assets.by === 'emit') {
      // The mark by which Vite's own asset plugin finds a file that was emitted.
      return `__VITE_ASSET__${assets.emit(`${assets.prefix}/${decodeURIComponent(path)}`)}__`
    }
    const name = names.get(path) ?? `asset${names.size}`
    names.set(path, name)
    return `" + ${name} + "`
  })
  const imports = [...names].map(([path, name]) => {
    // Without a query: those plugins that optimize images take every import that has one.
    const file = `${assets.prefix}/${decodeURIComponent(path)}`
    return `import ${name} from ${JSON.stringify(file)}\n`
  })
  return `${imports.join('')}${body}\n`
}

/** How pages of a site get at its files. */
export function assetsOf(config: ViteConfig, { lock, out }: Site): Assets {
  const { base, command } = config
  const serving = command === 'serve'
  const below = publicPath(config.publicDir, out)
  const remote = remoteUrl(config, lock)
  if (remote !== null) return { by: 'url', prefix: remote, stamped: false }
  if (below === null) {
    const folder = out.split(sep).join('/')
    return serving
      ? { by: 'url', prefix: `${base}@fs/${encoded(folder.replace(/^\//, ''))}`, stamped: true }
      : { by: 'emit', prefix: folder, stamped: false }
  }
  // Only Vite knows how far up a relative base must go from each page.
  const isRelative = base === '' || base === './'
  if (isRelative) return { by: 'import', prefix: below === '' ? '' : `/${below}`, stamped: false }
  return { by: 'url', prefix: publicPrefix(base, below), stamped: serving }
}

/** The address on another host that the manifest gives, for what is built; no slash at its end. */
export function remoteUrl({ command }: ViteConfig, { url }: Lock): string | null {
  return command === 'build' && url !== null && /^(https?:)?\/\//.test(url) ? url.replace(/\/$/, '') : null
}
