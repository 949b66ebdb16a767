import type { Image, Original } from '../core/image.ts'
import type { JournalPurchase } from '../core/journal.ts'
import type { LockImage } from '../core/lock.ts'
import { recordOf } from '../core/find-original.ts'
import type { Look } from '../build/look.ts'

/** The originals of one image: those of its present words, and those of earlier words. */
export interface Originals {
  /** First take first. */
  readonly candidates: readonly Original[]
  /** Newest first; none of the candidates. */
  readonly earlier: readonly Original[]
}

/** Looks the originals of every image up: lock and journal name the words, the store lists their takes. */
export function originalsOf({
  reading,
  plan,
}: Pick<Look, 'reading' | 'plan'>): ReadonlyMap<string, Originals> {
  const { lock, store, mode, purchases } = reading
  const takes = remembering((request) => store.takes(request).map(({ original }) => original))
  const byImage = requestsByImage(purchases.values())
  const originals = new Map<string, Originals>()
  for (const image of plan.images.values()) {
    const owner = image.from === null ? image : (plan.images.get(image.from) ?? image)
    const entry = lock.images.get(owner.id)
    const present = presentRequest(owner, entry, mode)
    const candidates = takes(present)
    const known = new Set(candidates.map(({ sha256 }) => sha256))
    const records = [
      entry ? recordOf(entry, mode) : null,
      ...(mode === 'emulator' ? [] : (entry?.others ?? [])),
    ]
    const requests = [...(byImage.get(owner.id) ?? []), ...records.flatMap((record) => record?.request ?? [])]
    const earlier = [
      ...[...new Set(requests)]
        .filter((request) => request !== present)
        .toReversed()
        .flatMap(takes),
      ...records.flatMap((record) => record?.original ?? []),
    ].filter(({ sha256 }) => !known.has(sha256))
    originals.set(image.id, { candidates, earlier: distinctOriginals(earlier) })
  }
  return originals
}

/** The request under which the store lists the pictures of an image's words. */
function presentRequest(image: Image, entry: LockImage | undefined, mode: Look['reading']['mode']): string {
  const own = entry ? recordOf(entry, mode) : null
  return own && own.declared === image.declared ? own.request : image.requestKey
}

/** RequestKeys that were bought for each image, oldest first. */
function requestsByImage(purchases: Iterable<JournalPurchase>): ReadonlyMap<string, readonly string[]> {
  const requests = new Map<string, string[]>()
  for (const { intended, stored } of purchases) {
    if (!stored) continue
    for (const id of intended.images) {
      const list = requests.get(id)
      if (list) list.push(intended.request)
      else requests.set(id, [intended.request])
    }
  }
  return requests
}

function distinctOriginals(originals: readonly Original[]): readonly Original[] {
  return [...new Map(originals.map((original) => [original.sha256, original])).values()]
}

function remembering(
  read: (request: string) => readonly Original[],
): (request: string) => readonly Original[] {
  const known = new Map<string, readonly Original[]>()
  return (request) => {
    const found = known.get(request) ?? read(request)
    known.set(request, found)
    return found
  }
}
