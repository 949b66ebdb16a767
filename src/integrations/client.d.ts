/** Types of the modules that the Vite plugin makes: `/// <reference types="pixelkiln/client" />`. */
declare module 'virtual:pixelkiln' {
  import type { SitePicture } from 'pixelkiln/vite'

  /** The file that the plugin writes has the ids in place of any text. */
  export type PictureId = string
  /** Every picture that has files, by id. */
  export const pictures: Readonly<Record<PictureId, SitePicture>>
}

declare module 'virtual:pixelkiln/_server' {
  import type { PictureOptions } from 'pixelkiln/markup'

  /** The markup of a picture, for pages that are printed, not run in a browser. Throws for an unknown id. */
  export function html(id: string, options?: Omit<PictureOptions, 'url'>): string
}

declare module 'virtual:pixelkiln/*' {
  import type { SitePicture } from 'pixelkiln/vite'

  const picture: SitePicture
  export default picture
}
