import type { Image, RequestParts } from './image.ts'
import type { LockRecord } from './lock.ts'

const PART_NAMES: readonly (keyof RequestParts)[] = ['prompt', 'style', 'model', 'aspect', 'params', 'reroll']

/** Says why a picture has to be made, in words: `new image`, `prompt changed`, `style and params changed`. */
export function buyReason(image: Image, earlier: Pick<LockRecord, 'parts'> | null): string {
  if (!earlier) return 'new image'
  const changed = changedParts(image.parts, earlier.parts).map((part) =>
    part === 'style' && image.styleName ? `style ${image.styleName}` : part,
  )
  if (changed.length === 0) return 'what is asked of the service changed'
  const last = changed.pop() ?? ''
  return `${changed.length > 0 ? `${changed.join(', ')} and ` : ''}${last} changed`
}

/** The parts in which two declarations differ, by name. */
export function changedParts(now: RequestParts, before: RequestParts): (keyof RequestParts)[] {
  return PART_NAMES.filter((part) => before[part] !== now[part])
}
