import { join, relative, sep } from 'node:path'
import { ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import type { Note } from '../core/problems.ts'
import { emittedPaths } from '../core/emitted-paths.ts'
import { RACY_MS, statTexts } from '../effects/state.ts'
import type { SeenFile, StatTexts } from '../effects/state.ts'
import { writeState } from '../effects/write-state.ts'
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
    readonly files: ReadonlyMap<string, SeenFile>
    readonly clean: boolean
    readonly notes: readonly Note[]
  },
): Promise<void> {
  const owned = [...seen.lock.images.values()].flatMap(ownedPaths)
  const files = owned.flatMap((output) => seen.files.get(output.path) ?? [])
  const newest = files.reduce((latest, file) => Math.max(latest, Number(file.stat.mtimeNs / 1_000_000n)), 0)
  if (session.clock.now() - newest < RACY_MS) await session.clock.sleep(RACY_MS)
  const { folder, statePath } = session.project
  const { manifest, inputs, rest } = reading
  const clean = seen.clean && files.length === owned.length && !inputs.some(isScript(folder))
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
      bytes: files.reduce((sum, file) => sum + Number(file.stat.size), 0),
      out: relative(folder, reading.out).split(sep).join('/'),
      notes,
    },
    { files, apart: clean && notes.length === 0 ? [Buffer.from(printApart(reading, seen.lock))] : [] },
  )
}

/** A config in JavaScript may say another thing each time it is asked. */
function isScript(folder: string): (path: string) => boolean {
  return (path) => /\.m?js$/.test(path) && statTexts(join(folder, path)) !== null
}
