import { readLock } from '../../../src/core/read-lock.ts'
import { readIfThere } from '../../../src/effects/files.ts'

/** What a process that never read a lock takes for it, in milliseconds. */
export interface LockRun {
  /** From the file to a lock in which nothing can be wrong any more. */
  readonly readMs: number
  /** The same and what it says of each image. */
  readonly allMs: number
}

const [file = ''] = process.argv.slice(2)
const began = performance.now()
const read = readLock({ file, text: String(readIfThere(file)) })
const readMs = performance.now() - began
if ('problem' in read) throw new Error(read.problem.message)
const images = [...read.lock.images.values()]
const run: LockRun = { readMs, allMs: performance.now() - began }
if (images.length === 0) throw new Error('the lock of the bench is empty')
process.stdout.write(JSON.stringify(run))
