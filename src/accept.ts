import type { Look, Reading } from './build/reading.ts'
import { recordOf } from './core/find-original.ts'
import type { Image } from './core/image.ts'
import type { LockImage, LockRecord } from './core/lock.ts'
import type { Problem } from './core/problems.ts'
import { buyReason } from './core/reasons.ts'
import { stopped } from './edit/edit-manifest.ts'
import type { Change, Edited } from './edit/edit-manifest.ts'
import { inProject, writeLock } from './edit/in-project.ts'
import type { ProjectOptions } from './edit/in-project.ts'
import { lockChange } from './edit/lock-change.ts'
import { cropProblem, named, unchangedNote } from './edit/words.ts'

/**
 * Lets the present originals of images stand for their present words, so that a mended typo buys nothing. Takes ids and
 * globs. It is written into the lock, and into the store's index, where the takes are then known under these words too.
 */
export async function accept(options: ProjectOptions & { readonly ids: readonly string[] }): Promise<Edited> {
  return inProject(options, async (seen) => {
    const found = named(options.ids, seen.reading.manifest)
    if ('problem' in found) return stopped(found.problem)
    const images = found.images.filter(({ id, from }) => from === null || options.ids.includes(id))
    const problems = images.flatMap((image) => hindrance(image, seen.reading))
    if (problems.length > 0) return stopped(...problems)
    const behind = images.flatMap((image) => outOfStep(image, seen.reading))
    const notes = images
      .filter((image) => !behind.some((one) => one.image === image))
      .map((image) => unchangedNote(image, 'is in step with its words already'))
    if (behind.length === 0) return { changes: [], notes, problems: [] }
    return { changes: await writeDown(behind, seen, options), notes, problems: [] }
  })
}

interface Behind {
  readonly image: Image
  readonly entry: LockImage
  readonly record: LockRecord
}

function hindrance(image: Image, { lock, mode }: Reading): readonly Problem[] {
  const entry = lock.images.get(image.id)
  if (image.from !== null) return cropProblem(image)
  if (entry && recordOf(entry, mode)) return []
  const message = `${image.id} has no bought picture that could stand for its words. Nothing was changed.`
  return [{ code: 'usage/wrong', message, image: image.id }]
}

function outOfStep(image: Image, { lock, mode }: Reading): readonly Behind[] {
  const entry = lock.images.get(image.id)
  const record = entry ? recordOf(entry, mode) : null
  if (!entry || !record) return []
  const inStep = record.request === image.requestKey || record.declared === image.declared
  return inStep ? [] : [{ image, entry, record }]
}

/** The store's index first: what the lock says must be found there. */
async function writeDown(
  behind: readonly Behind[],
  seen: Look,
  options: ProjectOptions,
): Promise<readonly Change[]> {
  const { reading } = seen
  const images = new Map(reading.lock.images)
  for (const one of behind) {
    await listTakes(one, reading)
    const crops = reading.manifest.images.filter(({ from }) => from === one.image.id)
    for (const { id } of [one.image, ...crops]) {
      const entry = images.get(id)
      if (entry) images.set(id, accepted(entry, one, reading.mode))
    }
  }
  const text = await writeLock(seen, images)
  return behind.map(({ image, record }) => {
    const short = record.original.sha256.slice(0, 12)
    const what = `the original ${short} stands for the present words (${buyReason(image, record)})`
    const change = { id: image.id, what, before: record.request, after: image.requestKey }
    return lockChange(change, text, { seen, options })
  })
}

/** All takes of the old words count for the new ones, so that another candidate can still be picked. */
async function listTakes({ image, record }: Behind, { store }: Reading): Promise<void> {
  if (store.takes(image.requestKey).length > 0) return
  const { pick: take, original, model } = record
  const takes = store.takes(record.request)
  const { requestKey: request, declared, parts, id } = image
  const entry = { request, declared, model, parts, images: [id] }
  await store.list({ ...entry, takes: takes.length > 0 ? takes : [{ take, original, model }] })
}

function accepted(entry: LockImage, { image, record }: Behind, mode: Reading['mode']): LockImage {
  const { requestKey: request, declared, parts, pick } = image
  const words = { request, declared, parts, pick }
  const refused = entry.refused === request ? null : entry.refused
  const same = (one: LockRecord | null): boolean => one?.request === record.request
  if (mode === 'emulator')
    return entry.draft && same(entry.draft) ? { ...entry, draft: { ...entry.draft, ...words } } : entry
  return entry.bought && same(entry.bought)
    ? { ...entry, bought: { ...entry.bought, ...words }, refused }
    : entry
}
