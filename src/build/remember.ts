import { join, relative, sep } from 'node:path'
import { ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import type { Note } from '../core/problems.ts'
import { emittedPaths } from '../core/emitted-paths.ts'
import type { SeenFiles } from '../effects/seen-files.ts'
import { RACY_MS, statTexts } from '../effects/state.ts'
import type { SeenFile, StatTexts } from '../effects/state.ts'
import { tableOf, writeState } from '../effects/write-state.ts'
import type { FileTable } from '../effects/write-state.ts'
import { TOOL } from '../tool.ts'
import { printApart } from './apart.ts'
import type { Reading } from './reading.ts'
import { askedOf } from './session.ts'
import type { Session } from './session.ts'

/** Remembers what this run saw, so that the next one can tell at once that nothing changed. */
export async function remember(
  session: Session,
  reading: Reading,
  seen: {
    readonly lock: Lock
    readonly files: Pick<SeenFiles, 'get'>
    readonly clean: boolean
    readonly notes: readonly Note[]
  },
): Promise<void> {
  const { table, missing } = tableFor(seen)
  if (session.clock.now() - table.newestMs < RACY_MS) await session.clock.sleep(RACY_MS)
  const { folder, statePath } = session.project
  const { manifest, inputs, rest } = reading
  const clean = seen.clean && missing === 0 && !inputs.some(isScript(folder))
  const statsNow = [...inputs, ...emittedPaths(manifest.emit)].map((path): [string, StatTexts] => [
    path,
    reading.inputStats.has(path) ? (reading.inputStats.get(path) ?? null) : statTexts(join(folder, path)),
  ])
  const { notes } = seen
  if (rest) {
    if (clean) await rest.writeState(seen.lock, seen.files, { inputs: statsNow, notes })
    return
  }
  await writeState(
    statePath,
    {
      tool: TOOL,
      clean,
      asked: askedOf(session),
      inputs: statsNow,
      images: manifest.images.length,
      out: relative(folder, reading.out).split(sep).join('/'),
      notes,
    },
    { table, apart: clean && notes.length === 0 ? [Buffer.from(printApart(reading, seen.lock))] : [] },
  )
}

/** All files that a lock owns, and how many of them were not seen. */
function tableFor({ lock, files }: { readonly lock: Lock; readonly files: Pick<SeenFiles, 'get'> }): {
  readonly table: FileTable
  readonly missing: number
} {
  let missing = 0
  const owned = function* (): Generator<SeenFile> {
    for (const image of lock.images.values()) {
      for (const { path } of ownedPaths(image)) {
        const file = files.get(path)
        if (file) yield file
        else missing += 1
      }
    }
  }
  const table = tableOf(owned())
  return { table, missing }
}

/** A config in JavaScript may say another thing each time it is asked. */
function isScript(folder: string): (path: string) => boolean {
  return (path) => /\.m?js$/.test(path) && statTexts(join(folder, path)) !== null
}
