import { DiskError, readIfThere } from '../effects/files.ts'
import { previewOf } from '../effects/preview.ts'

const WIDTH = 720
const MOST_KEPT = 300
const AT_ONCE = 2

/** Small pictures of originals, made when they are first asked for; the most recent ones stay in memory. */
export interface Previews {
  /** The WebP of the picture at a path; null when it cannot be read. `name` must change with its content. */
  readonly of: (name: string, path: string) => Promise<Uint8Array | null>
}

/** Opens an empty cache. Two are made at a time, so that a page full of them does not hold up a build. */
export function createPreviews(): Previews {
  const kept = new Map<string, Promise<Uint8Array | null>>()
  const waiting: (() => void)[] = []
  let busy = 0
  const made = async (path: string): Promise<Uint8Array | null> => {
    if (busy >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy += 1
    try {
      const bytes = readIfThere(path)
      return bytes && (await previewOf(bytes, WIDTH))
    } catch (error) {
      // A damaged original shows as a picture that does not load; the model says what is wrong with it.
      if (error instanceof DiskError || error instanceof Error) return null
      throw error
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy -= 1
    }
  }
  return {
    of: (name, path) => {
      const known = kept.get(name) ?? made(path)
      kept.delete(name)
      kept.set(name, known)
      const oldest = kept.keys().next().value
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
      return known
    },
  }
}
