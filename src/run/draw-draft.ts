import type { Basis } from '../core/derivation.ts'
import type { Image } from '../core/image.ts'
import type { Drawing } from '../effects/draw.ts'
import { sha256Of } from '../effects/files.ts'
import { drawSketch } from '../providers/sketch/draw-sketch.ts'
import { sketchSize } from '../providers/sketch/index.ts'

/** Draws the stand-in of an image: offline, free, from its words and shape alone. It is known by its input, not by its bytes, which differ between builds of the rasterizer. */
export function drawDraft(image: Image): { readonly basis: Basis; readonly drawing: Drawing } {
  const { width, height } = sketchSize(image.recipe.aspect)
  const svg = drawSketch({
    prompt: image.request.prompt,
    caption: image.id,
    width,
    height,
    take: 1,
    mark: 'DRAFT',
  })
  const original = {
    sha256: sha256Of(svg),
    format: 'png',
    width,
    height,
    bytes: Buffer.byteLength(svg),
    alpha: false,
  } as const
  return {
    drawing: { svg, width, height },
    basis: {
      original,
      request: image.requestKey,
      declared: image.declared,
      parts: image.parts,
      candidates: 1,
      pick: 1,
      model: 'sketch/scene',
      draft: 'sketch',
    },
  }
}
