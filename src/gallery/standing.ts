import { recordOf } from '../core/find-original.ts'
import type { Image } from '../core/image.ts'
import type { LockDraft } from '../core/lock.ts'
import type { GalleryImage, GalleryState } from './gallery-model.ts'
import type { GalleryIndex, GalleryInput } from './model.ts'

/** The state of one image and why it is in it. What needs a person most is asked first. */
export function standingOf(
  image: Image,
  world: {
    readonly input: GalleryInput
    readonly index: GalleryIndex
    readonly standIn: LockDraft['by'] | null
  },
): Pick<GalleryImage, 'state' | 'reason'> {
  const { input, index, standIn } = world
  const owner = image.from ?? image.id
  const job = index.jobs.get(owner)?.[0]
  if (input.buying.has(owner)) return { state: 'buying', reason: job?.reason ?? 'on its way' }
  const problem = index.problems.get(image.id)?.[0] ?? index.problems.get(owner)?.[0]
  if (problem) {
    const state = problem.code === 'purchase/not-finished' ? 'pending' : 'failed'
    return { state, reason: problem.message }
  }
  const apart = index.notes.get(image.id)?.find(({ code }) => code === 'image/out-of-step')
  if (apart) return { state: 'out-of-step', reason: apart.message }
  if (job) return { state: waitingState(image, { input, standIn }), reason: job.reason }
  const unmade = index.derives.get(image.id)
  const isDraft = standIn !== null && standIn !== input.seen.reading.mode
  if (unmade !== undefined) return { state: isDraft ? 'draft' : 'unmade', reason: unmade }
  return settledState(image, world)
}

/** What an image is that waits for a purchase. */
function waitingState(
  image: Image,
  { input, standIn }: { readonly input: GalleryInput; readonly standIn: LockDraft['by'] | null },
): GalleryState {
  const { lock, mode } = input.seen.reading
  const entry = lock.images.get(image.id)
  const own = entry ? recordOf(entry, mode) : null
  if (!own) return standIn ? 'draft' : 'pending'
  return own.request === image.requestKey || own.declared === image.declared ? 'pending' : 'out-of-step'
}

function settledState(
  image: Image,
  { input, standIn }: { readonly input: GalleryInput; readonly standIn: LockDraft['by'] | null },
): Pick<GalleryImage, 'state' | 'reason'> {
  const { mode } = input.seen.reading
  if (standIn === 'sketch' || (standIn === 'emulator' && mode === 'real'))
    return { state: 'draft', reason: standIn === 'sketch' ? 'a sketch stands in' : 'the emulator drew it' }
  if (!input.seen.reading.lock.images.has(image.id)) return { state: 'pending', reason: 'no picture yet' }
  if (image.pin !== null) return { state: 'pinned', reason: `pinned to ${image.pin.slice(0, 12)}` }
  return { state: 'fresh', reason: 'manifest, lock and files agree' }
}
