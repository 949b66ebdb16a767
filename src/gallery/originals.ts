import type { Look } from '../build/reading.ts'
import { recordOf } from '../core/find-original.ts'
import type { Image, Original } from '../core/image.ts'
import type { LockImage } from '../core/lock.ts'
import type { IndexEntry, Take } from '../core/take-index.ts'

/** The originals of one image: those of its present words, and those of earlier words. */
export interface Originals {
  /** First take first. */
  readonly candidates: readonly Pick<Take, 'take' | 'original'>[]
  /** The latest first, as far as this machine's journal tells; none of the candidates. */
  readonly earlier: readonly Original[]
}

/** Looks the originals of every image up: lock, journal and the store's index tell. The index is read once for all. */
export function originalsOf({
  reading,
  plan,
}: Pick<Look, 'reading' | 'plan'>): ReadonlyMap<string, Originals> {
  const { lock, store, mode, purchases } = reading
  const entries = store.index().entries
  const index = new Map(entries.map((entry) => [entry.request, entry]))
  const declared = new Map(entries.map((entry) => [entry.declared, entry]))
  const bought = requestsById(
    [...purchases.values()]
      .filter(({ stored }) => stored !== null)
      .map(({ intended: { request, images } }) => ({ request, images }))
      .toReversed(),
  )
  const listed = requestsById(entries)
  const originals = new Map<string, Originals>()
  for (const image of plan.images.values()) {
    const owner = image.from === null ? image : (plan.images.get(image.from) ?? image)
    const entry = lock.images.get(owner.id)
    const present = index.get(presentRequest(owner, entry, mode)) ?? declared.get(owner.declared)
    const own = entry ? recordOf(entry, mode) : null
    const records = [...(own ? [own] : []), ...(mode === 'emulator' ? [] : (entry?.others ?? []))]
    const requests = new Set([...(bought.get(owner.id) ?? []), ...(listed.get(owner.id) ?? [])])
    const candidates = present?.takes ?? []
    const known = new Set(candidates.map(({ original }) => original.sha256))
    const earlier = [...[...requests].flatMap((request) => index.get(request)?.takes ?? []), ...records].map(
      ({ original }) => original,
    )
    originals.set(image.id, { candidates, earlier: distinctOriginals(earlier, known) })
  }
  return originals
}

/** The request under which the store lists the pictures of an image's words. */
function presentRequest(image: Image, entry: LockImage | undefined, mode: Look['reading']['mode']): string {
  const own = entry ? recordOf(entry, mode) : null
  return own && own.declared === image.declared ? own.request : image.requestKey
}

/** RequestKeys by the images they were bought for, in the order given. */
function requestsById(
  entries: readonly Pick<IndexEntry, 'request' | 'images'>[],
): ReadonlyMap<string, readonly string[]> {
  const requests = new Map<string, string[]>()
  for (const { request, images } of entries) {
    for (const id of images) {
      const list = requests.get(id)
      if (list) list.push(request)
      else requests.set(id, [request])
    }
  }
  return requests
}

function distinctOriginals(
  originals: readonly Original[],
  without: ReadonlySet<string>,
): readonly Original[] {
  const found = originals.filter(({ sha256 }) => !without.has(sha256))
  return [...new Map(found.map((original) => [original.sha256, original])).values()]
}
