import { basename, dirname, join, relative, resolve, sep } from 'node:path'

/** The places of one project, absolute unless said otherwise. */
export interface Project {
  /** The manifest's folder. */
  readonly folder: string
  readonly manifestPath: string
  /** For people: relative to where they stand. */
  readonly manifestShown: string
  readonly manifestName: string
  /** `.pixelkiln` */
  readonly stateFolder: string
  readonly statePath: string
}

export const DEFAULT_MANIFEST = 'pixelkiln.yaml'

/** Where everything of a manifest's project lies. Nothing is read. */
export function locateProject(options: { readonly cwd?: string; readonly manifest?: string }): Project {
  const cwd = resolve(options.cwd ?? '.')
  const manifestPath = resolve(cwd, options.manifest ?? DEFAULT_MANIFEST)
  const folder = dirname(manifestPath)
  const stateFolder = join(folder, '.pixelkiln')
  return {
    folder,
    manifestPath,
    manifestShown: shown(cwd, manifestPath),
    manifestName: basename(manifestPath),
    stateFolder,
    statePath: join(stateFolder, 'state.bin'),
  }
}

/** A path as people should see it: relative, forward slashes. */
export function shown(cwd: string, path: string): string {
  const short = relative(cwd, path)
  return (short === '' ? '.' : short).split(sep).join('/')
}
