import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OriginalFact } from '../core/facts.ts'
import type { Original } from '../core/image.ts'
import { readIfThere, sha256Of, writeWhole } from './files.ts'

/** The bought bytes, append-only, by content; and an index of one small file per RequestKey that lists its takes. */
export interface Store {
  readonly folder: string
  /** Where an original's bytes lie, or would. */
  readonly pathOf: (original: Pick<Original, 'sha256' | 'format'>) => string
  /** Takes of a request, first take first; empty when it has none. */
  readonly takes: (request: string) => readonly Original[]
  /** RequestKeys by the declared digest they were bought for. Reads the whole index. */
  readonly requestsByDeclared: () => ReadonlyMap<string, string>
  /** Originals whose sha256 begins with a prefix. Reads the whole index. */
  readonly byPrefix: (prefix: string) => readonly Original[]
  /** Whether an original's bytes are there, told by size; absent is undefined. */
  readonly look: (original: Pick<Original, 'sha256' | 'format' | 'bytes'>) => OriginalFact | undefined
  /** The bytes, compared with their sha256; null when absent or different. */
  readonly read: (original: Pick<Original, 'sha256' | 'format'>) => Buffer | null
  /** Keeps bytes for good: on disk when it resolves. Throws `DiskError`. */
  readonly keep: (original: Original, bytes: Uint8Array) => Promise<void>
  /** Lists takes under a request: on disk when it resolves. Throws `DiskError`. */
  readonly list: (entry: IndexEntry) => Promise<void>
}

export interface IndexEntry {
  readonly request: string
  readonly declared: string
  readonly takes: readonly { readonly take: number; readonly original: Original }[]
}

const LFS_MARK = 'version https://git-lfs'

/** Opens the store in a folder; nothing is made until something is kept. */
export function openStore(folder: string): Store {
  let listing: Promise<void> = Promise.resolve()
  const pathOf = (original: Pick<Original, 'sha256' | 'format'>): string =>
    join(folder, original.sha256.slice(0, 2), `${original.sha256}.${original.format}`)
  return {
    folder,
    pathOf,
    takes: (request) => readIndex(folder, request)?.takes.map(({ original }) => original) ?? [],
    requestsByDeclared: () => new Map(wholeIndex(folder).map((entry) => [entry.declared, entry.request])),
    byPrefix: (prefix) => {
      const all = wholeIndex(folder).flatMap((entry) => entry.takes.map(({ original }) => original))
      const found = all.filter((original) => original.sha256.startsWith(prefix))
      return [...new Map(found.map((original) => [original.sha256, original])).values()]
    },
    look: (original) => look(pathOf(original), original.bytes),
    read: (original) => {
      const bytes = readIfThere(pathOf(original))
      return bytes && sha256Of(bytes) === original.sha256 ? bytes : null
    },
    keep: async (original, bytes) => {
      const path = pathOf(original)
      const there = readIfThere(path)
      if (there && sha256Of(there) === original.sha256) return
      await writeWhole(path, bytes, { durable: true })
    },
    list: (entry) => {
      // One after the other: two takes of one request that land together must not overwrite each other's line.
      const written = listing.then(() => writeIndex(folder, entry))
      listing = written.catch(() => undefined)
      return written
    },
  }
}

function look(path: string, bytes: number): OriginalFact | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  if (stat.size === bytes) return 'present'
  const start = readIfThere(path)?.subarray(0, LFS_MARK.length).toString('latin1')
  return start === LFS_MARK ? 'lfs-pointer' : 'damaged'
}

/** What is listed stays listed: another picture under a take's number gets the next free number. */
async function writeIndex(folder: string, entry: IndexEntry): Promise<void> {
  const takes = new Map(readIndex(folder, entry.request)?.takes.map((take) => [take.take, take]))
  for (const { take, original } of entry.takes) {
    if ([...takes.values()].some((listed) => listed.original.sha256 === original.sha256)) continue
    const number = takes.has(take) ? Math.max(...takes.keys()) + 1 : take
    takes.set(number, { take: number, original })
  }
  const sorted = [...takes.values()].sort((a, b) => a.take - b.take)
  const lines = sorted.map((take) => `    ${JSON.stringify({ take: take.take, ...take.original })}`)
  const text = `{\n  "request": "${entry.request}",\n  "declared": "${entry.declared}",\n  "takes": [\n${lines.join(',\n')}\n  ]\n}\n`
  await writeWhole(indexPath(folder, entry.request), text, { durable: true })
}

function indexPath(folder: string, request: string): string {
  return join(folder, 'index', request.slice(0, 2), `${request}.json`)
}

function readIndex(folder: string, request: string): IndexEntry | null {
  const bytes = readIfThere(indexPath(folder, request))
  return bytes === null ? null : parseIndex(bytes.toString('utf8'))
}

function wholeIndex(folder: string): readonly IndexEntry[] {
  const names = listFolder(join(folder, 'index')).flatMap((prefix) =>
    listFolder(join(folder, 'index', prefix)),
  )
  return names
    .filter((name) => /^[0-9a-f]+\.json$/.test(name))
    .sort()
    .flatMap((name) => readIndex(folder, name.slice(0, -'.json'.length)) ?? [])
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** An index file that cannot be understood counts as absent: the journal and the lock still forbid a second purchase. */
function parseIndex(text: string): IndexEntry | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('takes' in value) || !Array.isArray(value.takes))
      return null
    const { request, declared } = value as { request?: unknown; declared?: unknown }
    if (typeof request !== 'string' || typeof declared !== 'string') return null
    const list: readonly unknown[] = value.takes
    const takes = list.map(takeOf)
    return takes.includes(null) ? null : { request, declared, takes: takes.filter((take) => take !== null) }
  } catch {
    return null
  }
}

function takeOf(value: unknown): { take: number; original: Original } | null {
  if (typeof value !== 'object' || value === null) return null
  const { take, ...rest } = value as Record<string, unknown>
  const { sha256, format, width, height, bytes, alpha } = rest
  if (typeof take !== 'number' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp' && format !== 'avif' && format !== 'gif')
    return null
  if (typeof width !== 'number' || typeof height !== 'number' || typeof bytes !== 'number') return null
  return { take, original: { sha256, format, width, height, bytes, alpha: alpha === true } }
}
