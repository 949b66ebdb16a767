import { sharp } from '../../../src/effects/sharp.ts'

export const SIZE = { width: 1536, height: 1024 }

/** Something that costs an encoder what a photograph does: light and shade in five sizes, and grain. */
export async function photograph(seed: number): Promise<Uint8Array> {
  const { width, height } = SIZE
  const sum = new Float32Array(width * height * 3)
  const random = numbers(seed)
  for (const [cells, strength] of [
    [4, 90],
    [16, 45],
    [64, 22],
    [256, 12],
    [768, 6],
  ] as const) {
    const rows = Math.ceil((cells * 2) / 3)
    const noise = Buffer.from(Array.from({ length: cells * rows * 3 }, () => random() & 255))
    const layer = await sharp(noise, { raw: { width: cells, height: rows, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    for (const [at, value] of layer.entries()) sum[at] = (sum[at] ?? 0) + ((value - 128) / 128) * strength
  }
  const pixels = Buffer.from(Uint8ClampedArray.from(sum, (value) => 128 + value).buffer)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer()
}

function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 20
  }
}
