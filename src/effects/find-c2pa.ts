import { createHash } from 'node:crypto'
import type { C2pa, Original } from '../core/image.ts'

/**
 * The C2PA manifest that a file carries, as its container holds it: what an encoder would drop in silence. Nothing of it
 * is verified. Null for none.
 */
export function findC2pa(bytes: Uint8Array, format: Original['format']): C2pa | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const manifest = manifestIn(file, format)
  // A JUMBF box of another kind is none of ours.
  if (!manifest?.subarray(0, MOST_HEAD).includes('c2pa')) return null
  return { sha256: createHash('sha256').update(manifest).digest('hex'), generator: generatorIn(manifest) }
}

const MOST_HEAD = 256

function manifestIn(file: Buffer, format: Original['format']): Buffer | null {
  switch (format) {
    case 'png':
      return inPng(file)
    case 'jpeg':
      return inJpeg(file)
    case 'webp':
      return inWebp(file)
    case 'avif':
      return inBoxes(file)
    case 'gif':
      return null
  }
}

/** Chunk `caBX`. */
function inPng(file: Buffer): Buffer | null {
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const length = file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'caBX') return file.subarray(at + 8, at + 8 + length)
  }
  return null
}

/** Segments APP11 with the mark `JP`; each repeats the eight bytes of the box that it goes on with. */
function inJpeg(file: Buffer): Buffer | null {
  const parts: Buffer[] = []
  let at = 2
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda) {
    const end = at + 2 + file.readUInt16BE(at + 2)
    const isJumbf = file[at + 1] === 0xeb && file.toString('latin1', at + 4, at + 6) === 'JP'
    if (isJumbf) parts.push(file.subarray(parts.length === 0 ? at + 12 : at + 20, end))
    at = end
  }
  return parts.length === 0 ? null : Buffer.concat(parts)
}

/** RIFF chunk `C2PA`; chunks have even lengths. */
function inWebp(file: Buffer): Buffer | null {
  let at = 12
  while (at + 8 <= file.length) {
    const length = file.readUInt32LE(at + 4)
    if (file.toString('latin1', at, at + 4) === 'C2PA') return file.subarray(at + 8, at + 8 + length)
    at += 8 + length + (length % 2)
  }
  return null
}

const C2PA_UUID = 'd8fec3d61b0e483c92975828877ec481'

/** A `uuid` box: version and flags, a purpose that ends with zero, the place of a Merkle box, then the manifest. */
function inBoxes(file: Buffer): Buffer | null {
  let at = 0
  while (at + 8 <= file.length) {
    const size = file.readUInt32BE(at)
    const length = size === 0 ? file.length - at : size
    if (length < 8) return null
    const isOurs =
      file.toString('latin1', at + 4, at + 8) === 'uuid' &&
      file.toString('hex', at + 8, at + 24) === C2PA_UUID
    if (isOurs) {
      const purpose = file.indexOf(0, at + 28)
      return file.subarray(purpose + 1 + 8, at + length)
    }
    at += length
  }
  return null
}

/** The claim's generator: a text under `claim_generator`, or since version 2 the name in `claim_generator_info`. */
function generatorIn(manifest: Buffer): string | null {
  const plain = textAfter(manifest, 'claim_generator', 0)
  if (plain !== null) return plain
  const info = manifest.indexOf('claim_generator_info')
  return info === -1 ? null : textAfter(manifest, 'name', info)
}

const MOST_TEXT = 200

/** The CBOR text that directly follows a key; a key is told from the same word elsewhere by its length before it. */
function textAfter(manifest: Buffer, key: string, from: number): string | null {
  const head = Buffer.from([0x60 + Math.min(key.length, 23), ...Buffer.from(key, 'latin1')])
  const found = manifest.indexOf(head, from)
  if (found === -1) return null
  const at = found + head.length
  const [type = 0, size = 0] = manifest.subarray(at)
  const start = type === 0x78 ? at + 2 : at + 1
  const length = type === 0x78 ? size : type >= 0x60 && type < 0x78 ? type - 0x60 : 0
  const text = manifest.toString('utf8', start, start + Math.min(length, MOST_TEXT))
  return text === '' || text.includes('\uFFFD') || /\p{Cc}/u.test(text) ? null : text
}
