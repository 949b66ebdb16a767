import { crc32 } from 'node:zlib'

/** Signature and header of a PNG: what any other chunk comes after. */
const HEADER_BYTES = 33

/** One chunk of a PNG: length, name, data and checksum. */
export function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** Puts an XMP packet into a PNG as the XMP specification asks: an uncompressed `iTXt` right behind the header. The encoder itself would compress it, and most readers then miss it. */
export function withXmpChunk(png: Uint8Array, xmp: string): Uint8Array {
  const start = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1')
  const chunk = pngChunk('iTXt', Buffer.concat([start, Buffer.from(xmp, 'utf8')]))
  return Buffer.concat([png.subarray(0, HEADER_BYTES), chunk, png.subarray(HEADER_BYTES)])
}
