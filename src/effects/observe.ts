import { join } from 'node:path'
import type { Facts, OriginalFact, OutputFact, PinnedOriginal } from '../core/facts.ts'
import type { Image, Manifest, Original } from '../core/image.ts'
import type { JournalPurchase } from '../core/journal.ts'
import { ownedPaths } from '../core/lock.ts'
import type { Lock, LockOutput } from '../core/lock.ts'
import { ownedBy } from '../core/next-lock.ts'
import { isSettled } from '../core/settled.ts'
import { outputSha256, readIfThere } from './files.ts'
import type { Take } from '../core/take-index.ts'
import { pathsOf, placeOf } from './path-groups.ts'
import { fileStatOf, statIfThere } from './state.ts'
import type { SeenFile, State } from './state.ts'
import type { Store } from './store.ts'

/** The facts of one look at the disk, and the stats they rest on. */
export interface Observation {
  readonly facts: Facts
  readonly seen: ReadonlyMap<string, SeenFile>
}

/** Looks at the disk once. Reads a file's bytes only where its stat is not the one remembered. */
export function observe(world: {
  readonly manifest: Manifest
  readonly lock: Lock
  readonly store: Store
  readonly purchases: ReadonlyMap<string, JournalPurchase>
  /** Absolute path of the asset folder. */
  readonly out: string
  readonly state: State | null
  /** False takes the lock's word for every output, so that no file is looked at. */
  readonly files: boolean
}): Observation {
  const { manifest, lock, store } = world
  const unsure = manifest.images.filter((image) => !isSettled(image, lock.images.get(image.id)))
  const takes = takesOf(unsure, lock, store)
  const index = unsure.some((image) => !takes.has(image.requestKey)) ? store.index() : null
  const declared: ReadonlyMap<string, string> = index?.byDeclared ?? new Map<string, string>()
  for (const image of unsure) {
    const request = declared.get(image.declared)
    if (request !== undefined && !takes.has(request)) takes.set(request, store.takes(request))
  }
  const pinned = pinnedOriginals(manifest, lock, store)
  const seen = world.files ? seenOutputs(world) : new Map<string, SeenFile>()
  return {
    facts: {
      takes,
      requestsByDeclared: declared,
      unreadable: new Set(index?.unreadable),
      pinned,
      originals: originalFacts([...[...takes.values()].flat(), ...pinned.values()], lock, store),
      outputs: world.files ? outputFacts(seen) : ownedBy(lock),
      purchases: world.purchases,
    },
    seen,
  }
}

function takesOf(images: readonly Image[], lock: Lock, store: Store): Map<string, readonly Take[]> {
  const takes = new Map<string, readonly Take[]>()
  for (const image of images) {
    for (const request of [image.requestKey, lock.images.get(image.id)?.bought?.request]) {
      if (request === undefined || takes.has(request)) continue
      const stored = store.takes(request)
      if (stored.length > 0) takes.set(request, stored)
    }
  }
  return takes
}

function pinnedOriginals(manifest: Manifest, lock: Lock, store: Store): Map<string, PinnedOriginal> {
  const pinned = new Map<string, PinnedOriginal>()
  let all: readonly PinnedOriginal[] | null = null
  for (const { id, pin, requestKey } of manifest.images) {
    if (pin === null || pinned.has(pin)) continue
    if (lock.images.get(id)?.bought?.original.sha256.startsWith(pin)) continue
    all ??= storedOriginals(store)
    const found = all.filter(({ original }) => original.sha256.startsWith(pin))
    const first = found.find(({ request }) => request === requestKey) ?? found[0]
    if (first && found.every(({ original }) => original.sha256 === first.original.sha256))
      pinned.set(pin, first)
  }
  return pinned
}

/** Everything the index lists, with the words it was made for. */
function storedOriginals(store: Store): readonly PinnedOriginal[] {
  return store
    .index()
    .entries.flatMap(({ request, declared, parts, takes }) =>
      takes.map((take) => ({ ...take, request, declared, parts, takes: takes.length })),
    )
}

function originalFacts(
  takes: readonly { readonly original: Original }[],
  lock: Lock,
  store: Store,
): ReadonlyMap<string, OriginalFact> {
  const facts = new Map<string, OriginalFact>()
  const locked = [...lock.images.values()].flatMap(({ bought, draft }) => [bought, draft])
  const originals = [
    ...takes.map(({ original }) => original),
    ...locked.flatMap((record) => (record ? [record.original] : [])),
  ]
  for (const original of originals) {
    if (facts.has(original.sha256)) continue
    const fact = store.look(original)
    if (fact) facts.set(original.sha256, fact)
  }
  return facts
}

function seenOutputs(world: {
  readonly lock: Lock
  readonly out: string
  readonly state: State | null
}): Map<string, SeenFile> {
  const place = placesIn(world.state, world.lock)
  const seen = new Map<string, SeenFile>()
  for (const image of world.lock.images.values()) {
    for (const output of ownedPaths(image)) {
      const file = seeOutput(output, place(output.path), world)
      if (file) seen.set(output.path, file)
    }
  }
  return seen
}

/** Where a path stands among those remembered: for a few of them no table of all is made. */
function placesIn(state: State | null, lock: Lock): (path: string) => number | undefined {
  if (!state) return () => undefined
  if (lock.images.size >= 10) {
    const places = new Map(pathsOf(state).map((path, index) => [path, index]))
    return (path) => places.get(path)
  }
  return (path) => {
    const place = placeOf(state, path)
    return place === -1 ? undefined : place
  }
}

function seeOutput(
  output: LockOutput,
  index: number | undefined,
  world: { readonly out: string; readonly state: State | null },
): SeenFile | null {
  const path = join(world.out, output.path)
  const found = statIfThere(path)
  if (!found?.isFile()) return null
  const stat = fileStatOf(found)
  const { state } = world
  if (state && index !== undefined && state.isAsSeen(index, stat)) {
    return {
      path: output.path,
      stat,
      sha256: state.sha256(index),
      derivedUnder: state.derivedUnder(index),
    }
  }
  // A file of another size is not the one in the lock; hashing it would tell nothing more.
  const sha256 = Number(stat.size) === output.bytes || index !== undefined ? hashOf(path) : 'f'.repeat(32)
  return sha256 === null
    ? null
    : { path: output.path, stat, sha256, derivedUnder: keptKey(state, index, sha256) }
}

/** Touching a file derived here does not make it another file. */
function keptKey(state: State | null, index: number | undefined, sha256: string): string {
  if (!state || index === undefined || state.sha256(index) !== sha256) return ''
  return state.derivedUnder(index)
}

function hashOf(path: string): string | null {
  const bytes = readIfThere(path)
  return bytes === null ? null : outputSha256(bytes)
}

function outputFacts(seen: ReadonlyMap<string, SeenFile>): ReadonlyMap<string, OutputFact> {
  const facts = new Map<string, OutputFact>()
  for (const [path, file] of seen) facts.set(path, outputFact(file))
  return facts
}

function outputFact(file: SeenFile): OutputFact {
  const fact = { sha256: file.sha256, bytes: Number(file.stat.size) }
  return file.derivedUnder === '' ? fact : { ...fact, derivedUnder: file.derivedUnder }
}
