import { join } from 'node:path'
import type { Look } from '../build/reading.ts'
import type { Original } from '../core/image.ts'
import { sha256Of } from '../effects/files.ts'
import type { Links } from './model.ts'

/** A file that the live gallery may serve. */
export interface ServedFile {
  readonly path: string
  readonly type: string
}

/**
 * Gives each picture of a look a name that says nothing of where it lies. Only what has a name can be asked for, so no
 * request reaches another file, whatever it is written like.
 */
export function servedFiles({ reading, observation }: Look): {
  readonly links: Links
  readonly files: ReadonlyMap<string, ServedFile>
} {
  const { out, store } = reading
  const files = new Map<string, ServedFile>()
  const name = (path: string, type: string, content: string): string => {
    const short = sha256Of(`${path}\n${content}`).slice(0, 24)
    files.set(short, { path, type })
    return short
  }
  const original = (given: Original): string | null =>
    store.look(given) === 'present' ? name(store.pathOf(given), typeOf(given.format), given.sha256) : null
  return {
    files,
    links: {
      output: (path) => {
        const fact = observation.facts.outputs.get(path)
        const format = path.split('.').pop() ?? ''
        return `picture/${name(join(out, path), typeOf(format), fact?.sha256 ?? '')}`
      },
      original: (given) => prefixed('picture', original(given)),
      preview: (given) => prefixed('preview', original(given)),
    },
  }
}

function prefixed(kind: string, name: string | null): string | null {
  return name === null ? null : `${kind}/${name}`
}

const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
}

function typeOf(format: string): string {
  return TYPES[format.toLowerCase()] ?? 'application/octet-stream'
}
