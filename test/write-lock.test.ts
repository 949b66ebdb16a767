import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as setTurn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { locateProject } from '../src/build/project.ts'
import { openLock } from '../src/build/write-lock.ts'
import type { LockFile } from '../src/build/write-lock.ts'
import { printLock } from '../src/core/print-lock.ts'
import { lockImage, lockOf } from './support/locks.ts'

const NO_IMAGES = lockOf({})
const SHELF = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [`shelf/${index}`, lockImage(`shelf/${index}`)]),
)

/** The lock of a project that has none yet. */
function newLock(): { readonly lockPath: string; readonly lockFile: LockFile } {
  const folder = mkdtempSync(join(tmpdir(), 'pixelkiln-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const lockPath = join(folder, 'pixelkiln.lock.json')
  const project = locateProject({ cwd: folder })
  return { lockPath, lockFile: openLock({ lock: NO_IMAGES, lockText: null, lockPath, project }) }
}

it('a large lock is printed in turns with what else a run does', async () => {
  const { lockFile } = newLock()
  let turns = 0
  let printed = false
  const entries = new Map(Object.entries(SHELF))
  // The last image is looked at when all others are printed.
  const last = entries.get('shelf/999')
  entries.get = (id) => {
    if (id === 'shelf/999') printed = true
    return id === 'shelf/999' ? last : SHELF[id]
  }
  const count = (): void => {
    if (printed) return
    turns += 1
    setImmediate(count)
  }
  setImmediate(count)
  await lockFile.write({ ...NO_IMAGES, images: entries })
  expect(turns).toBeGreaterThanOrEqual(9)
})

it('a lock that somebody writes while it is printed is kept beside what the run came to', async () => {
  const { lockPath, lockFile } = newLock()
  const pulled = lockOf({ mug: lockImage('mug') })
  setImmediate(() => writeFileSync(lockPath, printLock(pulled)))
  await lockFile.write(lockOf(SHELF))
  expect(readFileSync(lockPath, 'utf8')).toBe(printLock(lockOf({ mug: lockImage('mug'), ...SHELF })))
})

it('a lock that somebody changes between two writes is merged, and one that is as it was is left alone', async () => {
  const { lockPath, lockFile } = newLock()
  await lockFile.write(lockOf(SHELF))
  const written = statSync(lockPath)
  await lockFile.write(lockOf(SHELF))
  expect(statSync(lockPath).ino).toBe(written.ino)
  writeFileSync(lockPath, printLock(lockOf({ mug: lockImage('mug'), ...SHELF })))
  await lockFile.write(lockOf({ lamp: lockImage('lamp'), ...SHELF }))
  const all = { lamp: lockImage('lamp'), mug: lockImage('mug'), ...SHELF }
  expect(readFileSync(lockPath, 'utf8')).toBe(printLock(lockOf(all)))
})

it('a lock that somebody changes before the run knows that its own is safe is merged, too', async () => {
  const { lockPath, lockFile } = newLock()
  const lamp = lockOf({ lamp: lockImage('lamp') })
  const first = lockFile.write(lamp)
  // It has its name; that this name survives a power cut takes a while longer.
  while (!existsSync(lockPath)) await setTurn()
  writeFileSync(lockPath, printLock(lockOf({ mug: lockImage('mug') })))
  await first
  await lockFile.write(lamp)
  const both = lockOf({ lamp: lockImage('lamp'), mug: lockImage('mug') })
  expect(readFileSync(lockPath, 'utf8')).toBe(printLock(both))
})

it('line ends of Windows are no change of a lock', async () => {
  const { lockPath, lockFile } = newLock()
  const { lockFile: again } = await writtenWithCrlf(lockPath, lockFile)
  const { ino } = statSync(lockPath)
  await again.write(lockOf({ mug: lockImage('mug') }))
  expect(statSync(lockPath).ino).toBe(ino)
})

/** The lock of one image as a checkout on Windows has it, opened anew. */
async function writtenWithCrlf(
  lockPath: string,
  lockFile: LockFile,
): Promise<{ readonly lockFile: LockFile }> {
  const lock = lockOf({ mug: lockImage('mug') })
  await lockFile.write(lock)
  const lockText = readFileSync(lockPath, 'utf8').replaceAll('\n', '\r\n')
  writeFileSync(lockPath, lockText)
  const project = locateProject({ cwd: dirname(lockPath) })
  return { lockFile: openLock({ lock, lockText, lockPath, project }) }
}
