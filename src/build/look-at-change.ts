import { join } from 'node:path'
import { cropNotes } from '../core/crop-notes.ts'
import type { Manifest } from '../core/image.ts'
import { LOCK_NAME } from '../core/lock.ts'
import { readLockPart } from '../core/lock-blocks.ts'
import type { LockPart } from '../core/lock-blocks.ts'
import { changedBlocks, standApart } from '../core/manifest/blocks.ts'
import type { ChangedBlocks } from '../core/manifest/blocks.ts'
import { treeBelow } from '../core/manifest/plain-blocks.ts'
import { readTree } from '../core/manifest/read-tree.ts'
import type { ManifestReading } from '../core/manifest/read-tree.ts'
import { plan as makePlan } from '../core/plan.ts'
import { isSettled } from '../core/settled.ts'
import type { Source } from '../core/source.ts'
import { loadConfig } from '../effects/config.ts'
import { CONFIG_PLACES } from '../effects/config-places.ts'
import { readIfThere } from '../effects/files.ts'
import { lastEndedInOrder } from '../effects/hold.ts'
import { withLargeFile } from '../effects/large-file.ts'
import { observe } from '../effects/observe.ts'
import { RACY_MS, sameStat, statIfThere, statTexts, textsOf } from '../effects/state.ts'
import type { FileStat, State } from '../effects/state.ts'
import { openStore } from '../effects/store.ts'
import { changedAlone, outputsStand } from '../effects/unchanged.ts'
import { catalog } from '../providers/catalog.ts'
import { mayBeReadAlone, readApart } from './apart.ts'
import type { Apart } from './apart.ts'
import type { Look, Reading } from './reading.ts'
import { booksOf, placesIn } from './reading.ts'
import { restOf } from './rest.ts'
import type { Session } from './session.ts'

/**
 * The short road: where only a few images of the manifest changed since a run that left nothing to do, and only in what
 * is free, they alone are read, looked at and planned, as if the project had no others. Null for whatever could end
 * otherwise than after reading everything; nothing was done then.
 */
export async function lookAtChange(session: Session, state: State): Promise<Look | null> {
  const { project } = session
  const { apartBytes, notes: remarks } = state.header
  if (session.mode !== 'real' || apartBytes === 0 || remarks.length > 0) return null
  if (!changedAlone(state, project.folder, project.manifestName)) return null
  if (!lastEndedInOrder(project.stateFolder)) return null
  const inputStats = new Map(
    [project.manifestName, ...CONFIG_PLACES].map((name) => [name, statTexts(join(project.folder, name))]),
  )
  const bytes = readIfThere(project.manifestPath)
  const apart = bytes && readApart(state.apart())
  const changed = apart && changedBlocks(apart.text, bytes)
  if (!changed) return null
  const source = { file: project.manifestShown, text: changed.text }
  const { manifest, notes: told, unsupported } = await readChanged(source, apart)
  if (!manifest || told.length > 0 || unsupported.length > 0) return null
  if (!standApart(changed.text, manifest.images) || !mayBeReadAlone(manifest)) return null
  const lock = await lockPartOf(state, session, { manifest, apart })
  if (!lock || !outputsStand(state, project.folder)) return null
  const part = { ...lock, apart, source, manifest, manifestBytes: bytes, changed, inputStats }
  const seen = await lookAtPart(session, state, part)
  const { jobs, problems, notes } = seen.plan
  const isFree = jobs.every((job) => job.kind === 'derive')
  return isFree && problems.length === 0 && notes.length === 0 && seen.reading.notes.length === 0 ? seen : null
}

interface Part {
  readonly apart: Apart
  readonly source: Source
  readonly manifest: Manifest
  /** The whole manifest. */
  readonly manifestBytes: Buffer
  readonly changed: ChangedBlocks
  readonly read: LockPart
  /** Of the whole lock's file, from before it was read. */
  readonly lockSeen: FileStat
  readonly lockPath: string
  readonly inputStats: Reading['inputStats']
}

/** Plain images need no parser: what stands above them was parsed by the run before. */
async function readChanged(source: Source, { head }: Apart): Promise<ManifestReading> {
  const tree = treeBelow(head, source.text)
  if (tree) return readTree(source, catalog, () => tree)
  const { readManifest } = await import('../core/manifest/read-manifest.ts')
  return readManifest(source, catalog)
}

async function lockPartOf(
  { header }: State,
  { project, clock }: Session,
  { manifest: { images }, apart }: { readonly manifest: Manifest; readonly apart: Apart },
): Promise<Pick<Part, 'read' | 'lockSeen' | 'lockPath'> | null> {
  const lockPath = join(project.folder, header.out, LOCK_NAME)
  const ids = images.map(({ id }) => id)
  const written = statIfThere(lockPath)
  // A stat that is older than that is another one after any change.
  if (written && clock.now() - Number(written.mtimeNs / 1_000_000n) < RACY_MS) await clock.sleep(RACY_MS)
  const file = withLargeFile(lockPath, (whole) => ({
    lockSeen: whole.seen,
    read: readLockPart(whole, LOCK_NAME, ids),
  }))
  const read = file?.read
  const remembered = header.inputs.find(([path]) => path === `${header.out}/${LOCK_NAME}`)
  if (!read || !sameStat(textsOf(file.lockSeen), remembered?.[1] ?? null)) return null
  const known = images.every((image) => {
    const entry = read.lock.images.get(image.id)
    // Words that are no others than the lock's are known to be nobody else's.
    const same = entry?.bought?.request === image.requestKey && entry.bought.declared === image.declared
    return same && isSettled(image, entry) && !apart.sharing.has(image.id)
  })
  return known ? { read, lockSeen: file.lockSeen, lockPath } : null
}

async function lookAtPart(session: Session, state: State, part: Part): Promise<Look> {
  const { project, mode } = session
  const { apart, source, manifest, read, lockPath, inputStats } = part
  const { lock } = read
  const { config } = await loadConfig(project.folder)
  const { journalPath, storeFolder } = booksOf(project, mode, config)
  const { inputs, out } = state.header
  const reading: Reading = {
    project,
    config,
    manifest,
    manifestText: source.text,
    head: apart.head,
    unsupported: [],
    placeOf: placesInWhole(source, part),
    notes: cropNotes(manifest.images, lock, source),
    lock,
    lockText: read.text,
    lockPath,
    out: join(project.folder, out),
    store: openStore(storeFolder),
    journalPath,
    // Words that are settled need no purchase, and the run that wrote the state left none open.
    purchases: new Map(),
    providers: new Map(),
    mode,
    inputs: inputs.map(([path]) => path),
    inputStats,
    ownStats: inputs.flatMap(([path, seen]) =>
      inputStats.has(path) ? [] : [[join(project.folder, path), seen] as const],
    ),
    rest: restOf(state, { ...part, project, images: manifest.images.length }),
  }
  const { facts, seen } = observe({ ...reading, state, files: true })
  const plan = makePlan({ ...reading, facts, policy: { mode, only: null } })
  return { reading, observation: { facts, seen }, plan }
}

/** Where the whole manifest names the images that were read. */
function placesInWhole({ file }: Source, { manifest, manifestBytes, changed }: Part): Reading['placeOf'] {
  let places: Reading['placeOf'] | null = null
  return (id) => {
    places ??= placesIn({ file, text: manifestBytes.toString('utf8') }, { images: inWhole() })
    return places(id)
  }
  function inWhole(): Manifest['images'] {
    const shift = manifestBytes.toString('utf8', 0, changed.start).length - changed.head
    return manifest.images.map((image) => ({ ...image, offset: image.offset + shift }))
  }
}
