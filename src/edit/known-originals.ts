import type { Reading } from '../build/reading.ts'
import { recordOf } from '../core/find-original.ts'
import type { Image, Original } from '../core/image.ts'

/** Digits of a pin that is written for you. */
export const PIN_DIGITS = 12

/** The original that an image shows: bought, or in emulator mode delivered by the emulator; null before there is one. */
export function presentOriginal(image: Image, { lock, mode }: Reading): Original | null {
  const entry = lock.images.get(image.id)
  return entry ? (recordOf(entry, mode)?.original ?? null) : null
}

/** Numbers of the takes of an image's present words that are known, here or by the lock's word. */
export function knownTakes(image: Image, { lock, mode, store }: Reading): ReadonlySet<number> {
  const entry = lock.images.get(image.id)
  const record = entry ? recordOf(entry, mode) : null
  const inStep =
    record !== null && (record.request === image.requestKey || record.declared === image.declared)
  const request = inStep ? record.request : image.requestKey
  const locked = inStep ? Array.from({ length: record.candidates }, (_, index) => index + 1) : []
  const listed = store.takes(request).map(({ take }) => take)
  return new Set(listed.length > 0 ? listed : locked)
}

/** Originals an image may be pinned to whose sha256 begins like that: those of the store, and the one it shows. */
export function originalsLike(prefix: string, image: Image, reading: Reading): readonly Original[] {
  const present = presentOriginal(image, reading)
  const all = [...reading.store.byPrefix(prefix), ...(present?.sha256.startsWith(prefix) ? [present] : [])]
  return [...new Map(all.map((original) => [original.sha256, original])).values()]
}
