import { look } from '../build/look.ts'
import type { ReadOptions } from '../build/options.ts'
import { machineProblem } from '../build/reading.ts'
import { openSession } from '../build/session.ts'
import type { Problem } from '../core/problems.ts'
import { systemClock } from '../effects/clock.ts'
import { answerTo } from './answer.ts'
import type { Answered, Hands } from './answer.ts'
import type { GalleryAction, GalleryNews } from './gallery-action.ts'
import type { GalleryModel, Told } from './gallery-model.ts'
import { galleryModel } from './model.ts'
import { originalsOf } from './originals.ts'
import { createProgress } from './progress.ts'
import type { LiveEvent } from './progress.ts'
import { servedFiles } from './served-files.ts'
import type { ServedFile } from './served-files.ts'
import { saidOf } from './said.ts'

/** Tells one page one piece of news. */
export type Tell = <Name extends keyof GalleryNews>(name: Name, news: GalleryNews[Name]) => void

/** A project as the live gallery knows it. */
export interface LiveProject {
  readonly model: () => GalleryModel
  /** The file behind a name in the model; null for any other name. */
  readonly picture: (name: string) => ServedFile | null
  readonly act: (action: GalleryAction) => Promise<Answered>
  /** Begins with how things stand; answers with what ends it. */
  readonly subscribe: (tell: Tell) => () => void
  /** To be called with everything that the watch behind it tells. */
  readonly onEvent: (event: LiveEvent) => void
  /** Looks at the project again; resolves when the model is that of now. */
  readonly refresh: () => Promise<void>
}

/** While files are made, the model follows this often. */
const REFRESH_EVERY_MS = 400

/** Opens a project for the live gallery. A manifest that cannot be read shows as trouble over the last model that could. */
export async function openLiveProject(options: ReadOptions, hands: Hands): Promise<LiveProject> {
  const clock = options.clock ?? systemClock
  const pages = new Set<Tell>()
  const progress = createProgress()
  let files: ReadonlyMap<string, ServedFile> = new Map()
  let model: GalleryModel = emptyModel(options)
  let printed = ''
  let version = 0
  let trouble: readonly Told[] = []
  const tellAll: Tell = (name, news) => pages.forEach((tell) => tell(name, news))
  const setTrouble = (problems: readonly Problem[]): void => {
    if (problems.length === 0 && trouble.length === 0) return
    trouble = problems.map(toldWithPlace)
    tellAll('trouble', { problems: trouble })
  }
  const lookNow = async (): Promise<void> => {
    const session = openSession(options)
    const seen = await look(session).catch((error: unknown) => ({ problems: [machineProblem(error)] }))
    setTrouble('problems' in seen ? seen.problems : [])
    if ('problems' in seen) return
    const served = servedFiles(seen)
    const { buying, stopped } = progress
    const originals = originalsOf(seen)
    const next = galleryModel({ seen, originals, links: served.links, nowMs: clock.now(), buying, stopped })
    files = served.files
    const text = JSON.stringify(next)
    if (text === printed) return
    printed = text
    model = next
    version += 1
    tellAll('model', { version })
  }
  const refresh = oneAtATime(lookNow)
  const refreshSoon = throttled(refresh, () => clock.sleep(REFRESH_EVERY_MS))
  await refresh()
  return {
    model: () => model,
    picture: (name) => files.get(name) ?? null,
    refresh,
    act: async (action) => {
      const answered = await answerTo(action, hands)
      await refresh()
      return answered
    },
    subscribe: (tell) => {
      pages.add(tell)
      tell('model', { version })
      tell('trouble', { problems: trouble })
      return () => pages.delete(tell)
    },
    onEvent: (event) => {
      const moved = progress.take(event)
      if (moved) tellAll('progress', moved)
      if (event.type === 'broken') setTrouble(event.problems)
      const text = saidOf(event)
      if (text !== null) tellAll('said', { text })
      if (CHANGES.has(event.type)) refreshSoon()
    },
  }
}

/** After these the model may be another one. */
const CHANGES: ReadonlySet<LiveEvent['type']> = new Set([
  'buying',
  'bought',
  'not-bought',
  'encoded',
  'problem',
  'finished',
  'rebuilt',
  'pending',
])

function emptyModel(options: ReadOptions): GalleryModel {
  const { project, mode } = openSession(options)
  return {
    title: project.folder.split(/[\\/]/).pop() ?? '',
    manifest: project.manifestShown,
    out: '',
    mode,
    images: [],
    purchases: [],
    credits: 0,
    today: 0,
    dayBudget: null,
    problems: [],
    notes: [],
  }
}

function toldWithPlace({ code, message, place }: Problem): Told {
  if (!place) return { code, message }
  return { code, message: `${message}\n${place.file}:${place.line}:${place.column}\n${place.excerpt}` }
}

/** Who calls while it runs waits for one more run, so that what they get is of after their call. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const run = (): Promise<void> => {
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (running === null) return run()
    next ??= running.then(() => {
      next = null
      return run()
    })
    return next
  }
}

/** Runs at once, then at most as often as the pause allows, and once more after the last call. */
function throttled(work: () => Promise<void>, pause: () => Promise<void>): () => void {
  let state: 'idle' | 'busy' | 'again' = 'idle'
  const cycle = async (): Promise<void> => {
    do {
      state = 'busy'
      await work()
      await pause()
    } while (hasMore())
    state = 'idle'
  }
  const hasMore = (): boolean => state === 'again'
  return () => {
    if (state === 'idle') void cycle()
    else state = 'again'
  }
}
