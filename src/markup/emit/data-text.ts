import type { PictureData } from '../picture-data.ts'
import { literal } from './literal.ts'

export const DATA_MARK = '{\n  "generator": "pixelkiln",'

/** The data file: one JSON with every picture by id. */
export function dataText(pictures: ReadonlyMap<string, PictureData>): string {
  return `${literal({ generator: 'pixelkiln', version: 1, images: Object.fromEntries(pictures) })}\n`
}
