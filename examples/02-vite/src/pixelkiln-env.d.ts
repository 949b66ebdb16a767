// Written by pixelkiln; a change is lost with the next build.
/* eslint-disable */
declare module 'virtual:pixelkiln' {
  import type { SitePicture } from 'pixelkiln/vite'
  export type PictureId = "home/hero" | "lamp"
  export const pictures: Readonly<Record<PictureId, SitePicture>>
}

declare module 'virtual:pixelkiln/_server' {
  import type { PictureOptions } from 'pixelkiln/markup'
  import type { PictureId } from 'virtual:pixelkiln'
  export function html(id: PictureId, options?: Omit<PictureOptions, 'url'>): string
}

declare module "virtual:pixelkiln/home/hero" {
  import type { SitePicture } from 'pixelkiln/vite'
  const picture: SitePicture
  export default picture
}

declare module "virtual:pixelkiln/lamp" {
  import type { SitePicture } from 'pixelkiln/vite'
  const picture: SitePicture
  export default picture
}
