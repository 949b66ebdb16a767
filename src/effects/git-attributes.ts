import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCK_ATTRIBUTES, LOCK_NAME } from '../core/lock.ts'
import { readIfThere } from './files.ts'

/** Tells git how the lock is merged, in the folder's `.gitattributes`; true when it had to be told. Throws what the disk throws. */
export function addLockAttributes(folder: string): boolean {
  const path = join(folder, '.gitattributes')
  const known = readIfThere(path)?.toString('utf8') ?? ''
  if (known.includes(LOCK_NAME)) return false
  const gap = known === '' || known.endsWith('\n') ? '' : '\n'
  appendFileSync(path, `${gap}${LOCK_ATTRIBUTES}\n`)
  return true
}
