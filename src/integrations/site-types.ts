import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shownIds } from './site-picture.ts'
import type { Site, SiteOptions } from './site.ts'

export interface TypesOptions extends SiteOptions {
  /**
   * Where the types of the ids go, from the site's own folder; false for nowhere. Default, where there is a
   * `tsconfig.json`: `src/pixelkiln-env.d.ts`, or `pixelkiln-env.d.ts` without a `src`.
   */
  readonly types?: string | false
}

/**
 * Types of the modules that the Vite plugin makes, with the ids that a page can show: an id that is not there is a
 * compile error. Stands alone, in place of `pixelkiln/client`.
 */
export function siteTypes({ lock }: Site): string {
  const ids = shownIds(lock)
  const union = ids.map((id) => JSON.stringify(id)).join(' | ') || 'never'
  const modules = ids.map(
    (id) => `
declare module ${JSON.stringify(`virtual:pixelkiln/${id}`)} {
  import type { SitePicture } from 'pixelkiln/vite'
  const picture: SitePicture
  export default picture
}
`,
  )
  // The rules of the site's linter are for what people write.
  return `// Written by pixelkiln; a change is lost with the next build.
/* eslint-disable */
declare module 'virtual:pixelkiln' {
  import type { SitePicture } from 'pixelkiln/vite'
  export type PictureId = ${union}
  export const pictures: Readonly<Record<PictureId, SitePicture>>
}

declare module 'virtual:pixelkiln/_server' {
  import type { PictureOptions } from 'pixelkiln/markup'
  import type { PictureId } from 'virtual:pixelkiln'
  export function html(id: PictureId, options?: Omit<PictureOptions, 'url'>): string
}
${modules.join('')}`
}

/** Writes the types of a site where they are wanted, only when they changed; returns the site. */
export function withTypes(root: string, site: Site, { types }: TypesOptions): Site {
  const wanted = types ?? usualPlace(root)
  if (wanted === false) return site
  const [path, text] = [join(root, wanted), siteTypes(site)]
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
  return site
}

/** Where a type check looks without being told. */
function usualPlace(root: string): string | false {
  if (!existsSync(join(root, 'tsconfig.json'))) return false
  return existsSync(join(root, 'src')) ? 'src/pixelkiln-env.d.ts' : 'pixelkiln-env.d.ts'
}
