import type { Format } from '../../src/core/image.ts'
import type { Lock, LockImage, LockOutput, LockRecord } from '../../src/core/lock.ts'

/** A record of a picture with these formats and widths, in the shape 2:1. */
export function recordWith(
  id: string,
  made: {
    readonly formats?: readonly Format[]
    readonly widths?: readonly number[]
    readonly ratio?: number
    readonly alpha?: boolean
  } = {},
): LockRecord {
  const { formats = ['avif', 'webp', 'jpeg'], widths = [480, 960, 1536], ratio = 2, alpha = false } = made
  const outputs = formats.flatMap((format) =>
    widths.map((width): LockOutput => {
      const path = `${id}-${width}.${format}`
      const height = Math.round(width / ratio)
      return { format, width, height, path, sha256: '0'.repeat(32), bytes: width, hash: null, quality: null }
    }),
  )
  const part = '000000'
  return {
    request: '1'.repeat(32),
    declared: '2'.repeat(16),
    parts: { model: part, prompt: part, style: part, aspect: part, params: part, reroll: part },
    model: 'apiframe/dall-e-3',
    original: { sha256: '3'.repeat(64), format: 'png', width: 1792, height: 896, bytes: 1000, alpha },
    candidates: 1,
    pick: 1,
    aspect: '2:1',
    recipes: Object.fromEntries(formats.map((format) => [format, '1f2e3d4c5b6a.1'])),
    filename: '{id}-{width}.{format}',
    outputs,
    dropped: [],
    tooLarge: [],
    focus: null,
    placeholder: null,
  }
}

/** An entry with a bought picture; `more` replaces what a test is about. */
export function lockImage(id: string, more: Partial<LockImage> = {}): LockImage {
  return {
    alt: `Alt of ${id}`,
    decorative: false,
    variants: [],
    bought: recordWith(id),
    draft: null,
    refused: null,
    others: [],
    ...more,
  }
}

/** A lock of these images whose manifest says `url: /images`. */
export function lockOf(images: Readonly<Record<string, LockImage>>): Lock {
  return { manifest: '../../pixelkiln.yaml', url: '/images', images: new Map(Object.entries(images)) }
}
