import { join } from 'node:path'
import { cropNotes } from '../core/crop-notes.ts'
import type { Manifest } from '../core/image.ts'
import { LOCK_NAME } from '../core/lock.ts'
import { readLockPart } from '../core/lock-blocks.ts'
import type { LockPart } from '../core/lock-blocks.ts'
import { changedBlocks, standApart } from '../core/manifest/blocks.ts'
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
import { observe } from '../effects/observe.ts'
import { provenStat, statTexts } from '../effects/state.ts'
import type { State, StatTexts } from '../effects/state.ts'
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
  const text = readIfThere(project.manifestPath)?.toString('utf8') ?? ''
  const apart = readApart(state.apart())
  const changed = apart && changedBlocks(apart.text, text)
  if (!changed) return null
  const read = await readChanged({ file: project.manifestShown, text: changed.text }, apart)
  const { manifest } = read
  if (!manifest || read.notes.length > 0 || read.unsupported.length > 0) return null
  if (!standApart(changed.text, manifest.images) || !mayBeReadAlone(manifest)) return null
  const lock = lockPartOf(state, session, { manifest, apart })
  if (!lock || !outputsStand(state, project.folder)) return null
  const { shift } = changed
  const seen = await lookAtPart(session, state, {
    ...lock,
    apart,
    manifest,
    manifestText: text,
    shift,
    inputStats,
  })
  const { jobs, problems, notes } = seen.plan
  const isFree = jobs.every((job) => job.kind === 'derive')
  return isFree && problems.length === 0 && notes.length === 0 && seen.reading.notes.length === 0 ? seen : null
}

interface Part {
  readonly apart: Apart
  readonly manifest: Manifest
  /** The whole manifest. */
  readonly manifestText: string
  readonly shift: number
  readonly read: LockPart
  /** The whole lock. */
  readonly lockBytes: Buffer
  /** Of its file, from before that was read; see `provenStat`. */
  readonly lockStat: StatTexts
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

function lockPartOf(
  { header }: State,
  { project, clock }: Session,
  { manifest: { images }, apart }: { readonly manifest: Manifest; readonly apart: Apart },
): Pick<Part, 'read' | 'lockBytes' | 'lockStat' | 'lockPath'> | null {
  const lockPath = join(project.folder, header.out, LOCK_NAME)
  const lockStat = provenStat(lockPath, clock.now())
  const lockBytes = readIfThere(lockPath)
  if (!lockBytes) return null
  const ids = images.map(({ id }) => id)
  const read = readLockPart(lockBytes, LOCK_NAME, ids)
  const known = images.every((image) => {
    const entry = read?.lock.images.get(image.id)
    // Words that are no others than the lock's are known to be nobody else's.
    const same = entry?.bought?.request === image.requestKey && entry.bought.declared === image.declared
    return same && isSettled(image, entry) && !apart.sharing.has(image.id)
  })
  return read && known ? { read, lockBytes, lockStat, lockPath } : null
}

async function lookAtPart(session: Session, state: State, part: Part): Promise<Look> {
  const { project, mode } = session
  const { apart, manifest, manifestText, read, lockPath, inputStats } = part
  const { lock } = read
  const { config } = await loadConfig(project.folder)
  const { journalPath, storeFolder } = booksOf(project, mode, config)
  const source = { file: project.manifestShown, text: manifestText }
  const { inputs, out } = state.header
  const reading: Reading = {
    project,
    config,
    manifest,
    manifestText,
    head: apart.head,
    unsupported: [],
    placeOf: placesIn(source, manifest, part.shift),
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
