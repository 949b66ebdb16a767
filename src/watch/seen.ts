import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pathsOf } from '../effects/path-groups.ts'
import { readState, statTexts, textsOf } from '../effects/state.ts'

/** What the last pass saw, so that its own writes, and events that come late, are no change. */
export interface Seen {
  /** Call when a pass begins: an edit from here on is for the next one. */
  readonly before: (files: readonly string[]) => void
  /** Call when it is over, with what passes write beside outputs, and whether anything stood in its way. */
  readonly after: (out: string, written: readonly string[], troubled: boolean) => void
  /** Whether a touched path (absolute) is another one than the pass saw. */
  readonly isChange: (path: string) => boolean
  /** Whether any file that the pass saw is another one by now. */
  readonly hasChanged: () => boolean
}

/** Remembers stats: of the files that people write from before a pass, of those that it writes from after. */
export function createSeen(statePath: string): Seen {
  const inputs = new Map<string, string>()
  const outputs = new Map<string, string>()
  let troubled = true
  return {
    before: (files) => {
      for (const path of files) inputs.set(path, printed(path))
    },
    after: (out, written, inTrouble) => {
      troubled = inTrouble
      for (const path of written) inputs.set(path, printed(path))
      outputs.clear()
      const state = readState(statePath)
      if (!state) return
      for (const [index, path] of pathsOf(state).entries()) {
        outputs.set(join(out, path), textsOf(state.statAt(index)).join(' '))
      }
    },
    isChange: (path) => {
      const before = inputs.get(path) ?? outputs.get(path)
      if (before !== undefined) return differs([path, before])
      // A folder, or a file of somebody else's: it matters when it goes and took ours along, or was in the way.
      if (existsSync(path)) return false
      return troubled || [...outputs.keys()].some((output) => output.startsWith(path + sep))
    },
    hasChanged: () => [...inputs].some(differs) || [...outputs].some(differs),
  }
}

function differs([path, before]: readonly [string, string]): boolean {
  return before !== printed(path)
}

function printed(path: string): string {
  return (statTexts(path) ?? ['gone']).join(' ')
}
