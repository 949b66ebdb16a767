import { watch } from 'chokidar'
import { existsSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { TEMPORARY_PREFIX } from './files.ts'

/** What is watched: single files, there or not, and everything below some folders. Absolute paths. */
export interface WatchedPlaces {
  readonly files: readonly string[]
  readonly trees: readonly string[]
}

/** A watch on files. */
export interface FileWatch {
  /**
   * Watches these places from now on and no longer tells of others; resolves when it does, with whether a folder is
   * new to it. One that is not there is watched once it is there and named again.
   */
  readonly follow: (places: WatchedPlaces) => Promise<boolean>
  readonly close: () => Promise<void>
}

type Watched = ReturnType<typeof watch>

const NEVER = new Set(['node_modules', '.git', '.pixelkiln'])

/**
 * Tells of every touch of the places it follows, also several times for one save. It watches folders and lets their
 * events tell of the files in them: ten thousand outputs cost as many watches as they have folders. Where the system
 * cannot do that (CHOKIDAR_USEPOLLING), only the single files are certain. The one importer of chokidar.
 */
export function watchFiles(on: {
  readonly touch: (path: string) => void
  readonly error: (error: unknown) => void
}): FileWatch {
  let places: WatchedPlaces = { files: [], trees: [] }
  const touched = (path: string): void => {
    if (!basename(path).startsWith(TEMPORARY_PREFIX) && isNamed(places, path)) on.touch(path)
  }
  const followed = new Map<string, Watched>()
  return {
    follow: async (next) => {
      places = { files: [...new Set(next.files)], trees: next.trees }
      const roots = new Set([...next.files.map((path) => dirname(path)), ...next.trees])
      const fresh = [...roots].filter((path) => !followed.has(path) && existsSync(path))
      await Promise.all(
        fresh.map(async (root) => {
          const watcher = watchRoot(root, { places: () => places, touched, error: on.error })
          followed.set(root, watcher)
          watcher.on('unlinkDir', (path) => {
            if (path === root) followed.delete(root)
          })
          await new Promise<void>((resolve) => watcher.once('ready', resolve))
        }),
      )
      return fresh.length > 0
    },
    close: async () => {
      await Promise.all([...followed.values()].map((watcher) => watcher.close()))
    },
  }
}

/** The first `ready` of each watcher says that from now on nothing is missed; so each root has its own. */
function watchRoot(
  root: string,
  on: {
    readonly places: () => WatchedPlaces
    readonly touched: (path: string) => void
    readonly error: (error: unknown) => void
  },
): Watched {
  const watcher = watch(root, {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    ignored: (path, stats) => {
      const { files, trees } = on.places()
      if (path === root || files.includes(path)) return false
      return stats?.isFile() === true || !trees.some((tree) => path === tree || isBelow(tree, path))
    },
  })
  watcher.on('error', on.error)
  watcher.on('all', (_event, path) => on.touched(path))
  watcher.on('raw', (_event, name, details) => {
    const folder: unknown =
      typeof details === 'object' && details !== null && 'watchedPath' in details ? details.watchedPath : null
    if (typeof folder !== 'string') return
    on.touched(on.places().files.includes(folder) || typeof name !== 'string' ? folder : join(folder, name))
  })
  return watcher
}

function isNamed({ files, trees }: WatchedPlaces, path: string): boolean {
  return files.includes(path) || trees.some((tree) => path === tree || isBelow(tree, path))
}

function isBelow(tree: string, path: string): boolean {
  if (!path.startsWith(tree.endsWith(sep) ? tree : tree + sep)) return false
  return !path
    .slice(tree.length)
    .split(sep)
    .some((segment) => NEVER.has(segment))
}
