import { join } from 'node:path'
import type { Config } from '../core/config.ts'
import type { PlanInput } from '../core/decide.ts'
import type { Manifest } from '../core/image.ts'
import type { JournalPurchase } from '../core/journal.ts'
import type { Lock } from '../core/lock.ts'
import { maskKeys } from '../core/manifest/suspicious.ts'
import type { MapTree } from '../core/manifest/tree.ts'
import type { Plan } from '../core/plan.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { Provider } from '../core/provider.ts'
import { placer } from '../core/source.ts'
import type { Place, Source } from '../core/source.ts'
import { diskErrorOf } from '../effects/files.ts'
import type { Observation } from '../effects/observe.ts'
import { sameStat, statTexts } from '../effects/state.ts'
import type { StatTexts } from '../effects/state.ts'
import type { Store } from '../effects/store.ts'
import type { Project } from './project.ts'
import type { Rest } from './rest.ts'

export type Mode = PlanInput['policy']['mode']

/** Everything that was read, before the disk is looked at. */
export interface Reading {
  readonly project: Project
  readonly config: Config
  readonly manifest: Manifest
  /** The text that it was read from. */
  readonly manifestText: string
  /** What the manifest says beside its images, as it was parsed. */
  readonly head: MapTree
  readonly unsupported: PlanInput['unsupported']
  /** Where the manifest names an image; null for one that it does not. */
  readonly placeOf: (image: string) => Place | null
  readonly notes: readonly Note[]
  readonly lock: Lock
  /** The lock's text as it is on disk; null when there is no lock. */
  readonly lockText: string | null
  readonly lockPath: string
  /** Absolute path of the asset folder. */
  readonly out: string
  readonly store: Store
  readonly journalPath: string
  readonly purchases: ReadonlyMap<string, JournalPurchase>
  readonly providers: ReadonlyMap<string, Provider>
  readonly mode: Mode
  /** Files the answer depends on, relative to the project, there or not. */
  readonly inputs: readonly string[]
  /** How those that only people write looked before they were read: an edit made meanwhile is for the next run. */
  readonly inputStats: ReadonlyMap<string, StatTexts>
  /** How lock and journal looked before they were read: another run may write them. */
  readonly ownStats: readonly (readonly [path: string, stat: StatTexts])[]
  /** What was left unread because nothing changed there; the manifest and the lock here are without it. */
  readonly rest?: Rest
}

/** All that is known before anything is done: what was read, what is on disk, what to do. */
export interface Look {
  readonly reading: Reading
  readonly observation: Observation
  readonly plan: Plan
}

/** How many images are right as they are, those that were not read among them. */
export function freshIn({ plan, reading }: Pick<Look, 'plan' | 'reading'>): number {
  return plan.fresh.length + (reading.rest?.images ?? 0)
}

/** A lock to answer with; null where only a part of it was read. */
export function wholeLock({ rest, lock }: Pick<Reading, 'rest' | 'lock'>): Lock | null {
  return rest ? null : lock
}

/** Where journal and originals lie; those of the emulator are kept apart. */
export function booksOf(
  { folder, stateFolder }: Project,
  mode: Mode,
  { store = '.pixelkiln/originals' }: Config,
): { readonly journalPath: string; readonly storeFolder: string } {
  const bench = join(stateFolder, 'emulator')
  return mode === 'emulator'
    ? { journalPath: join(bench, 'journal.jsonl'), storeFolder: join(bench, 'originals') }
    : { journalPath: join(stateFolder, 'journal.jsonl'), storeFolder: join(folder, store) }
}

/** True while everything that was read is as it was before that. Who writes some of it says which of `own` to look at. */
export function stillStands(
  { project, inputStats, ownStats }: Reading,
  own: readonly string[] = ownStats.map(([path]) => path),
): boolean {
  const inputs = [...inputStats].map(([path, seen]) => [join(project.folder, path), seen] as const)
  return [...inputs, ...ownStats.filter(([path]) => own.includes(path))].every(([path, seen]) => sameStat(seen, statTexts(path)))
}

/** Where images are named in the text that they were read from. */
export function placesIn(source: Source, manifest: Pick<Manifest, 'images'>): Reading['placeOf'] {
  let place: ReturnType<typeof placer> | null = null
  return (id) => {
    const image = manifest.images.find((one) => one.id === id)
    if (!image) return null
    place ??= placer({ ...source, text: maskKeys(source.text) })
    return place(image.offset)
  }
}

/** A disk error, or a sharp that does not load, as a problem; throws anything else. */
export function machineProblem(error: unknown): Problem {
  const disk = diskErrorOf(error)
  if (!disk) return withoutSharp(error)
  return {
    code: 'disk/failed',
    message: `${disk.message}. What was paid for is saved; mend the disk and run again.`,
  }
}

/** As it and Node say it: optional packages were left out, or node_modules comes from another system. */
const WITHOUT_SHARP = /^(Could not load the "sharp" module|Cannot find module 'sharp')/

function withoutSharp(error: unknown): Problem {
  const [text = ''] = error instanceof Error ? error.message.trim().split('\n') : []
  if (!WITHOUT_SHARP.test(text)) throw error
  return {
    code: 'encode/failed',
    message: `No picture can be looked at or made here, so none was bought: ${text}. Run "npm install --include=optional sharp" on this machine; a node_modules folder from another system or processor does not fit. Then run again.`,
  }
}
