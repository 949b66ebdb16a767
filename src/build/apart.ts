import type { Manifest } from '../core/image.ts'
import { standing } from '../core/journal.ts'
import type { Lock } from '../core/lock.ts'
import { standApart } from '../core/manifest/blocks.ts'
import { DEFAULT_FILENAME } from '../core/recipes.ts'
import { isSettled } from '../core/settled.ts'
import { emittedPaths } from '../core/emitted-paths.ts'
import type { Reading } from './read-world.ts'

/**
 * The manifest's text where any of its images may later be read without the others, else nothing. Said by a run that
 * has read everything and left nothing to do.
 */
export function apartText(reading: Reading, lock: Lock): string {
  const { manifest, manifestText, purchases, mode } = reading
  const { images } = manifest
  const apart =
    mode === 'real' &&
    // What is emitted is about all of them.
    emittedPaths(manifest.emit).length === 0 &&
    lock.images.size === images.length &&
    mayBeReadAlone(manifest) &&
    images.every((image) => isSettled(image, lock.images.get(image.id))) &&
    [...lock.images.values()].every(
      ({ draft, refused, others }) => draft === null && refused === null && others.length === 0,
    ) &&
    [...purchases.values()].every((purchase) => standing(purchase) !== 'open') &&
    standApart(manifestText, images)
  return apart ? manifestText : ''
}

/** No image is cut from another, shown in its place, or named so that two could want one file. */
export function mayBeReadAlone({ images }: Manifest): boolean {
  return images.every(
    ({ from, variants, recipe }) =>
      from === null && variants.length === 0 && recipe.filename === DEFAULT_FILENAME,
  )
}
