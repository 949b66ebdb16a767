import { hold } from '../build/hold-project.ts'
import { look } from '../build/look.ts'
import type { Look } from '../build/reading.ts'
import type { BuildOptions } from '../build/options.ts'
import { machineProblem } from '../build/reading.ts'
import { openSession } from '../build/session.ts'
import { printLock } from '../core/print-lock.ts'
import type { LockImage } from '../core/lock.ts'
import { writeWhole } from '../effects/files.ts'
import { stopped } from './edit-manifest.ts'
import type { Edited } from './edit-manifest.ts'
import type { EditOptions } from './options.ts'

/** What a command takes that changes more than the manifest: it waits until no other run holds the project. */
export type ProjectOptions = EditOptions & Pick<BuildOptions, 'wait' | 'signal' | 'onEvent'>

/** Changes a project that nobody else changes meanwhile. */
export async function inProject(
  options: ProjectOptions,
  work: (seen: Look) => Promise<Edited>,
): Promise<Edited> {
  try {
    const session = openSession(options, true)
    const held = await hold(session, options)
    if ('problem' in held) return stopped(held.problem)
    try {
      const seen = await look(session, { files: false })
      return 'problems' in seen ? stopped(...seen.problems) : await work(seen)
    } finally {
      held.release()
    }
  } catch (error) {
    return stopped(machineProblem(error))
  }
}

/** Writes the lock whole, with other entries; resolves with its new text. Throws `DiskError`. */
export async function writeLock({ reading }: Look, images: ReadonlyMap<string, LockImage>): Promise<string> {
  const text = printLock({ ...reading.lock, images })
  await writeWhole(reading.lockPath, text, { durable: true })
  return text
}
