import { statSync } from 'node:fs'
import { join } from 'node:path'
import { locateProject, shown } from '../build/project.ts'
import { CONFIG_PLACES } from '../effects/config-places.ts'
import type { FileWatch } from '../effects/watch-files.ts'
import type { WatchEvent, WatchOptions } from './options.ts'
import type { Passes } from './passes.ts'
import { createSeen } from './seen.ts'

/** The files of a project, as a watch sees them. */
export interface ProjectFiles {
  /** A pass begins: says what was saved, and begins to watch if it is the first. */
  readonly begin: () => Promise<void>
  /** A pass is over: follows what it read and made, and says what changed meanwhile. */
  readonly rest: () => Promise<void>
  /** The manifest is empty or away, as it is for a moment while some editors save. */
  readonly isHalfSaved: () => boolean
  readonly close: () => Promise<void>
}

/** Opens them. `changed` is called when somebody else than a pass touched one that counts. */
export function openProjectFiles(
  options: WatchOptions,
  on: {
    readonly passes: Passes
    readonly changed: () => void
    readonly isWorking: () => boolean
    readonly tell: (event: WatchEvent) => void
  },
): ProjectFiles {
  const { folder, manifestPath, statePath } = locateProject(options)
  const seen = createSeen(statePath)
  const touched = new Set<string>()
  const isNew = (path: string): boolean => seen.isChange(path) || !touched.delete(path)
  let watcher: FileWatch | null = null
  let watching = false
  const files = (): readonly string[] =>
    on.passes.standing()?.files ?? [manifestPath, ...CONFIG_PLACES.map((name) => join(folder, name))]
  const touch = (path: string): void => {
    touched.add(path)
    // What is touched during a pass may be its own doing; that is judged when it is over.
    if (!on.isWorking() && isNew(path)) on.changed()
  }
  return {
    begin: async () => {
      if (!watcher) {
        const { watchFiles } = await import('../effects/watch-files.ts')
        watcher = watchFiles({ touch, error: (error) => on.tell(blind(error)) })
        await watcher.follow({ files: files(), trees: [] })
      }
      if (touched.size > 0)
        on.tell({ type: 'changed', files: [...touched].map((path) => shown(folder, path)).sort() })
      touched.clear()
      seen.before(files())
    },
    rest: async () => {
      const standing = on.passes.standing()
      const { written = [], out = folder } = standing ?? {}
      const trees = standing ? [out] : []
      const isFresh = await watcher?.follow({ files: [...files(), ...written], trees })
      seen.after(out, written, on.passes.troubled())
      if (!watching) {
        const names = files().map((path) => shown(folder, path))
        on.tell({ type: 'watching', files: names, out: standing ? shown(folder, standing.out) : '' })
      }
      watching = true
      const changed = [...touched].filter(isNew).length > 0
      // Nobody told of what happened in a folder before it was watched.
      if (changed || (isFresh === true && seen.hasChanged())) on.changed()
    },
    isHalfSaved: () => (statSync(manifestPath, { throwIfNoEntry: false })?.size ?? 0) === 0,
    close: async () => watcher?.close(),
  }
}

function blind(error: unknown): WatchEvent {
  const why = error instanceof Error ? error.message : String(error)
  const message = `Not every folder can be watched: ${why}. Raise the system's limit (fs.inotify.max_user_watches on Linux), or set CHOKIDAR_USEPOLLING=1; until then some saves are not seen.`
  return { type: 'broken', problems: [{ code: 'disk/failed', message }] }
}
