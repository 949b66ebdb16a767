import type { Image } from './image.ts'
import type { LockRecord } from './lock.ts'
import type { Note } from './problems.ts'

/**
 * The image with the pick that counts. A pick counts for the words it was made on: when they change it lapses, and the
 * first candidate is shown. The lock remembers it, so that it counts again when the old words come back.
 *
 *   pick made ──words change──▶ lapsed ──another pick, or `pixelkiln pick` once more──▶ counts for the present words
 *       ▲                         │
 *       └────the old words────────┘
 */
export function withStandingPick(image: Image, record: LockRecord | null): Image {
  const { pick, requestKey, declared } = image
  if (pick === 1 || record === null || image.from !== null) return image
  const { lapsed } = record
  if (lapsed?.pick === pick) return lapsed.request === requestKey ? image : { ...image, pick: 1, lapsed }
  const inStep = record.request === requestKey || record.declared === declared
  if (inStep || record.pick !== pick) return image
  return { ...image, pick: 1, lapsed: { pick, request: record.request } }
}

/** Says that a pick does not count for the present words. */
export function lapsedNote({ id, lapsed, pin }: Image): readonly Note[] {
  if (lapsed === undefined || pin !== null) return []
  const message = `${id}: "pick: ${lapsed.pick}" was made for earlier words, so candidate 1 of the present ones is shown. "pixelkiln pick ${id} N" chooses among them.`
  return [{ code: 'image/pick-lapsed', message, image: id }]
}
