import type { Lock } from '../core/lock.ts'
import { findImage, unknownImage } from './find-image.ts'

/**
 * Says of any value (front matter, a query, a CMS) that it is the id of an image, and returns it. Asked of a lock it is
 * any text; asked of `pictures`, as `emit.module` and the plugins have them, it is typed as one of their ids. Throws a
 * `BuildError` that names the nearest id otherwise.
 */
export function pictureId(lock: Lock, value: unknown): string
export function pictureId<Id extends string>(pictures: Readonly<Record<Id, unknown>>, value: unknown): Id
export function pictureId(of: Lock | Readonly<Record<string, unknown>>, value: unknown): string {
  const id = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  if (isLock(of)) findImage(of, id)
  else if (!Object.hasOwn(of, id)) throw unknownImage(null, id, Object.keys(of))
  return id
}

function isLock(of: Lock | Readonly<Record<string, unknown>>): of is Lock {
  return of['images'] instanceof Map
}
