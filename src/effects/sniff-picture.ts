import type { Original } from '../core/image.ts'

/** What the first bytes of a file say it is: a picture of a kind that can be an original, or what it is instead, in words. */
export type Sniffed =
  | { readonly kind: 'picture'; readonly format: Original['format'] }
  | { readonly kind: 'other'; readonly what: string }

/**
 * Tells a file by its first bytes and by nothing else, before any decoder sees it: the service's own type and the
 * name in an URL are not to be trusted, and a decoder would also take SVG, PDF and TIFF.
 */
export function sniffPicture(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return other('an empty file')
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return picture('png')
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return picture('jpeg')
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return picture('webp')
  if (text(bytes, 0, 6) === 'GIF87a' || text(bytes, 0, 6) === 'GIF89a') return picture('gif')
  if (text(bytes, 4, 8) === 'ftyp') return sniffBoxes(bytes)
  const signature = SIGNATURES.find(([start]) => startsWith(bytes, start))
  return signature ? other(signature[1]) : sniffText(bytes)
}

const SIGNATURES: readonly (readonly [start: readonly number[], what: string])[] = [
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x49, 0x49, 0x2a, 0x00], 'a TIFF'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'a TIFF'],
  [[0x49, 0x49, 0x2b, 0x00], 'a TIFF'],
  [[0x4d, 0x4d, 0x00, 0x2b], 'a TIFF'],
  [[0x42, 0x4d], 'a BMP'],
  [[0x38, 0x42, 0x50, 0x53], 'a Photoshop file'],
  [[0x00, 0x00, 0x01, 0x00], 'an icon file'],
  [[0xff, 0x0a], 'a JPEG XL'],
  [[0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20], 'a JPEG XL'],
  [[0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20], 'a JPEG 2000'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive'],
]

/** AVIF, HEIC and video share one container; the brands in its first box tell them apart. */
function sniffBoxes(bytes: Uint8Array): Sniffed {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
  const end = Math.min(bytes.length, size, 256)
  const brands = [text(bytes, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(bytes, at, at + 4))
  if (brands.includes('avif') || brands.includes('avis')) return picture('avif')
  return other(brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand)) ? 'a HEIC' : 'a video')
}

function sniffText(bytes: Uint8Array): Sniffed {
  const start = text(bytes, 0, 1024)
  if (/[^\t\n\f\r\x20-\x7e\x80-\xff]/.test(start)) return other('a file of an unknown kind')
  const shown = start.replace(/^\u00ef\u00bb\u00bf/, '').trimStart()
  if (shown.startsWith('version https://git-lfs')) return other('a Git LFS pointer')
  if (/^[{[]/.test(shown)) return other('JSON')
  if (/<!doctype html|<html|<head|<body/i.test(shown)) return other('an HTML page')
  if (/<svg[\s>/]/i.test(shown)) return other('an SVG')
  return other(shown.startsWith('<') ? 'XML' : 'text')
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)
}

function picture(format: Original['format']): Sniffed {
  return { kind: 'picture', format }
}

function other(what: string): Sniffed {
  return { kind: 'other', what }
}
