import { LazyMap } from './lazy-map.ts'
import type { LockImage } from './lock.ts'
import { plainBlocks } from './read-lock-blocks.ts'

/** An image of a lock, or its printed block where that is read back at once: a text takes a third of the memory. */
export type HeldImage = LockImage | string

/** Images of which some are held as their blocks; each time one is asked for it is read anew. */
export class HeldImages extends LazyMap<string, HeldImage, LockImage> {
  readonly held: ReadonlyMap<string, HeldImage>

  constructor(held: ReadonlyMap<string, HeldImage>) {
    const plainBlock = plainBlocks()
    const open = (held: HeldImage): LockImage => {
      if (typeof held !== 'string') return held
      const block = plainBlock(held, 0)
      if (!block) throw new Error('an image is held as a block that is none')
      return block.image
    }
    super(held, open, { keeps: false })
    this.held = held
  }
}

/** Images as they are held. */
export function heldOf(images: ReadonlyMap<string, LockImage>): ReadonlyMap<string, HeldImage> {
  return images instanceof HeldImages ? images.held : images
}
