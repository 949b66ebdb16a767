import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hold } from './build/hold-project.ts'
import { look } from './build/look.ts'
import type { Look } from './build/reading.ts'
import type { ReadOptions } from './build/options.ts'
import { shown } from './build/project.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import { ownedPaths } from './core/lock.ts'
import type { Lock } from './core/lock.ts'
import { supersededBy } from './core/next-lock.ts'
import { printLock } from './core/print-lock.ts'
import type { Problem } from './core/problems.ts'
import { indexName } from './core/take-index.ts'
import { writeWhole } from './effects/files.ts'
import { openOutputs } from './effects/outputs.ts'

export interface PruneOptions extends ReadOptions {
  /** Also originals that neither the lock nor the words of the manifest name. Default false. */
  readonly originals?: boolean
}

/** What a prune would remove. Anything that failed to parse refuses it. */
export interface Prunable {
  readonly ids: readonly string[]
  /** Output files, relative to where one stands. */
  readonly files: readonly string[]
  readonly originals: readonly string[]
}

/** Lists what the manifest no longer names, without removing it. */
export async function prunable(
  options: PruneOptions,
): Promise<Prunable | { readonly problems: readonly Problem[] }> {
  return list(options).catch((error: unknown) => ({ problems: [machineProblem(error)] }))
}

async function list(options: PruneOptions): Promise<Prunable | { readonly problems: readonly Problem[] }> {
  const session = openSession({ ...options, only: [] })
  const seen = await look(session)
  if ('problems' in seen) return seen
  const { reading, plan } = seen
  const unknown = options.originals === true ? unreadableIndex(seen) : []
  if (unknown.length > 0) return { problems: unknown }
  const files = plan.orphans.flatMap((id) => {
    const entry = reading.lock.images.get(id)
    return entry ? ownedPaths(entry).map(({ path }) => shown(session.cwd, join(reading.out, path))) : []
  })
  const originals = options.originals === true ? spareOriginals(seen) : []
  return { ids: plan.orphans, files, originals: originals.map((path) => shown(session.cwd, path)) }
}

/** Removes files and lock entries of images that the manifest no longer names; a file that was edited since is kept. */
export async function prune(options: PruneOptions): Promise<Pruned> {
  return remove(options).catch((error: unknown) => ({ removed: 0, problems: [machineProblem(error)] }))
}

interface Pruned {
  readonly removed: number
  readonly problems: readonly Problem[]
}

async function remove(options: PruneOptions): Promise<Pruned> {
  const session = openSession({ ...options, only: [] }, true)
  const held = await hold(session, {})
  if ('problem' in held) return { removed: 0, problems: [held.problem] }
  try {
    const seen = await look(session)
    if ('problems' in seen) return { removed: 0, problems: seen.problems }
    const { reading, plan } = seen
    const unknown = options.originals === true ? unreadableIndex(seen) : []
    if (unknown.length > 0) return { removed: 0, problems: unknown }
    const gone = new Set(plan.orphans)
    const images = new Map([...reading.lock.images].filter(([id]) => !gone.has(id)))
    const lock: Lock = { ...reading.lock, images }
    const originals = options.originals === true ? spareOriginals(seen) : []
    if (gone.size > 0) await writeWhole(reading.lockPath, printLock(lock), { durable: true })
    const outputs = openOutputs(reading.out, new Set())
    const removed = supersededBy(reading.lock, lock).filter((output) => outputs.remove(output)).length
    for (const path of originals) rmSync(path, { force: true })
    return { removed: removed + originals.length, problems: [] }
  } finally {
    held.release()
  }
}

/** What such a file listed was paid for, and would look as if nothing led to it. */
function unreadableIndex({ reading }: Look): readonly Problem[] {
  return reading.store.index().unreadable.map((request) => ({
    code: 'store/damaged',
    message: `The list of originals ${indexName(request)} in the store is damaged. What it lists was paid for, so no original was removed. Restore the file from version control, then run again.`,
  }))
}

/** Originals that no image's words and no lock entry lead to. What is not named like one is none of ours. */
function spareOriginals({ reading, plan }: Look): readonly string[] {
  const { store } = reading
  const needed = neededOriginals({ reading, plan })
  const folders = readFolder(store.folder).filter((name) => /^[0-9a-f]{2}$/.test(name))
  return folders
    .flatMap((folder) =>
      readFolder(join(store.folder, folder)).map((name) => join(store.folder, folder, name)),
    )
    .filter((path) => {
      const sha256 = /[/\\]([0-9a-f]{64})\.(?:png|jpeg|webp|avif|gif)$/.exec(path)?.[1]
      return sha256 !== undefined && !needed.has(sha256)
    })
}

function neededOriginals({ reading, plan }: Pick<Look, 'reading' | 'plan'>): ReadonlySet<string> {
  const { store, lock } = reading
  const records = [...lock.images].flatMap(([id, { bought, draft, others }]) =>
    plan.images.has(id) ? [bought, draft, ...others] : [],
  )
  const { byDeclared } = store.index()
  const originals = [...plan.images.values()].flatMap((image) => [
    ...store.takes(image.requestKey).map(({ original }) => original),
    // An older version may have asked for the same words in another way.
    ...store.takes(byDeclared.get(image.declared) ?? image.requestKey).map(({ original }) => original),
    ...(image.pin === null ? [] : store.byPrefix(image.pin)),
  ])
  return new Set([
    ...records.flatMap((record) => (record ? [record.original.sha256] : [])),
    ...originals.map(({ sha256 }) => sha256),
  ])
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
