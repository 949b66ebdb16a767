import { rmSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { LOCK_NAME, ownedPaths } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'

/** Where the asset folder lies below the folder that is published as it is, forward slashes; null when elsewhere. */
export function publicPath(publicDir: string, out: string): string | null {
  if (publicDir === '') return null
  const below = relative(publicDir, out)
  return below.startsWith('..') || isAbsolute(below) ? null : below.split(sep).join('/')
}

/** The public prefix of such a folder for a base that ends with a slash. No slash at its end. */
export function publicPrefix(base: string, below: string): string {
  return `${base}${encoded(below)}`.replace(/\/$/, '')
}

/** The lock is for machines that build, not for those that read. */
export function removeLock(published: string, below: string): void {
  rmSync(join(published, below, LOCK_NAME), { force: true })
}

/** A path as it stands in an address. */
export function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

/** Some digits of each file’s content by its address: with them behind it, a page that is served loads a changed file again. */
export function stampsOf(lock: Lock, address: (path: string) => string): ReadonlyMap<string, string> {
  const outputs = [...lock.images.values()].flatMap((image) => ownedPaths(image))
  return new Map(outputs.map(({ path, sha256 }) => [address(path), sha256.slice(0, 8)]))
}
