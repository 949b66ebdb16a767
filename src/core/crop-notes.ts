import { parseAspect } from './aspect.ts'
import type { Image } from './image.ts'
import type { Lock } from './lock.ts'
import type { Note } from './problems.ts'
import { shapedSize } from './recipes.ts'
import { placer } from './source.ts'
import type { Source } from './source.ts'

/** Less than this share of the area left, and a crop is likely to lose what the words asked for. */
const LEAST_KEPT = 0.6

/** A note for every image whose crop throws much of its picture away, unless a point of focus says what must stay: by the picture that is there, else by the ratio it is asked for, so that it is told before it is bought. */
export function cropNotes(images: readonly Image[], lock: Lock, source: Source): readonly Note[] {
  const place = placer(source)
  return images.flatMap((image) => {
    const size = sizeOf(image, lock)
    if (!size || image.recipe.fit !== 'cover' || typeof image.recipe.focus !== 'string') return []
    const shaped = shapedSize(size, image.recipe)
    const kept = (shaped.width * shaped.height) / (size.width * size.height)
    if (kept >= LEAST_KEPT) return []
    const { width, height } = image.recipe.aspect
    const message = `${image.id}: cut to ${width}:${height}, only ${Math.round(kept * 100)} % of its picture (${size.says}) is left. Ask for a nearer "aspect", or say with a point as "focus" what must stay.`
    const at = image.aspectOffset ?? image.offset
    return [{ code: 'image/crop', message, image: image.id, place: place(at) }]
  })
}

interface Size {
  readonly width: number
  readonly height: number
  readonly says: string
}

function sizeOf(image: Image, lock: Lock): Size | null {
  const bought = lock.images.get(image.id)?.bought
  if (bought && (bought.request === image.requestKey || bought.declared === image.declared)) {
    const { width, height } = bought.original
    return { width, height, says: `${width} by ${height}` }
  }
  const asked = image.request.aspect
  const ratio = asked === null ? null : parseAspect(asked)
  // As large as a picture, for sizes are whole pixels.
  return ratio && { width: ratio.width * 1000, height: ratio.height * 1000, says: `asked for as ${asked}` }
}
