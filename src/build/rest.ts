import { ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import type { Block, LockPart } from '../core/lock-blocks.ts'
import { printBlock, printLock } from '../core/print-lock.ts'
import { CHANGED, DiskError, readIfThere, writeWhole } from '../effects/files.ts'
import type { Piece } from '../effects/files.ts'
import { placeOf } from '../effects/path-groups.ts'
import { fileStatOf, isSameStat, statIfThere } from '../effects/state.ts'
import type { SeenFiles } from '../effects/seen-files.ts'
import type { FileRange, FileStat, State } from '../effects/state.ts'
import { writeStateWith } from '../effects/write-state.ts'
import type { StateChange } from '../effects/write-state.ts'
import type { Apart } from './apart.ts'
import type { Reading } from './reading.ts'
import type { LockFile } from './write-lock.ts'

/** What was not read of a project, because nothing changed there. */
export interface Rest {
  /** How many images; each is fresh. */
  readonly images: number
  /** The whole lock, written with the images that were read in their places. */
  readonly lockFile: LockFile
  /** The whole state, likewise. */
  readonly writeState: (
    lock: Lock,
    files: Pick<SeenFiles, 'get'>,
    header: StateChange['header'],
  ) => Promise<void>
}

/** What of a project's files was read. */
interface Part extends Pick<Reading, 'project' | 'lockPath'> {
  readonly read: LockPart
  /** Of the lock's file, while it was read. */
  readonly lockSeen: FileStat
  readonly apart: Apart
  readonly manifestBytes: Buffer
  readonly images: number
}

/** Keeps what the last run saw of the images that are not read. */
export function restOf(state: State, part: Part): Rest {
  const { apart, manifestBytes, project, read } = part
  let others = false
  return {
    images: state.header.images - part.images,
    lockFile: openPart(part, () => {
      others = true
    }),
    writeState: async (lock, files, header) => {
      const replaced = others ? null : replacedIn(state, read.lock, { lock, files })
      if (!replaced) return
      const change = { header, apart: [apart.above, manifestBytes], replaced }
      await writeStateWith(project.statePath, state, change)
    },
  }
}

/** The whole lock, of which only a few blocks are known; `onOthers` is told when somebody else has changed it. */
function openPart(part: Part, onOthers: () => void): LockFile {
  const { lockPath } = part
  let { lockSeen, read } = part
  const mergeWhole = (lock: Lock): ReturnType<LockFile['write']> => {
    onOthers()
    return merge(lock, part)
  }
  return {
    write: async (lock) => {
      const there = statIfThere(lockPath)
      if (!there || !isSameStat(there, lockSeen)) return mergeWhole(lock)
      const text = printLock(lock)
      if (text === read.text) return { lock }
      const { pieces, blocks } = spliced(lock, { path: lockPath, seen: lockSeen, blocks: read.blocks })
      try {
        const written = await writeWhole(lockPath, pieces, { durable: true })
        // Renaming it changed its ctime alone.
        if (written) lockSeen = { ...fileStatOf(written), ctimeNs: statIfThere(lockPath)?.ctimeNs ?? 0n }
        read = { lock, text, blocks }
        return { lock }
      } catch (error) {
        if (error instanceof DiskError && error.errno === CHANGED) return mergeWhole(lock)
        throw error
      }
    },
  }
}

/** The whole lock with the blocks of some images as they are in another, and where they stand then. */
function spliced(
  lock: Lock,
  whole: Pick<FileRange, 'path' | 'seen'> & Pick<LockPart, 'blocks'>,
): { readonly pieces: readonly Piece[]; readonly blocks: LockPart['blocks'] } {
  const { path, seen } = whole
  const pieces: Piece[] = []
  const blocks: Block[] = []
  let [from, moved] = [0, 0]
  for (const block of whole.blocks) {
    const image = lock.images.get(block.id)
    if (!image) continue
    const bytes = Buffer.from(printBlock(block.id, image))
    pieces.push({ path, seen, from, to: block.start }, bytes)
    from = block.end
    blocks.push({ id: block.id, start: block.start + moved, end: block.start + moved + bytes.length })
    moved += bytes.length - (block.end - block.start)
  }
  return { pieces: [...pieces, { path, seen, from, to: Number(seen.size) }], blocks }
}

/**
 * Somebody else changed the lock meanwhile: all of it is merged, as after reading all of it. What this run did not read it
 * did not change, so there the others' word counts; a lock that is gone is not made up from a part of it.
 */
async function merge(
  ours: Lock,
  { read, lockPath, project }: Part,
): ReturnType<LockFile['write']> {
  const text = readIfThere(lockPath)?.toString('utf8')
  if (text === undefined) return { lock: ours }
  const { openLock, readTheirs } = await import('./write-lock.ts')
  const theirs = readTheirs(text, { lockPath, project })
  if ('problem' in theirs) return theirs
  const inWhole = (part: Lock): Lock => ({
    ...theirs.lock,
    images: new Map([...theirs.lock.images, ...part.images]),
  })
  const file = openLock({ lock: inWhole(read.lock), lockText: null, lockPath, project })
  return file.write(inWhole(ours))
}

function replacedIn(
  state: State,
  before: Lock,
  now: { readonly lock: Lock; readonly files: Pick<SeenFiles, 'get'> },
): StateChange['replaced'] | null {
  const replaced = [...before.images].flatMap(([id, image]) => {
    const paths = ownedPaths(image).map(({ path }) => path)
    const at = placeOf(state, paths[0] ?? '')
    const entry = now.lock.images.get(id)
    if (!entry || at === -1 || paths.some((path, index) => placeOf(state, path) !== at + index)) return []
    const files = ownedPaths(entry).flatMap(({ path }) => now.files.get(path) ?? [])
    return [{ at, count: paths.length, files }]
  })
  return replaced.length === before.images.size ? replaced.sort((a, b) => a.at - b.at) : null
}
