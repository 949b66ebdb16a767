import { isAbsolute, relative, sep } from 'node:path'
import { BuildError } from '../core/build-error.ts'
import { inject } from '../markup/inject.ts'
import { encoded, publicPath } from './published.ts'
import { siteError } from './site.ts'
import type { Site } from './site.ts'
import { remoteUrl } from './vite-modules.ts'
import type { ViteConfig } from './vite-shape.ts'

/**
 * Fills the marked elements of a page before Vite reads it: `<picture data-pixelkiln="id">`. Addresses begin at the root,
 * as Vite wants them in a page: it puts its base before them, or copies the file and names it by its content.
 */
export function fillPage(
  html: string,
  page: { readonly path: string; readonly config: ViteConfig; readonly site: Site },
): string {
  const { path, config, site } = page
  try {
    return inject(site.lock, html, {
      file: path.replace(/^\//, ''),
      url: remoteUrl(config, site.lock) ?? fromRoot(config, site),
    })
  } catch (error) {
    throw error instanceof BuildError ? siteError(error.problems) : error
  }
}

function fromRoot({ root, publicDir }: ViteConfig, { out }: Site): string {
  const below = publicPath(publicDir, out)
  if (below !== null) return `/${encoded(below)}`
  const path = relative(root, out)
  const outside = path.startsWith('..') || isAbsolute(path)
  return outside
    ? `/@fs/${encoded(out.split(sep).join('/')).replace(/^\//, '')}`
    : `/${encoded(path.split(sep).join('/'))}`
}
