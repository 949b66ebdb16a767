import { dirname } from 'node:path'
import { writeWhole } from './files.ts'
import { ensureStateFolder } from './state-folder.ts'
import type { SeenFile, StateHeader } from './state.ts'

/** Writes the state. A failure to do so is nobody's problem: the next run looks for itself. */
export async function writeState(
  path: string,
  header: Omit<StateHeader, 'pathsBytes' | 'count'>,
  files: readonly SeenFile[],
): Promise<void> {
  const paths = Buffer.from(files.map((file) => file.path).join('\n'))
  const numbers = new BigInt64Array(files.length * 4)
  const shas = Buffer.alloc(files.length * 16)
  files.forEach((file, index) => {
    numbers.set([file.stat.size, file.stat.mtimeNs, file.stat.ctimeNs, file.stat.ino], index * 4)
    shas.write(file.sha256, index * 16, 16, 'hex')
  })
  const whole: StateHeader = { ...header, pathsBytes: paths.length, count: files.length }
  const keys = Buffer.from(files.map((file) => file.derivedUnder).join('\n'), 'latin1')
  const head = Buffer.from(`${JSON.stringify(whole)}\n`)
  const bytes = Buffer.concat([head, paths, Buffer.from(numbers.buffer), shas, keys])
  try {
    ensureStateFolder(dirname(path))
    await writeWhole(path, bytes, { durable: false })
  } catch {
    // A read-only checkout has no memory; it is only slower.
  }
}
