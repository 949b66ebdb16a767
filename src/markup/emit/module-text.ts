import type { PictureData } from '../picture-data.ts'
import { literal } from './literal.ts'

export const MODULE_MARK = '// Written by pixelkiln'
/** The rules of the project that it is written into are for what people write. */
const HEAD = `${MODULE_MARK}; a change is lost with the next build.\n/* eslint-disable */\n`

/** The shape of a picture, so that the module stands on its own. */
const SHAPE = `export interface Picture {
  readonly alt: string
  readonly decorative: boolean
  readonly width: number
  readonly height: number
  readonly aspect: string
  readonly src: string
  readonly srcset: string
  readonly sources: readonly {
    readonly media: string | null
    readonly type: string
    readonly srcset: string
    readonly width: number
    readonly height: number
  }[]
  readonly files: Readonly<
    Record<string, readonly { readonly src: string; readonly width: number; readonly height: number; readonly bytes: number }[]>
  >
  readonly placeholder: { readonly thumbhash: string; readonly colour: string; readonly uri: string } | null
  readonly variants: readonly { readonly media: string; readonly id: string }[]
  readonly draft: 'sketch' | 'emulator' | null
}
`

const NAMES = `export type PictureId = keyof PictureFacts
export type Pictures = { readonly [Id in PictureId]: Picture & PictureFacts[Id] }
`

/** A TypeScript module: the pictures, the union of their ids, their sizes and alt texts as literal types. */
export function typedModuleText(pictures: ReadonlyMap<string, PictureData>): string {
  return `${HEAD}${types(pictures)}\nexport const pictures: Pictures = ${valueOf(pictures)}\n`
}

/** The same without types. */
export function moduleText(pictures: ReadonlyMap<string, PictureData>): string {
  return `${HEAD}export const pictures = ${valueOf(pictures)}\n`
}

/** The types of a JavaScript module. */
export function declarationText(pictures: ReadonlyMap<string, PictureData>): string {
  return `${HEAD}${types(pictures)}\nexport declare const pictures: Pictures\n`
}

function valueOf(pictures: ReadonlyMap<string, PictureData>): string {
  return literal(Object.fromEntries(pictures))
}

function types(pictures: ReadonlyMap<string, PictureData>): string {
  const facts = [...pictures].map(
    ([id, { width, height, alt }]) =>
      `  readonly ${literal(id)}: { readonly width: ${width}; readonly height: ${height}; readonly alt: ${literal(alt)} }\n`,
  )
  return `${SHAPE}\nexport interface PictureFacts {\n${facts.join('')}}\n\n${NAMES}`
}
