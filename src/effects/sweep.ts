import { readdirSync, rmSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { TEMPORARY_PREFIX, errnoOf } from './files.ts'

const TEMPORARY = new RegExp(`^\\${TEMPORARY_PREFIX}(\\d+)-[\\da-f-]+\\.tmp$`)

/** Whether half-written files lie in a folder itself. */
export function hasTemporary(folder: string): boolean {
  return entriesOf(folder).some(({ name }) => TEMPORARY.test(name))
}

/**
 * Removes half-written files below the folders whose processes are no more. Only who holds the project may call it: in
 * another container a process may live that cannot be seen from here. What cannot be read or removed is left.
 */
export function sweepTemporary(folders: readonly string[]): void {
  for (const folder of folders) sweep(folder)
}

/** Removes what killed edits of a manifest left in its folder itself; any edit and any run that looks closer may call it. */
export function sweepBeside(folder: string): void {
  for (const { name } of entriesOf(folder)) removeIfLeft(join(folder, name), name)
}

function sweep(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) sweep(path)
    else if (entry.isFile()) removeIfLeft(path, entry.name)
  }
}

function removeIfLeft(path: string, name: string): void {
  const [, owner] = TEMPORARY.exec(name) ?? []
  if (owner !== undefined && isOver(Number(owner), path)) remove(path)
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

/** A killed run may have had this one's number, as happens in containers: then its file is older than this process. */
function isOver(id: number, path: string): boolean {
  if (id === process.pid) {
    return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < performance.timeOrigin
  }
  try {
    process.kill(id, 0)
    return false
  } catch (error) {
    return errnoOf(error) !== 'EPERM'
  }
}
