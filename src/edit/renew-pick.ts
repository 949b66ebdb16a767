import { recordOf } from '../core/find-original.ts'
import type { LockImage } from '../core/lock.ts'
import type { Edited } from './edit-manifest.ts'
import { inProject, writeLock } from './in-project.ts'
import type { ProjectOptions } from './in-project.ts'
import { lockChange } from './lock-change.ts'

/** Lets a pick that stands in the manifest, and was made for earlier words, count for the present ones; empty when there is no such pick. */
export async function renewPick(options: ProjectOptions & { readonly id: string }): Promise<Edited> {
  const { id } = options
  return inProject(options, async (seen) => {
    const { lock, mode } = seen.reading
    const entry = lock.images.get(id)
    const record = entry ? recordOf(entry, mode) : null
    const lapsed = seen.plan.images.get(id)?.lapsed
    if (!entry || !record || lapsed === undefined) return { changes: [], notes: [], problems: [] }
    if (record.lapsed === undefined) {
      const message = `The present words of ${id} have no picture yet. Once they have, "pixelkiln pick ${id} ${lapsed.pick}" chooses among theirs.`
      return { changes: [], notes: [{ code: 'image/pick-lapsed', message, image: id }], problems: [] }
    }
    const text = await writeLock(seen, new Map([...lock.images, [id, renewed(entry, mode)]]))
    const what = `"pick: ${lapsed.pick}" counts for the present words`
    const change = { id, what, before: lapsed.request, after: record.request }
    return { changes: [lockChange(change, text, { seen, options })], notes: [], problems: [] }
  })
}

function renewed(entry: LockImage, mode: string): LockImage {
  if (mode !== 'emulator' && entry.bought) {
    const { lapsed: _, ...bought } = entry.bought
    return { ...entry, bought }
  }
  if (!entry.draft) return entry
  const { lapsed: _, ...draft } = entry.draft
  return { ...entry, draft }
}
