import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { OriginalFact } from '../core/facts.ts'
import type { Original } from '../core/image.ts'
import { indexName, indexText, joined, parseIndex } from '../core/take-index.ts'
import type { IndexEntry, Take } from '../core/take-index.ts'
import { asDiskError, errnoOf, makeFolder, readIfAny, readIfThere, sha256Of, writeWhole } from './files.ts'

/** The bought bytes, append-only, by content; and an index of one small file per RequestKey that lists its takes. */
export interface Store {
  readonly folder: string
  /** Where an original's bytes lie, or would. */
  readonly pathOf: (original: Pick<Original, 'sha256' | 'format'>) => string
  /** Takes of a request, first take first; empty when it has none. */
  readonly takes: (request: string) => readonly Take[]
  /** Originals whose sha256 begins with a prefix. Reads the whole index. */
  readonly byPrefix: (prefix: string) => readonly Original[]
  /** The whole index. */
  readonly index: () => WholeIndex
  /** Whether an original's bytes are there, told by size; absent is undefined. */
  readonly look: (original: Pick<Original, 'sha256' | 'format' | 'bytes'>) => OriginalFact | undefined
  /** The bytes, compared with their sha256; null when absent or different. */
  readonly read: (original: Pick<Original, 'sha256' | 'format'>) => Buffer | null
  /** Keeps bytes for good: on disk when it resolves. Throws `DiskError`. */
  readonly keep: (original: Original, bytes: Uint8Array) => Promise<void>
  /** Keeps bytes that are no usable picture, apart from the originals, and answers with their path in the store. Throws `DiskError`. */
  readonly setAside: (bytes: Uint8Array) => Promise<string>
  /** Lists takes under a request: on disk when it resolves. Throws `DiskError`. */
  readonly list: (entry: IndexEntry) => Promise<void>
}

export interface WholeIndex {
  /** Sorted by RequestKey. */
  readonly entries: readonly IndexEntry[]
  /** RequestKeys by the declared digest they were bought for. */
  readonly byDeclared: ReadonlyMap<string, string>
  /** RequestKeys whose file holds no entry: what it listed was paid for, and is not known here. */
  readonly unreadable: readonly string[]
}

const LFS_MARK = 'version https://git-lfs'

/** Opens the store in a folder; nothing is made until something is kept. */
export function openStore(folder: string): Store {
  const inTurn = createTurns()
  const made = new Set<string>()
  let attributed = false
  const write = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    const place = dirname(path)
    // Whoever comes while a folder is made waits until its name is on disk, for the file is not safe before.
    if (!made.has(place)) await inTurn('folders', () => makeFolder(place))
    made.add(place)
    await writeWhole(path, bytes, { durable: true })
  }
  const pathOf = (original: Pick<Original, 'sha256' | 'format'>): string =>
    join(folder, original.sha256.slice(0, 2), `${original.sha256}.${original.format}`)
  return {
    folder,
    pathOf,
    takes: (request) => readIndex(folder, request)?.takes ?? [],
    byPrefix: (prefix) => {
      const all = wholeIndex(folder).entries.flatMap((entry) => entry.takes.map(({ original }) => original))
      const found = all.filter((original) => original.sha256.startsWith(prefix))
      return [...new Map(found.map((original) => [original.sha256, original])).values()]
    },
    index: () => wholeIndex(folder),
    look: (original) => look(pathOf(original), original.bytes),
    read: (original) => {
      const bytes = readIfThere(pathOf(original))
      return bytes && sha256Of(bytes) === original.sha256 ? bytes : null
    },
    keep: async (original, bytes) => {
      const path = pathOf(original)
      const there = readIfAny(path)
      if (there && sha256Of(there) === original.sha256) return
      await write(path, bytes)
    },
    setAside: async (bytes) => {
      const name = `unusable/${sha256Of(bytes)}`
      await write(join(folder, name), bytes)
      return name
    },
    list: (entry) =>
      // Two takes of one request that land together must not overwrite each other's line.
      inTurn(entry.request, async () => {
        const text = indexText(joined(readIndex(folder, entry.request), entry))
        await write(indexPath(folder, entry.request), text)
        if (!attributed) await ensureAttributes(folder)
        attributed = true
      }),
  }
}

function look(path: string, bytes: number): OriginalFact | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (stat.size === bytes) return 'present'
  const start = readIfThere(path)?.subarray(0, LFS_MARK.length).toString('latin1')
  return start === LFS_MARK ? 'lfs-pointer' : 'damaged'
}

type Turns = (about: string, work: () => Promise<void>) => Promise<void>

/** Runs what is about one thing one after the other, whatever became of the one before; other things at the same time. */
function createTurns(): Turns {
  const last = new Map<string, Promise<void>>()
  return async (about, work) => {
    const turn = (last.get(about) ?? Promise.resolve()).catch(() => undefined).then(work)
    last.set(about, turn)
    try {
      await turn
    } finally {
      if (last.get(about) === turn) last.delete(about)
    }
  }
}

/** Two branches that buy one request each add lines; both are kept, and the reader sorts them out. */
const INDEX_ATTRIBUTES = '*.json text eol=lf merge=union\n'

async function ensureAttributes(folder: string): Promise<void> {
  const path = join(folder, 'index', '.gitattributes')
  if (readIfThere(path) === null) await writeWhole(path, INDEX_ATTRIBUTES, { durable: false })
}

function indexPath(folder: string, request: string): string {
  return join(folder, indexName(request))
}

function readIndex(folder: string, request: string): IndexEntry | null {
  const bytes = readIfAny(indexPath(folder, request))
  return bytes === null ? null : parseIndex(bytes.toString('utf8'))
}

function wholeIndex(folder: string): WholeIndex {
  const entries: IndexEntry[] = []
  const unreadable: string[] = []
  for (const request of requestsIn(folder)) {
    const entry = readIndex(folder, request)
    if (entry) entries.push(entry)
    else unreadable.push(request)
  }
  const byDeclared = new Map(entries.map(({ declared, request }) => [declared, request]))
  return { entries, byDeclared, unreadable }
}

/** RequestKeys of the index, sorted. */
function requestsIn(folder: string): readonly string[] {
  const names = listFolder(join(folder, 'index')).flatMap((prefix) =>
    listFolder(join(folder, 'index', prefix)),
  )
  return names
    .filter((name) => /^[0-9a-f]+\.json$/.test(name))
    .sort()
    .map((name) => name.slice(0, -'.json'.length))
}

/** An index that is there and cannot be listed is not an empty one: what was paid for would be taken for never bought. */
function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return []
    throw asDiskError(folder, error)
  }
}
