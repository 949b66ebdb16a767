import type { Image } from './image.ts'
import type { LockImage } from './lock.ts'

/** True when the lock alone answers for an image's picture, so that the store need not be asked. */
export function isSettled(image: Image, entry: LockImage | undefined): boolean {
  const bought = entry?.bought
  if (!bought || image.pin !== null) return false
  const words = bought.request === image.requestKey || bought.declared === image.declared
  return words && bought.pick === image.pick && bought.candidates >= image.candidates
}
