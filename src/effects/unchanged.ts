import { isAbsolute, join, relative } from 'node:path'
import type { Note } from '../core/problems.ts'
import { readState, sameStat, statIfThere, statTexts } from './state.ts'
import type { State, StateHeader } from './state.ts'

/** What the last run left behind, when nothing has changed since. */
export interface Unchanged {
  readonly images: number
  readonly outputs: number
  readonly bytes: number
  readonly out: string
  readonly notes: readonly Note[]
}

/** The state of the last run, where that had nothing left to do and was asked the same by the same tool. */
export function cleanState(path: string, { tool, asked }: Pick<StateHeader, 'tool' | 'asked'>): State | null {
  const state = readState(path)
  if (!state?.header.clean || state.header.tool !== tool || state.header.asked !== asked) return null
  return state
}

/**
 * The first question of every run: are all inputs and every output just as the last run, which had nothing left to
 * do, saw them? Parses nothing and computes no key. Null means "look closer", for whatever reason.
 */
export function unchanged(state: State | null, project: string): Unchanged | null {
  if (!state || changedInputs(state, project).length > 0 || !outputsStand(state, project)) return null
  const { images, bytes, out, notes } = state.header
  return { images, outputs: state.header.count, bytes, out, notes }
}

/** Whether of all inputs this one alone has changed. */
export function changedAlone(state: State, project: string, input: string): boolean {
  const changed = changedInputs(state, project)
  return changed.length === 1 && changed[0] === input
}

function changedInputs({ header }: State, project: string): readonly string[] {
  return header.inputs.flatMap(([path, seen]) =>
    sameStat(seen, statTexts(join(project, path))) ? [] : [path],
  )
}

/** Whether every output is as it was seen. */
export function outputsStand({ header, groups, isAsSeen }: State, project: string): boolean {
  const out = fromHere(join(project, header.out))
  let index = 0
  for (const { stem, tails } of groups) {
    for (const tail of tails) {
      const stat = statIfThere(`${out}/${stem}${tail}`)
      if (stat === null || !isAsSeen(index, stat)) return false
      index += 1
    }
  }
  return true
}

/** Folders that need not be walked through again for each of many files. */
function fromHere(folder: string): string {
  const path = relative(process.cwd(), folder)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? folder : path
}
