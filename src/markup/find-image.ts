import { BuildError } from '../core/build-error.ts'
import type { Lock, LockImage, LockRecord } from '../core/lock.ts'
import { nearest } from '../core/nearest.ts'
import type { ProblemCode } from '../core/problems.ts'

/** The lock entry of an id; throws a `BuildError` that names the nearest id where there is none. */
export function findImage(lock: Lock, id: string): LockImage {
  const image = lock.images.get(id)
  if (image) return image
  throw unknownImage(lock, id, [...lock.images.keys()])
}

/** The error for an id that is none of these. */
export function unknownImage(lock: Lock | null, id: string, ids: readonly string[]): BuildError {
  const near = nearest(id, ids)
  const hint =
    near === null
      ? 'If the manifest names it, run "pixelkiln build" (or "build --draft") first.'
      : `Did you mean "${near}"?`
  return markupError(lock, { code: 'usage/image-unknown', id, message: `No image is named "${id}". ${hint}` })
}

/** The files that stand for an image: the real picture's, or its stand-in's while there is none. */
export function recordOf(lock: Lock, id: string): LockRecord {
  const record = standing(findImage(lock, id))
  if (record) return record
  const message = `"${id}" has no files yet. Run "pixelkiln build", or "pixelkiln build --draft" for a free stand-in.`
  throw markupError(lock, { code: 'stale/pending', id, message })
}

/** True for an image that a page can show. */
export function hasFiles(image: LockImage | undefined): boolean {
  return image !== undefined && standing(image) !== null
}

function standing({ bought, draft }: LockImage): LockRecord | null {
  return [bought, draft].find((record) => record !== null && record.outputs.length > 0) ?? null
}

/** What a page asks for that cannot be had, as the one error this library throws. */
export function markupError(
  lock: Lock | null,
  { code, id, message }: { readonly code: ProblemCode; readonly id: string; readonly message: string },
): BuildError {
  return new BuildError({ plan: null, lock, inputs: [], notes: [], problems: [{ code, message, image: id }] })
}
