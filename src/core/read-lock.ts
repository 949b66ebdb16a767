import { LOCK_FOOT, LOCK_IMAGES, LOCK_VERSION } from './lock.ts'
import type { Lock, LockImage } from './lock.ts'
import type { Problem } from './problems.ts'
import { imagesOfBlocks } from './read-lock-blocks.ts'
import { imageOf, Malformed, record, text } from './read-lock-image.ts'
import { placeAt } from './source.ts'
import type { Source } from './source.ts'

const MARKER = /^(<{7}|={7}|>{7}|\|{7})( |$)/m

/** Reads a lock's text; anything that is not wholly understood is a problem, never a lock with less in it. */
export function readLock(source: Source): { readonly lock: Lock } | { readonly problem: Problem } {
  const printed = readPrinted(source.text)
  if (printed) return { lock: printed }
  const text = source.text.replaceAll('\r\n', '\n')
  const marker = MARKER.exec(text)
  if (marker) return { problem: conflict({ ...source, text }, marker.index) }
  const twice = duplicateBlock(text)
  if (twice) {
    const place = placeAt({ ...source, text }, twice.offset)
    const message = `The lock names "${twice.id}" twice, as happens when git merges two branches that both added it. Nothing was bought. Keep one of the two blocks: the one whose files are in the folder.`
    return { problem: { code: 'lock/duplicate', message, place } }
  }
  try {
    return { lock: lockOf(JSON.parse(text)) }
  } catch (error) {
    return { problem: unreadable(source, error) }
  }
}

/**
 * A lock as `printLock` prints it, a block at a time: in two thirds of the time of parsing it as JSON. Null for any
 * other, which is then read with all its mistakes.
 */
function readPrinted(text: string): Lock | null {
  const headEnd = text.indexOf(LOCK_IMAGES) + LOCK_IMAGES.length
  if (headEnd < LOCK_IMAGES.length || !text.endsWith(LOCK_FOOT)) return null
  try {
    const top = lockOf(JSON.parse(`${text.slice(0, headEnd)}}}`))
    const images = imagesOfBlocks(text, headEnd, text.length - LOCK_FOOT.length)
    return images && { ...top, images }
  } catch {
    return null
  }
}

/** True when git left the markers of a merge in a lock's text. */
export function hasConflict(text: string): boolean {
  return MARKER.test(text)
}

function conflict(source: Source, offset: number): Problem {
  return {
    code: 'lock/conflict',
    message:
      'The lock has conflict markers of a merge. A command that may write merges them image by image; "check" and "plan" only read. Run "pixelkiln build", or resolve the merge by hand.',
    place: placeAt(source, offset),
  }
}

function unreadable(source: Source, error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error)
  if (error instanceof Malformed && error.newer) {
    return {
      code: 'lock/newer',
      message: `${source.file}: ${why} Update pixelkiln to the version your team uses; nothing was changed.`,
    }
  }
  return {
    code: 'lock/unreadable',
    message: `${source.file} cannot be read: ${why}. It says which pictures are paid for, so nothing was bought. Restore it from version control ("git checkout -- ${source.file}").`,
  }
}

/** The lock is printed one image a block, so a repeated id shows as a repeated line of that shape; JSON.parse would keep the last in silence. */
function duplicateBlock(text: string): { id: string; offset: number } | null {
  const seen = new Set<string>()
  for (const match of text.matchAll(/^("(?:[^"\\]|\\.)*"): \{$/gm)) {
    const id = match[1] ?? ''
    if (seen.has(id)) return { id: id.slice(1, -1), offset: match.index }
    seen.add(id)
  }
  return null
}

function lockOf(value: unknown): Lock {
  const top = record(value, 'the file')
  const version = top['lock']
  if (typeof version === 'number' && version > LOCK_VERSION) {
    throw new Malformed(
      `The lock has version ${version}, and this pixelkiln reads up to ${LOCK_VERSION}.`,
      true,
    )
  }
  if (version !== LOCK_VERSION) throw new Malformed('"lock" is not a version number that exists')
  const images = new Map<string, LockImage>()
  for (const [id, image] of Object.entries(record(top['images'], '"images"'))) {
    images.set(id, imageOf(id, image))
  }
  const url = top['url'] === undefined ? null : text(top['url'], '"url"')
  return { manifest: text(top['manifest'], '"manifest"'), url, images }
}
