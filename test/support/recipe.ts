import type { Recipe } from '../../src/core/image.ts'

/** A recipe of all formats at 60 pixels, quick to encode; what a test is about is changed. */
export function recipeOf(changes: Partial<Recipe> = {}): Recipe {
  return {
    aspect: { width: 3, height: 2 },
    fit: 'cover',
    focus: 'attention',
    content: 'photo',
    formats: ['avif', 'webp', 'jpeg', 'png'],
    widths: [60],
    quality: everywhere(80),
    effort: { avif: 1, webp: 4, jpeg: 0, png: 7 },
    maxBytes: { all: null, formats: {}, widths: {} },
    placeholder: 'auto',
    provenance: { level: 'iptc', credit: null, prompt: false },
    filename: '{id}-{width}.{format}',
    ...changes,
  }
}

/** One quality for all formats. */
export function everywhere(quality: number): Recipe['quality'] {
  return { avif: quality, webp: quality, jpeg: quality, png: quality }
}
