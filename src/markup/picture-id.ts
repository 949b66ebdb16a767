import type { Lock } from '../core/lock.ts'
import { findImage } from './find-image.ts'

/**
 * Says of any value (front matter, a query, a CMS) that it is the id of an image in the lock, and returns it. Throws a
 * `BuildError` that names the nearest id otherwise.
 */
export function pictureId(lock: Lock, value: unknown): string {
  const id = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  findImage(lock, id)
  return id
}
