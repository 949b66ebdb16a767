import { createHash } from 'node:crypto'
import type { Original } from '../core/image.ts'
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
    const { autoOrient: size, hasAlpha } = await sharp(bytes, DECODE_OPTIONS).metadata()
    const c2pa = findC2pa(bytes, format)
    return {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format,
      width: size.width,
      height: size.height,
      bytes: bytes.byteLength,
      alpha: await decodeAll(bytes, hasAlpha),
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

/** One channel is enough to make the decoder read everything, at a third of the memory; true when a pixel is not opaque. */
async function decodeAll(bytes: Uint8Array, hasAlpha: boolean): Promise<boolean> {
  const channel = hasAlpha ? 'alpha' : 0
  const values = await sharp(bytes, DECODE_OPTIONS).extractChannel(channel).raw({ depth: 'uchar' }).toBuffer()
  return hasAlpha && hasClearPixel(values, 1)
}
