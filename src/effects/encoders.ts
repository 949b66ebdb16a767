/** What the picture library of this machine can do. */
export type Encoders =
  | {
      readonly sharp: string
      readonly libvips: string
      /** Formats that failed to encode a small picture. */
      readonly broken: readonly string[]
    }
  | { readonly missing: string }

/** Loads sharp and encodes one small picture in every format of a recipe. `missing` says in one line why it cannot be loaded. */
export async function tryEncoders(): Promise<Encoders> {
  try {
    const { sharp } = await import('./sharp.ts')
    const broken: string[] = []
    for (const format of ['avif', 'webp', 'jpeg', 'png'] as const) {
      const grey = sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } })
      const bytes = await grey[format]()
        .toBuffer()
        .catch(() => null)
      if (bytes === null || bytes.length === 0) broken.push(format)
    }
    const { sharp: version, vips } = sharp.versions
    return { sharp: version, libvips: vips, broken }
  } catch (error) {
    // A missing binary for the platform fails on import, with a page of advice behind its first line.
    const why = error instanceof Error ? error.message : String(error)
    return { missing: why.trim().split('\n')[0] ?? '' }
  }
}
