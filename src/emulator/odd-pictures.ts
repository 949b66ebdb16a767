import { deflateSync } from 'node:zlib'
import { pngChunk } from '../effects/png-chunk.ts'

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Side of the picture that a bomb unfolds to, in pixels: 268 megapixels. */
const BOMB_SIDE = 16_384

/** A valid PNG of some 33 kB that decodes to 268 megapixels of one bit each. */
export function pictureBomb(): Uint8Array {
  // One filter byte and eight pixels a byte, all zero.
  const rows = Buffer.alloc(BOMB_SIDE * (1 + BOMB_SIDE / 8))
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', pngHeader(BOMB_SIDE)),
    pngChunk('IDAT', deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** Square, one bit of grey per pixel. */
function pngHeader(side: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.writeUInt8(1, 8)
  return header
}

/** The bytes a picture without end begins with: it looks like a PNG whose data chunk is two gigabytes long. */
export function endlessHead(): Uint8Array {
  const data = Buffer.from([0x7f, 0xff, 0xff, 0xff, ...Buffer.from('IDAT', 'latin1')])
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', pngHeader(1024)), data])
}

/** A small SVG document that claims nothing else. */
export const SVG_PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#c33"/></svg>'

export const HTML_PAGE =
  '<!doctype html><html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>'
