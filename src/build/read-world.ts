import { existsSync, readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Config } from '../core/config.ts'
import { cropNotes } from '../core/crop-notes.ts'
import type { Manifest } from '../core/image.ts'
import { openPurchases } from '../core/journal.ts'
import { LOCK_NAME, emptyLock } from '../core/lock.ts'
import type { Lock } from '../core/lock.ts'
import { mergeConflict } from '../core/merge-conflict.ts'
import { headOf } from '../core/manifest/head.ts'
import { readManifest } from '../core/manifest/read-manifest.ts'
import { priced } from '../core/prices.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { Provider } from '../core/provider.ts'
import { readLock } from '../core/read-lock.ts'
import { loadConfig } from '../effects/config.ts'
import { CONFIG_PLACES } from '../effects/config-places.ts'
import { readIfThere } from '../effects/files.ts'
import { readJournal } from '../effects/journal.ts'
import { statTexts } from '../effects/state.ts'
import { openStore } from '../effects/store.ts'
import { catalog } from '../providers/catalog.ts'
import { loadProvider } from '../providers/index.ts'
import { shown } from './project.ts'
import type { Project } from './project.ts'
import { booksOf, placesIn } from './reading.ts'
import type { Mode, Reading } from './reading.ts'

/** Reads config, manifest, lock and journal. All problems at once. */
export async function readWorld(
  project: Project,
  options: { readonly mode: Mode; readonly cwd: string; readonly writes?: boolean },
): Promise<Reading | { readonly problems: readonly Problem[] }> {
  const sources = [project.manifestPath, ...CONFIG_PLACES.map((name) => join(project.folder, name))]
  const inputStats = new Map(sources.map((path) => [inputName(project, path), statTexts(path)]))
  const bytes = readIfThere(project.manifestPath)
  const { config, problems } = await loadConfig(project.folder)
  if (bytes === null) return { problems: [...problems, missingManifest(project)] }
  const source = { file: project.manifestShown, text: bytes.toString('utf8') }
  const read = readManifest(source, catalog)
  if (!read.manifest || !read.tree) return { problems: [...problems, ...read.problems] }
  const { manifest } = read
  const out = join(project.folder, manifest.out)
  const lockPath = join(out, LOCK_NAME)
  const { journalPath, storeFolder } = booksOf(project, options.mode, config)
  const ownStats = [lockPath, journalPath].map((path) => [path, statTexts(path)] as const)
  const lock = readLockAt(lockPath, { project, out, url: manifest.url, ...options })
  const journal = readJournal(journalPath)
  if ('problem' in lock || 'problem' in journal || problems.length > 0) {
    const more = [lock, journal].flatMap((part) => ('problem' in part ? [part.problem] : []))
    return { problems: [...problems, ...more] }
  }
  return {
    project,
    config,
    manifest,
    manifestText: source.text,
    head: headOf(read.tree),
    unsupported: read.unsupported,
    placeOf: placesIn(source, manifest),
    notes: [...read.notes, ...lock.notes, ...cropNotes(manifest.images, lock.lock, source)],
    lock: lock.lock,
    lockText: lock.text,
    lockPath,
    out,
    store: openStore(storeFolder),
    journalPath,
    purchases: journal.purchases,
    providers: await providersOf(manifest, config, journal.purchases),
    mode: options.mode,
    inputs: [...sources, lockPath, journalPath].map((path) => inputName(project, path)),
    inputStats,
    ownStats,
  }
}

function inputName(project: Project, path: string): string {
  return relative(project.folder, path).split(sep).join('/')
}

/** The problem of a project without its manifest. */
export function missingManifest(project: Project): Problem {
  return {
    code: 'manifest/missing',
    message: `There is no ${project.manifestShown}. "pixelkiln init" writes a commented first one; --manifest names another file.`,
  }
}

function readLockAt(
  lockPath: string,
  where: {
    readonly project: Project
    readonly cwd: string
    readonly out: string
    readonly url: string | null
    readonly writes?: boolean
  },
):
  | { readonly lock: Lock; readonly text: string | null; readonly notes: readonly Note[] }
  | { readonly problem: Problem } {
  const { project, cwd, out, url } = where
  const manifest = relative(out, project.manifestPath).split(sep).join('/')
  const bytes = readIfThere(lockPath)
  if (bytes === null) {
    const elsewhere = findLock(project.folder, manifestOf(project), 6)
    if (elsewhere !== null) return { problem: moved(shown(cwd, elsewhere), shown(cwd, lockPath)) }
    return { lock: { ...emptyLock(manifest), url }, text: null, notes: [] }
  }
  const text = bytes.toString('utf8')
  const source = { file: shown(cwd, lockPath), text }
  const merged = where.writes === true ? mergeConflict(source) : null
  const read = merged ?? readLock(source)
  if ('problem' in read) return read
  // A lock that names a manifest which is not there any more came along when its folder was moved.
  if (read.lock.manifest !== manifest && existsSync(join(out, read.lock.manifest))) {
    const message = `${shown(cwd, lockPath)} belongs to the manifest "${read.lock.manifest}", not to "${manifest}". Two manifests cannot share one asset folder: give this one another "out". If the manifest was renamed, change "manifest" in the lock.`
    return { problem: { code: 'lock/other-manifest', message } }
  }
  const message = `${source.file} had the conflict markers of a merge; they were merged image by image.`
  const notes = merged === null ? [] : [{ code: 'lock/merged', message }]
  return { lock: { ...read.lock, manifest, url }, text, notes }
}

function manifestOf(project: Project): (lockFolder: string) => string {
  return (lockFolder) => relative(lockFolder, project.manifestPath).split(sep).join('/')
}

/** A lock of this manifest elsewhere in the project: the asset folder was moved, and nothing may be bought anew. */
function findLock(folder: string, expected: (lockFolder: string) => string, depth: number): string | null {
  if (depth === 0) return null
  const entries = readFolder(folder)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isFile() && entry.name === LOCK_NAME) {
      const text = readIfThere(path)?.toString('utf8') ?? ''
      const named = /"manifest": ("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
      const name = named === undefined ? '' : String(JSON.parse(named))
      // It names the manifest from where it lay before the move, so only the file's name can be compared.
      if (name.split('/').pop() === expected(folder).split('/').pop()) return path
    }
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue
    if (readFolder(path).some((child) => child.name === 'pixelkiln.yaml')) continue
    const found = findLock(path, expected, depth - 1)
    if (found !== null) return found
  }
  return null
}

function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function moved(elsewhere: string, expected: string): Problem {
  return {
    code: 'lock/moved',
    message: `There is no lock at ${expected}, but there is one at ${elsewhere}. If "out" was changed, move the whole folder (files and lock) to the new place; nothing is bought until then. If that lock belongs to another site, rename its manifest.`,
  }
}

/**
 * The providers that images are asked of, and those that open purchases were made at, with the prices that count; one
 * that is not there is left out.
 */
export async function providersOf(
  manifest: Pick<Manifest, 'images'>,
  config: Config,
  purchases: Reading['purchases'],
): Promise<ReadonlyMap<string, Provider>> {
  const own = new Map((config.providers ?? []).map((provider) => [provider.name, provider]))
  const names = new Set([
    ...own.keys(),
    ...manifest.images.map((image) => image.request.provider),
    ...openPurchases(purchases).map(({ intended }) => intended.provider),
  ])
  const providers = new Map<string, Provider>()
  for (const name of names) {
    const provider = own.get(name) ?? (await loadProvider(name))
    if (provider) providers.set(name, priced(provider, config.prices ?? {}, purchases))
  }
  return providers
}

