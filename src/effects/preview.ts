import { DECODE_OPTIONS, sharp } from './sharp.ts'

/** A small WebP of a picture, at most so many pixels wide, for people to choose by; never an output. */
export async function previewOf(bytes: Uint8Array, width: number): Promise<Uint8Array> {
  return sharp(bytes, DECODE_OPTIONS)
    .autoOrient()
    .resize({ width, withoutEnlargement: true })
    .webp({ quality: 78, effort: 2 })
    .toBuffer()
}
