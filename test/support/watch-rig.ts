import { setImmediate } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { watch } from '../../src/watch.ts'
import type { WatchEvent, WatchOptions, Watcher } from '../../src/watch/options.ts'
import { KEY } from './project.ts'
import type { TestProject } from './project.ts'

/** A watch of a test project, with everything it told. */
export interface WatchRig {
  readonly watcher: Watcher
  readonly events: readonly WatchEvent[]
  /** Resolves with the next event of a type told after this call, or the first from the mark on that passes. */
  readonly next: <T extends WatchEvent['type']>(
    type: T,
    where?: (event: WatchEvent & { readonly type: T }) => boolean,
  ) => Promise<WatchEvent & { readonly type: T }>
  /** Resolves when nothing is under way and nothing more was told for a while of real file events. */
  readonly count: (type: WatchEvent['type']) => number
  readonly lines: () => readonly string[]
}

/** Watches it with a real disk; closed when the test is over. */
export function watchRig(project: TestProject, options: WatchOptions = {}): WatchRig {
  const events: WatchEvent[] = []
  let read = 0
  const watcher = watch({
    cwd: project.folder,
    environment: { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY },
    ...options,
    onEvent: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
  })
  onTestFinished(() => watcher.close())
  return {
    watcher,
    events,
    next: async (type, where = () => true) => {
      for (;;) {
        while (read < events.length) {
          const event = events[read]
          read += 1
          if (event && isOf(event, type) && where(event)) return event
        }
        await setImmediate()
      }
    },
    count: (type) => events.filter((event) => event.type === type).length,
    lines: () => events.map(({ type }) => type),
  }
}

function isOf<T extends WatchEvent['type']>(event: WatchEvent, type: T): event is WatchEvent & { type: T } {
  return event.type === type
}
