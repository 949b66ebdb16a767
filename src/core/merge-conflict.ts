import type { Lock } from './lock.ts'
import { mergeLocks } from './merge-lock.ts'
import type { Problem } from './problems.ts'
import { hasConflict, readLock } from './read-lock.ts'
import type { Source } from './source.ts'

/**
 * The lock behind the conflict markers that git left in it, merged image by image; null when there are none. Sides that
 * are no locks, also with their commas mended, are the problem that `readLock` tells of the whole file.
 */
export function mergeConflict(
  source: Source,
): { readonly lock: Lock } | { readonly problem: Problem } | null {
  const text = source.text.replaceAll('\r\n', '\n')
  if (!hasConflict(text)) return null
  const sides = splitConflict(text)
  const [ours, theirs] = [sideOf(source, sides.ours), sideOf(source, sides.theirs)]
  if (!ours || !theirs) return readLock(source)
  const base = sides.base === null ? null : sideOf(source, sides.base)
  return { lock: mergeLocks(base, ours, theirs) }
}

interface Sides {
  readonly ours: string
  readonly theirs: string
  /** Null where git was not told to show it (`merge.conflictStyle`). */
  readonly base: string | null
}

const SIDES = ['ours', 'theirs', 'base'] as const

function splitConflict(text: string): Sides {
  const sides = { ours: '', theirs: '', base: '' }
  let inside: keyof typeof sides | null = null
  let hasBase = true
  let sawBase = false
  for (const line of text.split('\n')) {
    const marker = /^(<{7}|\|{7}|={7}|>{7})(?: |$)/.exec(line)?.[1]?.[0]
    if (marker === '<') [inside, sawBase] = ['ours', false]
    else if (marker === '|') [inside, sawBase] = ['base', true]
    else if (marker === '=') [inside, hasBase] = ['theirs', hasBase && sawBase]
    else if (marker === '>') inside = null
    else if (inside !== null) sides[inside] += `${line}\n`
    else for (const side of SIDES) sides[side] += `${line}\n`
  }
  return { ...sides, base: hasBase ? sides.base : null }
}

function sideOf(source: Source, text: string): Lock | null {
  const read = readLock({ ...source, text: mendCommas(text) })
  return 'lock' in read ? read.lock : null
}

/** Lines that git put together from two sides may have a comma too many or too few at their ends. */
function mendCommas(text: string): string {
  return text.replaceAll(/,(\s*\n\s*[}\]])/g, '$1').replaceAll(/([}\]"\d])(\s*\n\s*")/g, '$1,$2')
}
