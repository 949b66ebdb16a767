import type { Original } from '../core/image.ts'
import { sha256Of } from './files.ts'
import { findC2pa } from './find-c2pa.ts'
import { errorText, hasClearPixel } from './raw.ts'
import { DECODE_OPTIONS, sharp } from './sharp.ts'
import { sniffPicture } from './sniff-picture.ts'

/** The bytes cannot be an original; the message says what they are instead: "an HTML page", "a PNG that is cut off". */
export class BadPictureError extends Error {
  override readonly name: string = 'BadPictureError'
}

/**
 * Looks at the bytes of a picture that has just arrived: kind, size as people see it (EXIF orientation applied), true
 * transparency, sha256. Decodes every pixel of the first frame, because headers read well on a truncated file.
 * Throws a `BadPictureError` for anything that is not a whole PNG, JPEG, WebP, AVIF or GIF of at most 50 megapixels.
 */
export async function inspectOriginal(bytes: Uint8Array): Promise<Original> {
  const sniffed = sniffPicture(bytes)
  if (sniffed.kind === 'other') throw new BadPictureError(sniffed.what)
  const { format } = sniffed
  const article = format === 'avif' ? 'an' : 'a'
  if (endsEarly(format, bytes))
    throw new BadPictureError(`${article} ${format.toUpperCase()} that is cut off`)
  try {
    const c2pa = findC2pa(bytes, format)
    const { width, height, alpha } = await decodeAll(bytes, format)
    return {
      sha256: sha256Of(bytes),
      format,
      width,
      height,
      bytes: bytes.byteLength,
      alpha,
      ...(c2pa === null ? {} : { c2pa }),
    }
  } catch (error) {
    const reason = `damaged, cut off or too large (${errorText(error)})`
    throw new BadPictureError(`${article} ${format.toUpperCase()} that is ${reason}`, { cause: error })
  }
}

/**
 * Cut ends that decoders do not notice: a PNG without its last chunk still has all pixels, and of an animation only
 * the first frame is decoded.
 */
function endsEarly(format: Original['format'], bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (format === 'png') {
    const last = buffer.lastIndexOf('IEND')
    return last === -1 || last + 8 > buffer.length
  }
  if (format === 'gif') return lastByte(buffer) !== GIF_TRAILER
  return format === 'webp' && buffer.readUInt32LE(4) + 8 > buffer.length
}

const GIF_TRAILER = 0x3b

/** Of what was written: some programs pad a file with zeros. */
function lastByte(buffer: Buffer): number | undefined {
  let at = buffer.length - 1
  while (buffer[at] === 0) at -= 1
  return buffer[at]
}

/**
 * One channel is enough to make the decoder read everything, at a third of the memory. Alpha is true when a pixel is not
 * opaque; the size is of the picture as people see it.
 */
async function decodeAll(
  bytes: Uint8Array,
  format: Original['format'],
): Promise<Pick<Original, 'width' | 'height' | 'alpha'>> {
  if (format === 'png' && isOpaque(bytes)) {
    const red = sharp(bytes, DECODE_OPTIONS).autoOrient().extractChannel(0).raw({ depth: 'uchar' })
    const { info } = await red.toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, alpha: false }
  }
  const { autoOrient: size, hasAlpha } = await sharp(bytes, DECODE_OPTIONS).metadata()
  const channel = hasAlpha ? 'alpha' : 0
  const values = await sharp(bytes, DECODE_OPTIONS).extractChannel(channel).raw({ depth: 'uchar' }).toBuffer()
  return { width: size.width, height: size.height, alpha: hasAlpha && hasClearPixel(values, 1) }
}

/**
 * Whether a PNG says of itself that no pixel is transparent: without a channel for it, nor a chunk before its pixels that
 * makes a colour so. To ask the decoder is a third of the time that a small picture is looked at.
 */
function isOpaque(png: Uint8Array): boolean {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  if (!OPAQUE_COLOUR_TYPES.has(file[COLOUR_TYPE_AT])) return false
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const chunk = file.toString('latin1', at + 4, at + 8)
    if (chunk === 'IDAT' || chunk === 'tRNS') return chunk === 'IDAT'
  }
  return false
}

const COLOUR_TYPE_AT = 25
/** Grey and RGB. */
const OPAQUE_COLOUR_TYPES: ReadonlySet<number | undefined> = new Set([0, 2])
