import { ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import type { LockPart } from '../core/lock-blocks.ts'
import { printLock } from '../core/print-lock.ts'
import { readLock } from '../core/read-lock.ts'
import { readIfThere, writeWhole } from '../effects/files.ts'
import { placeOf, sameStat, statTexts } from '../effects/state.ts'
import type { SeenFile, State, StatTexts } from '../effects/state.ts'
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
    files: ReadonlyMap<string, SeenFile>,
    header: StateChange['header'],
  ) => Promise<void>
}

/** Keeps what the last run saw of the images that are not read. */
export function restOf(
  state: State,
  part: {
    readonly read: LockPart
    readonly lockBytes: Buffer
    readonly lockStat: StatTexts
    readonly apart: Apart
    readonly manifestText: string
    readonly images: number
  } & Pick<Reading, 'project' | 'lockPath'>,
): Rest {
  const { read, lockPath, project } = part
  let known: readonly Buffer[] = [part.lockBytes]
  let printed = read.text
  let stat = part.lockStat
  let others = false
  const isKnown = (): boolean =>
    (stat !== null && sameStat(stat, statTexts(lockPath))) ||
    readIfThere(lockPath)?.equals(Buffer.concat(known)) === true
  return {
    images: state.header.images - part.images,
    lockFile: {
      write: async (lock) => {
        if (!isKnown()) {
          others = true
          return mergeWhole(lock, { lockText: Buffer.concat(known).toString('utf8'), lockPath, project })
        }
        const text = printLock(lock)
        if (text === printed) return { lock }
        const next = read.wholeWith(text)
        await writeWhole(lockPath, next, { durable: true })
        known = next
        printed = text
        stat = null
        return { lock }
      },
    },
    writeState: async (lock, files, header) => {
      const replaced = others ? null : replacedIn(state, read.lock, { lock, files })
      const { statePath } = project
      if (!replaced) return
      const apart = part.apart.above + part.manifestText
      await writeStateWith(statePath, state, { header, apart, replaced })
    },
  }
}

/** Somebody else changed the lock meanwhile: all of it is merged, as after reading all of it. */
async function mergeWhole(
  lock: Lock,
  before: Pick<Reading, 'project' | 'lockPath'> & { readonly lockText: string },
): ReturnType<LockFile['write']> {
  const { openLock } = await import('./write-lock.ts')
  const base = readLock({ file: before.lockPath, text: before.lockText })
  if ('problem' in base) return base
  const ours = { ...base.lock, images: new Map([...base.lock.images, ...lock.images]) }
  return openLock({ ...before, lock: base.lock }).write(ours)
}

function replacedIn(
  state: State,
  before: Lock,
  now: { readonly lock: Lock; readonly files: ReadonlyMap<string, SeenFile> },
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
