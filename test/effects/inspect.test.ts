import { createHash } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BadPictureError, inspectOriginal } from '../../src/effects/inspect.ts'
import { pngChunk } from '../../src/effects/png-chunk.ts'
import { sharp } from '../../src/effects/sharp.ts'
import { gradient, gradientPng, truncated } from '../support/pictures.ts'

const KINDS = {
  png: async () => gradientPng(300, 200, { alpha: true }),
  jpeg: async () => gradient(300, 200).jpeg().toBuffer(),
  'progressive jpeg': async () => gradient(300, 200).jpeg({ progressive: true }).toBuffer(),
  webp: async () => gradient(300, 200).webp().toBuffer(),
  'lossless webp': async () => gradient(300, 200, { alpha: true }).webp({ lossless: true }).toBuffer(),
  avif: async () => gradient(300, 200).avif({ effort: 0 }).toBuffer(),
  gif: async () => gradient(300, 200).gif().toBuffer(),
  'animated webp': async () => animation('webp'),
  'animated gif': async () => animation('gif'),
}

describe('a picture that has just arrived', () => {
  it.each(['png', 'jpeg', 'webp', 'avif', 'gif'] as const)('is described in full: %s', async (format) => {
    const bytes = await gradient(48, 30).toFormat(format).toBuffer()
    expect(await inspectOriginal(bytes)).toEqual({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format,
      width: 48,
      height: 30,
      bytes: bytes.length,
      alpha: false,
    })
  })

  it.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    'has the size people see when EXIF turns it: %s',
    async (format) => {
      const turned = gradient(48, 30).withMetadata({ orientation: 6 })
      const bytes = await turned.toFormat(format).toBuffer()
      expect(await inspectOriginal(bytes)).toMatchObject({ width: 30, height: 48, alpha: false })
    },
  )

  it.each([
    ['grey', 0, [10]],
    ['RGB', 2, [10, 20, 30]],
  ] as const)(
    'has alpha when a chunk of a PNG without alpha makes a colour transparent: %s',
    async (...made) => {
      const [, colourType, pixel] = made
      const clear = pngChunk('tRNS', Buffer.from(pixel.flatMap((value) => [0, value])))
      expect(await inspectOriginal(onePixel(colourType, pixel))).toMatchObject({ width: 1, alpha: false })
      expect(await inspectOriginal(onePixel(colourType, pixel, clear))).toMatchObject({
        width: 1,
        alpha: true,
      })
    },
  )

  it.each(['png', 'webp', 'avif'] as const)('has alpha when a pixel is not opaque: %s', async (format) => {
    const bytes = await gradient(48, 30, { alpha: true }).toFormat(format).toBuffer()
    expect((await inspectOriginal(bytes)).alpha).toBe(true)
  })

  it('has no alpha when its fourth channel is opaque throughout', async () => {
    const bytes = await gradient(48, 30).ensureAlpha().png().toBuffer()
    expect((await sharp(bytes).metadata()).channels).toBe(4)
    expect((await inspectOriginal(bytes)).alpha).toBe(false)
  })

  it('may be grey with transparency, of 16 bits or CMYK', async () => {
    const grey = await gradient(20, 10, { alpha: true }).toColourspace('b-w').png().toBuffer()
    expect((await sharp(grey).metadata()).channels).toBe(2)
    expect((await inspectOriginal(grey)).alpha).toBe(true)
    const deep = await gradient(20, 10, { alpha: true }).toColourspace('rgb16').png().toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    expect((await inspectOriginal(deep)).alpha).toBe(true)
    const cmyk = await gradient(20, 10).toColourspace('cmyk').jpeg().toBuffer()
    expect(await inspectOriginal(cmyk)).toMatchObject({ format: 'jpeg', alpha: false })
  })

  it('is read inside a larger buffer', async () => {
    const bytes = await gradient(48, 30).webp().toBuffer()
    const around = new Uint8Array(bytes.length + 20)
    around.set(bytes, 7)
    const view = around.subarray(7, 7 + bytes.length)
    expect(await inspectOriginal(view)).toEqual(await inspectOriginal(bytes))
  })
})

describe('bytes that cannot be an original', () => {
  it.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
    'a truncated %s is refused wherever it is cut',
    async (kind) => {
      const bytes = await KINDS[kind]()
      await expect(inspectOriginal(bytes)).resolves.toBeDefined()
      for (const share of [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99]) {
        await expect(inspectOriginal(truncated(bytes, share))).rejects.toThrow(BadPictureError)
      }
      await expect(inspectOriginal(bytes.subarray(0, -3))).rejects.toThrow(BadPictureError)
    },
  )

  it('a PNG with a wrong checksum is refused', async () => {
    const bytes = Buffer.from(await gradientPng(64, 64, { noise: 40 }))
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    await expect(inspectOriginal(bytes)).rejects.toThrow(BadPictureError)
  })

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    [
      'an SVG',
      Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="9" height="9"></svg>'),
    ],
    ['an HTML page', Buffer.from('<!DOCTYPE html><html><body>504 Gateway Time-out</body></html>')],
    ['an HTML page', Buffer.from('\n <html><body><svg></svg></body></html>')],
    ['XML', Buffer.from('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
    ['JSON', Buffer.from('{"error":"gone"}')],
    ['text', Buffer.from('Not found. Größe')],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['a TIFF', Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0])],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['a video', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp41', 'latin1')],
    ['a gzip archive', gzipSync('x')],
    ['a file of an unknown kind', Buffer.from([0, 1, 2, 3, 4, 5])],
  ])('are refused by name: %s', async (what, bytes) => {
    const error = await inspectOriginal(bytes).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BadPictureError)
    expect(error).toHaveProperty('message', what)
  })

  it('a real TIFF is refused though the decoder could read it', async () => {
    const bytes = await gradient(20, 20).tiff().toBuffer()
    await expect(inspectOriginal(bytes)).rejects.toThrow('a TIFF')
  })

  it('a start of a picture with nothing behind it is refused', async () => {
    for (const start of [
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'RIFF\x04\0\0\0WEBP',
      'GIF89a',
      '\0\0\0\x10ftypavif',
    ]) {
      await expect(inspectOriginal(Buffer.from(start, 'latin1'))).rejects.toThrow(BadPictureError)
    }
  })

  it('a small file that unfolds to 60 megapixels is refused before it is decoded', async () => {
    const bomb = await sharp({ create: { width: 60_000, height: 1000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    expect(bomb.length).toBeLessThan(300_000)
    const before = process.memoryUsage().rss
    await expect(inspectOriginal(bomb)).rejects.toThrow(/pixel limit/)
    expect(process.memoryUsage().rss - before).toBeLessThan(20e6)
  })
})

async function animation(format: 'gif' | 'webp'): Promise<Uint8Array> {
  const frames = await Promise.all([1, 2, 3].map(async (seed) => gradientPng(60, 40, { seed, noise: 60 })))
  return sharp(frames, { join: { animated: true } })
    .toFormat(format)
    .toBuffer()
}

/** A PNG of 8 bits, by hand, with a chunk more. */
function onePixel(colourType: number, pixel: readonly number[], more: Uint8Array = Buffer.of()): Buffer {
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const header = pngChunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, colourType, 0, 0, 0]))
  const pixels = pngChunk('IDAT', deflateSync(Buffer.from([0, ...pixel])))
  return Buffer.concat([signature, header, more, pixels, pngChunk('IEND', Buffer.of())])
}
