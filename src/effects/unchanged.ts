import { join } from 'node:path'
import type { Note } from '../core/problems.ts'
import { readState, sameStat, statIfThere, statTexts } from './state.ts'
import type { State } from './state.ts'

/** What the last run left behind, when nothing has changed since. */
export interface Unchanged {
  readonly images: number
  readonly outputs: number
  readonly bytes: number
  readonly out: string
  readonly notes: readonly Note[]
}

interface Asked {
  readonly statePath: string
  readonly tool: string
  readonly asked: string
  readonly project: string
}

/**
 * The first question of every run: are all inputs and every output just as the last run, which had nothing left to
 * do, saw them? Parses nothing and computes no key. Null means "look closer", for whatever reason.
 */
export function unchanged(asked: Asked): Unchanged | null {
  const state = stateFor(asked)
  if (!state || changedInputs(state, asked.project).length > 0 || !outputsStand(state, asked.project))
    return null
  const { images, bytes, out, notes } = state.header
  return { images, outputs: state.paths.length, bytes, out, notes }
}

/** What the last run left behind, when nothing has changed since but this one input; outputs are not looked at. */
export function changedAlone(asked: Asked, input: string): State | null {
  const state = stateFor(asked)
  if (!state || state.header.manifestBytes === 0) return null
  const changed = changedInputs(state, asked.project)
  return changed.length === 1 && changed[0] === input ? state : null
}

/** The state of a run that was asked the same and had nothing left to do. */
function stateFor({ statePath, tool, asked }: Asked): State | null {
  const state = readState(statePath)
  if (!state?.header.clean || state.header.tool !== tool || state.header.asked !== asked) return null
  return state
}

function changedInputs({ header }: State, project: string): readonly string[] {
  return header.inputs.flatMap(([path, seen]) =>
    sameStat(seen, statTexts(join(project, path))) ? [] : [path],
  )
}

/** Whether every output is as it was seen. */
export function outputsStand({ header, paths, stats }: State, project: string): boolean {
  const out = join(project, header.out)
  for (let index = 0; index < paths.length; index += 1) {
    const stat = statIfThere(`${out}/${paths[index]}`)
    const at = index * 4
    const same =
      stat !== null &&
      stat.size === stats[at] &&
      stat.mtimeNs === stats[at + 1] &&
      stat.ctimeNs === stats[at + 2] &&
      stat.ino === stats[at + 3]
    if (!same) return false
  }
  return true
}
