import { dirname } from 'node:path'
import { writeWhole } from './files.ts'
import type { Piece } from './files.ts'
import { ensureStateFolder } from './state-folder.ts'
import { groupPaths, groupsWith, linesOf, sharedTails } from './path-groups.ts'
import type { ReplacedPaths } from './path-groups.ts'
import type { PathGroup, SeenFile, State, StateHeader } from './state.ts'

type Size = 'tails' | 'pathsBytes' | 'apartBytes' | 'keysBytes' | 'count'

/** What was seen of files, as the state has it. */
export interface FileTable extends Pick<Parts, 'count' | 'groups' | 'stats' | 'shas' | 'keys'> {
  /** Of all files. */
  readonly bytes: number
  /** When the file that was changed last was changed; 0 of no files. */
  readonly newestMs: number
}

/** So many files are held as objects at a time. */
const FILES_AT_ONCE = 1_000

/** Makes the table of files as they come. */
export function tableOf(files: Iterable<SeenFile>): FileTable {
  const groups: PathGroup[] = []
  const stats: Uint8Array[] = []
  const shas: Uint8Array[] = []
  const keys: Uint8Array[] = []
  let [count, bytes, newestMs] = [0, 0, 0]
  let batch: SeenFile[] = []
  const add = (): void => {
    const facts = factsOf(batch)
    stats.push(facts.stats)
    shas.push(facts.shas)
    groups.push(...groupPaths(batch.map(({ path }) => path)))
    keys.push(Buffer.from(`${count === 0 ? '' : '\n'}${batch.map(keyOf).join('\n')}`, 'latin1'))
    count += batch.length
    batch = []
  }
  for (const file of files) {
    bytes += Number(file.stat.size)
    newestMs = Math.max(newestMs, Number(file.stat.mtimeNs / 1_000_000n))
    batch.push(file)
    if (batch.length === FILES_AT_ONCE) add()
  }
  if (batch.length > 0) add()
  return { count, bytes, newestMs, groups, stats, shas, keys }
}

/** Writes the state. A failure to do so is nobody's problem: the next run looks for itself. */
export async function writeState(
  path: string,
  header: Omit<StateHeader, Size | 'bytes'>,
  { table, apart }: { readonly table: FileTable; readonly apart: readonly Uint8Array[] },
): Promise<void> {
  const { bytes, newestMs: _, ...parts } = table
  await put(path, { ...header, bytes }, { ...parts, tails: sharedTails(table.groups), apart })
}

/** What of a state becomes another; `replaced` in the order of its files. */
export interface StateChange {
  readonly header: Pick<StateHeader, 'inputs' | 'notes'>
  readonly apart: readonly Uint8Array[]
  readonly replaced: readonly {
    readonly at: number
    readonly count: number
    readonly files: readonly SeenFile[]
  }[]
}

/** Writes a state with a few files in the place of some of another's, all else as it was there. */
export async function writeStateWith(path: string, before: State, now: StateChange): Promise<void> {
  const { header } = before
  const stats: Piece[] = []
  const shas: Piece[] = []
  let from = 0
  let { count, bytes } = header
  const keep = (to: number): void => {
    stats.push(before.rows('stats', from, to))
    shas.push(before.rows('sha256', from, to))
  }
  for (const { at, count: gone, files } of now.replaced) {
    keep(at)
    const facts = factsOf(files)
    stats.push(facts.stats)
    shas.push(facts.shas)
    from = at + gone
    count += files.length - gone
    for (let index = at; index < from; index += 1) bytes -= Number(before.statAt(index).size)
    bytes += files.reduce((sum, file) => sum + Number(file.stat.size), 0)
  }
  keep(header.count)
  await put(
    path,
    { ...header, ...now.header, bytes },
    {
      count,
      groups: groupsWith(before, now.replaced.map(pathsIn)),
      tails: header.tails,
      stats,
      shas,
      apart: now.apart,
      keys: withLines(before.keys(), now.replaced),
    },
  )
}

/** What is replaced, as paths. */
function pathsIn({ at, count, files }: StateChange['replaced'][number]): ReplacedPaths {
  return { at, count, paths: files.map(({ path }) => path) }
}

const keyOf = ({ derivedUnder }: SeenFile): string => derivedUnder

/** Lines of keys with a few others in the place of some; those between are not looked at one by one. */
function withLines(lines: Buffer, replaced: StateChange['replaced']): readonly Buffer[] {
  const parts: Buffer[] = []
  let line = 0
  let start = 0
  const goTo = (wanted: number): number => {
    for (; line < wanted; line += 1) start = lines.indexOf(10, start) + 1 || lines.length + 1
    return start
  }
  let from = 0
  for (const { at, count, files } of replaced) {
    const others = files.map((file) => `${keyOf(file)}\n`).join('')
    parts.push(lines.subarray(from, goTo(at)), Buffer.from(others))
    from = goTo(at + count)
  }
  if (from <= lines.length) return [...parts, lines.subarray(from)]
  // The last line has no end.
  const last = parts.findLastIndex((part) => part.length > 0)
  return parts.map((part, index) => (index === last ? part.subarray(0, -1) : part))
}

function factsOf(files: readonly SeenFile[]): { readonly stats: Uint8Array; readonly shas: Uint8Array } {
  const numbers = new BigInt64Array(files.length * 4)
  const shas = Buffer.alloc(files.length * 16)
  files.forEach((file, index) => {
    numbers.set([file.stat.size, file.stat.mtimeNs, file.stat.ctimeNs, file.stat.ino], index * 4)
    shas.write(file.sha256, index * 16, 16, 'hex')
  })
  return { stats: new Uint8Array(numbers.buffer), shas }
}

interface Parts {
  readonly count: number
  readonly groups: readonly PathGroup[]
  readonly tails: StateHeader['tails']
  readonly stats: readonly Piece[]
  readonly shas: readonly Piece[]
  readonly apart: readonly Uint8Array[]
  readonly keys: readonly Uint8Array[]
}

async function put(path: string, header: Omit<StateHeader, Size>, parts: Parts): Promise<void> {
  const paths = Buffer.from(linesOf(parts.groups, parts.tails))
  const pathsBytes = paths.length
  const whole: StateHeader = {
    ...header,
    tails: parts.tails,
    pathsBytes,
    apartBytes: lengthOf(parts.apart),
    keysBytes: lengthOf(parts.keys),
    count: parts.count,
  }
  const line = Buffer.from(JSON.stringify(whole))
  const pieces = [
    line,
    Buffer.from('\n'),
    paths,
    ...parts.stats,
    ...parts.shas,
    ...parts.apart,
    ...parts.keys,
  ]
  try {
    await ensureStateFolder(dirname(path))
    await writeWhole(path, pieces, { durable: false })
  } catch {
    // A read-only checkout has no memory; it is only slower.
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
