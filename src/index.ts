import type { Config } from './core/config.ts'

export { accept } from './accept.ts'
export { adopt } from './adopt.ts'
export { build } from './build.ts'
export { check } from './check.ts'
export { pick, pin, reroll, restore, setFocus, unpin } from './edit.ts'
export { history } from './history.ts'
export { plan } from './plan.ts'
export { prunable, prune } from './prune.ts'
export { rename } from './rename.ts'
export { resume } from './resume.ts'
export { BuildError } from './core/build-error.ts'
export { readLock } from './read-lock.ts'
export * from './markup.ts'
export { watch } from './watch.ts'
export { VERSION } from './tool.ts'

export type { BuildOptions, Question, ReadOptions } from './build/options.ts'
export type { CheckOptions } from './check.ts'
export type { EditOneOptions, EditOptions } from './edit/options.ts'
export type { ProjectOptions } from './edit/in-project.ts'
export type { Change, Edited } from './edit/edit-manifest.ts'
export type { History, HistoryTake } from './history.ts'
export type { Prunable, PruneOptions } from './prune.ts'
export type { ResumeOptions } from './resume.ts'
export type { BuildResult } from './core/build-error.ts'
export type { Config } from './core/config.ts'
export type { BuildEvent } from './core/events.ts'
export type { Format, Image, ImageRequest, Original, Recipe } from './core/image.ts'
export type { Lock, LockDraft, LockImage, LockOutput, LockRecord } from './core/lock.ts'
export type { Pending } from './core/pending.ts'
export type { Plan } from './core/plan.ts'
export type { ExitCode, Note, Problem, ProblemCode } from './core/problems.ts'
export type { PendingEvent, WatchEvent, WatchOptions, Watcher } from './watch/options.ts'
export { SendError } from './core/provider.ts'
export type {
  Call,
  Found,
  JobState,
  OfferedPicture,
  OpenPurchase,
  Provider,
  ProviderIo,
  Reply,
  Submitted,
  Unsupported,
} from './core/provider.ts'

/** Gives a config file its types; returns what it was given. */
export function defineConfig(config: Config): Config {
  return config
}
