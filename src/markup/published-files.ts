import type { Lock } from '../core/lock.ts'
import { hasFiles, recordOf } from './find-image.ts'

/**
 * Every file of the asset folder that a site publishes, relative to it, sorted: what markup may name. The lock is none
 * of them.
 */
export function publishedFiles(lock: Lock): readonly string[] {
  const shown = [...lock.images].filter(([, image]) => hasFiles(image))
  return shown.flatMap(([id]) => recordOf(lock, id).outputs.map(({ path }) => path)).sort()
}
