import type { Manifest } from '../core/image.ts'
import { standing } from '../core/journal.ts'
import type { Lock } from '../core/lock.ts'
import { standApart } from '../core/manifest/blocks.ts'
import { parseHead, printHead } from '../core/manifest/head.ts'
import type { MapTree } from '../core/manifest/tree.ts'
import { DEFAULT_FILENAME } from '../core/recipes.ts'
import { isSettled } from '../core/settled.ts'
import { emittedPaths } from '../core/emitted-paths.ts'
import type { Reading } from './reading.ts'

/** What is remembered of a project any of whose images may later be read without the others. */
export interface Apart {
  /** The manifest but for its images, parsed. */
  readonly head: MapTree
  /** Ids of images that share words or picture with another: they are no matter of their own. */
  readonly sharing: ReadonlySet<string>
  /** The manifest's text. */
  readonly text: Buffer
  /** What was printed before it. */
  readonly above: Buffer
}

/**
 * What is remembered of a project whose images stand apart: a line of its head, one of the sharing ids, and the manifest; of
 * any other project nothing. Said by a run that has read everything and left nothing to do.
 */
export function printApart(reading: Reading, lock: Lock): string {
  const { manifest, manifestText, purchases, mode } = reading
  const { images } = manifest
  const mayStand =
    mode === 'real' &&
    // What is emitted is about all of them.
    emittedPaths(manifest.emit).length === 0 &&
    lock.images.size === images.length &&
    mayBeReadAlone(manifest) &&
    [...purchases.values()].every((purchase) => standing(purchase) !== 'open') &&
    standApart(manifestText, images)
  const sharing = mayStand ? sharingIds(images, lock) : null
  return sharing === null ? '' : `${printHead(reading.head)}\n${sharing.join(' ')}\n${manifestText}`
}

/** Reads what `printApart` printed; null for nothing, or when it is damaged. */
export function readApart(printed: Buffer): Apart | null {
  const headEnd = printed.indexOf(10)
  const sharingEnd = printed.indexOf(10, headEnd + 1)
  const head = sharingEnd === -1 ? null : parseHead(printed.toString('utf8', 0, headEnd))
  if (!head) return null
  const sharing = printed.toString('utf8', headEnd + 1, sharingEnd)
  return {
    head,
    sharing: new Set(sharing === '' ? [] : sharing.split(' ')),
    text: printed.subarray(sharingEnd + 1),
    above: printed.subarray(0, sharingEnd + 1),
  }
}

/** No image is cut from another, shown in its place, or named so that two could want one file. */
export function mayBeReadAlone({ images }: Pick<Manifest, 'images'>): boolean {
  return images.every(
    ({ from, variants, recipe }) =>
      from === null && variants.length === 0 && recipe.filename === DEFAULT_FILENAME,
  )
}

/**
 * Another image with the same words or the same original could lend one a picture, a file or a finding. Null when there
 * is one that is not plainly bought for the words it has now. A large lock is gone through once: its images are made anew each time.
 */
function sharingIds(images: Manifest['images'], lock: Lock): readonly string[] | null {
  const owners = new Map<string, string>()
  const sharing = new Set<string>()
  for (const image of images) {
    const entry = lock.images.get(image.id)
    if (!entry?.bought || !isSettled(image, entry)) return null
    if (entry.draft || entry.refused !== null || entry.others.length > 0) return null
    const { request, declared, original } = entry.bought
    for (const digest of [request, declared, original.sha256]) {
      const other = owners.get(digest)
      if (other === undefined) owners.set(digest, image.id)
      else if (other !== image.id) sharing.add(image.id).add(other)
    }
  }
  return [...sharing]
}
