import { relative, sep } from 'node:path'
import { readWorld } from './build/read-world.ts'
import { machineProblem } from './build/reading.ts'
import type { Reading } from './build/reading.ts'
import { openSession } from './build/session.ts'
import type { OriginalFact } from './core/facts.ts'
import { recordOf } from './core/find-original.ts'
import type { Image, Original, RequestParts } from './core/image.ts'
import { nearest } from './core/nearest.ts'
import type { Problem } from './core/problems.ts'
import { changedParts } from './core/reasons.ts'
import type { IndexEntry } from './core/take-index.ts'
import type { EditOneOptions } from './edit/options.ts'

/** One original that was bought (or adopted) for an image, and whether it is the one to be seen. */
export interface HistoryTake {
  readonly original: Original
  /** Its number among the takes of its request, from 1; null where no index tells. */
  readonly take: number | null
  readonly request: string
  /** `provider/model`, or `adopted`; null where no index tells. */
  readonly model: string | null
  /** True when the image's files are made of it. */
  readonly shown: boolean
  /** What differs from the present words (`prompt`, `style`, …); empty for the present ones, null where it cannot be told. */
  readonly differs: readonly string[] | null
  /** The text that was sent for it; null where this machine's journal does not have it. */
  readonly prompt: string | null
  /** Whether its bytes are in the store; a clone without originals has none. */
  readonly bytes: OriginalFact | 'missing'
  /** Where they lie, relative to the manifest's folder, forward slashes. */
  readonly path: string
}

export interface History {
  readonly id: string
  /** The image it is a crop of: its originals are that one's. */
  readonly from: string | null
  /** Takes of the present words first, then of earlier ones, the latest first. */
  readonly takes: readonly HistoryTake[]
}

/**
 * Every original that is known of an image: of its present words and of earlier ones. Lock, journal and the store's index
 * tell; git is not asked. Opens no socket, writes nothing.
 */
export async function history(
  options: EditOneOptions,
): Promise<History | { readonly problems: readonly Problem[] }> {
  try {
    const session = openSession(options)
    const reading = await readWorld(session.project, session)
    if ('problems' in reading) return reading
    const named = reading.manifest.images.find(({ id }) => id === options.id)
    const id = named?.from ?? options.id
    const image = reading.manifest.images.find((one) => one.id === id) ?? null
    if (!image && !reading.lock.images.has(id)) return { problems: [unknown(options.id, reading)] }
    return { id: options.id, from: named?.from ?? null, takes: takesOf(id, image, reading) }
  } catch (error) {
    return { problems: [machineProblem(error)] }
  }
}

function takesOf(id: string, image: Image | null, reading: Reading): readonly HistoryTake[] {
  const entry = reading.lock.images.get(id)
  const present = entry ? recordOf(entry, reading.mode) : null
  const sources = [...entriesOf(id, image, reading)]
  const found = new Map<string, HistoryTake>()
  for (const source of sources) {
    for (const { take, original, model } of source.takes) {
      if (found.has(original.sha256)) continue
      found.set(original.sha256, {
        original,
        take: take === 0 ? null : take,
        request: source.request,
        model,
        shown: original.sha256 === present?.original.sha256,
        differs: differenceOf(image, source),
        prompt: promptOf(source.request, reading),
        bytes: reading.store.look(original) ?? 'missing',
        path: relative(reading.project.folder, reading.store.pathOf(original)).split(sep).join('/'),
      })
    }
  }
  return [...found.values()]
}

/** What is known of the image's requests, the present one first, then the latest. */
function entriesOf(id: string, image: Image | null, reading: Reading): readonly IndexEntry[] {
  const index = new Map(reading.store.index().entries.map((entry) => [entry.request, entry]))
  const journal = [...reading.purchases.values()]
    .filter(({ intended, stored }) => stored !== null && intended.images.includes(id))
    .map(({ intended }) => intended.request)
  const locked = lockedEntries(id, reading)
  const satisfying = [...index.values()].filter(({ declared }) => declared === image?.declared)
  const named = [...index.values()].filter(({ images }) => images.includes(id))
  const requests = new Set([
    ...(image ? [image.requestKey] : []),
    ...satisfying.map(({ request }) => request),
    ...journal.reverse(),
    ...[...locked, ...named].map(({ request }) => request),
  ])
  // The lock knows of originals whose store is elsewhere.
  return [...requests].flatMap((request) => [
    ...[index.get(request) ?? []].flat(),
    ...locked.filter((entry) => entry.request === request),
  ])
}

function lockedEntries(id: string, { lock, mode }: Reading): readonly IndexEntry[] {
  const entry = lock.images.get(id)
  const present = entry ? recordOf(entry, mode) : null
  const records = [...(present ? [present] : []), ...(mode === 'emulator' ? [] : (entry?.others ?? []))]
  return records.map(({ request, declared, model, parts, original }) => ({
    request,
    declared,
    model,
    parts,
    images: [id],
    takes: [{ take: 0, original, model }],
  }))
}

function differenceOf(
  image: Image | null,
  source: { readonly request: string; readonly declared: string; readonly parts: RequestParts | null },
): readonly string[] | null {
  if (!image) return null
  if (source.request === image.requestKey || source.declared === image.declared) return []
  return source.parts === null ? null : changedParts(image.parts, source.parts)
}

/** The text of a request as its service got it: a member `prompt` of the body, where the journal still has it. */
function promptOf(request: string, { purchases }: Reading): string | null {
  const bodies = [...purchases.values()].filter(({ intended }) => intended.request === request)
  for (const { intended } of bodies) {
    try {
      const body: unknown = JSON.parse(intended.body)
      if (typeof body === 'object' && body !== null && 'prompt' in body && typeof body.prompt === 'string')
        return body.prompt
    } catch {
      // Another provider's body, or one that was left out when the journal was rewritten.
    }
  }
  return null
}

function unknown(id: string, { manifest, lock }: Reading): Problem {
  const near = nearest(id, [...manifest.images.map((image) => image.id), ...lock.images.keys()])
  const hint = near === null ? '' : ` The nearest id is "${near}".`
  return { code: 'usage/image-unknown', message: `No image is named "${id}".${hint}` }
}
