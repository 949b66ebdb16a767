import { readdirSync, rmSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { TEMPORARY_PREFIX, errnoOf } from './files.ts'

const TEMPORARY = new RegExp(`^\\${TEMPORARY_PREFIX}(\\d+)-[\\da-f-]+\\.tmp$`)

/** Whether half-written files lie in a folder itself. */
export function hasTemporary(folder: string): boolean {
  return entriesOf(folder).some(({ name }) => TEMPORARY.test(name))
}

/**
 * Removes half-written files below the folders whose processes are no more, or have this one's number, as happens in
 * containers: only who holds the project, and writes nothing yet, may call it. What cannot be read or removed is left.
 */
export function sweepTemporary(folders: readonly string[]): void {
  for (const folder of folders) sweep(folder)
}

function sweep(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    const [, owner] = TEMPORARY.exec(entry.name) ?? []
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) sweep(path)
    else if (entry.isFile() && owner !== undefined && isOver(Number(owner))) remove(path)
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // The next run tries again.
  }
}

function isOver(id: number): boolean {
  if (id === process.pid) return true
  try {
    process.kill(id, 0)
    return false
  } catch (error) {
    return errnoOf(error) !== 'EPERM'
  }
}
