import { join } from 'node:path'
import type { Note } from '../core/problems.ts'
import { readState, sameStat, statIfThere, statTexts } from './state.ts'

/** What the last run left behind, when nothing has changed since. */
export interface Unchanged {
  readonly images: number
  readonly outputs: number
  readonly bytes: number
  readonly out: string
  readonly notes: readonly Note[]
}

/**
 * The first question of every run: are all inputs and every output just as the last run, which had nothing left to
 * do, saw them? Parses nothing and computes no key. Null means "look closer", for whatever reason.
 */
export function unchanged(options: {
  readonly statePath: string
  readonly tool: string
  readonly asked: string
  readonly project: string
}): Unchanged | null {
  const state = readState(options.statePath)
  if (!state) return null
  const { header, paths, stats } = state
  if (!header.clean || header.tool !== options.tool || header.asked !== options.asked) return null
  for (const [path, seen] of header.inputs) {
    if (!sameStat(seen, statTexts(join(options.project, path)))) return null
  }
  const out = join(options.project, header.out)
  for (let index = 0; index < paths.length; index += 1) {
    const stat = statIfThere(`${out}/${paths[index]}`)
    const at = index * 4
    const same =
      stat !== null &&
      stat.size === stats[at] &&
      stat.mtimeNs === stats[at + 1] &&
      stat.ctimeNs === stats[at + 2] &&
      stat.ino === stats[at + 3]
    if (!same) return null
  }
  const { images, bytes, notes } = header
  return { images, outputs: paths.length, bytes, out: header.out, notes }
}
