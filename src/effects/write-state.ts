import { dirname } from 'node:path'
import { writeWhole } from './files.ts'
import { ensureStateFolder } from './state-folder.ts'
import { BETWEEN } from './state.ts'
import type { PathGroup, SeenFile, State, StateHeader } from './state.ts'

type Size = 'tails' | 'pathsBytes' | 'apartBytes' | 'keysBytes' | 'count'

/** Writes the state. A failure to do so is nobody's problem: the next run looks for itself. */
export async function writeState(
  path: string,
  header: Omit<StateHeader, Size>,
  { files, apart }: { readonly files: readonly SeenFile[]; readonly apart: string },
): Promise<void> {
  const { numbers, shas } = factsOf(files)
  const groups = groupsOf(files)
  const tails = sharedTails(groups)
  await put(path, header, {
    count: files.length,
    groups,
    tails,
    numbers: [numbers],
    shas: [shas],
    apart,
    keys: [Buffer.from(files.map(keyOf).join('\n'), 'latin1')],
  })
}

/** What of a state becomes another; `replaced` in the order of its files. */
export interface StateChange {
  readonly header: Pick<StateHeader, 'inputs' | 'notes'>
  readonly apart: string
  readonly replaced: readonly {
    readonly at: number
    readonly count: number
    readonly files: readonly SeenFile[]
  }[]
}

/** Writes a state with a few files in the place of some of another's, all else as it was there. */
export async function writeStateWith(path: string, before: State, now: StateChange): Promise<void> {
  const { raw, stats, header } = before
  const numbers: Uint8Array[] = []
  const shas: Uint8Array[] = []
  let from = 0
  let { count, bytes } = header
  const keep = (to: number): void => {
    numbers.push(raw.numbers.subarray(from * 32, to * 32))
    shas.push(raw.shas.subarray(from * 16, to * 16))
  }
  for (const { at, count: gone, files } of now.replaced) {
    keep(at)
    const facts = factsOf(files)
    numbers.push(facts.numbers)
    shas.push(facts.shas)
    from = at + gone
    count += files.length - gone
    for (let index = at; index < from; index += 1) bytes -= Number(stats[index * 4])
    bytes += files.reduce((sum, file) => sum + Number(file.stat.size), 0)
  }
  keep(header.count)
  await put(
    path,
    { ...header, ...now.header, bytes },
    {
      count,
      groups: groupsWith(before, now.replaced),
      tails: header.tails,
      numbers,
      shas,
      apart: now.apart,
      keys: withLines(raw.keys, now.replaced),
    },
  )
}

/** What tells the files of one image apart: a width, perhaps a digest, the format. */
const TAIL = /(?:-\d+)?(?:\.[^./]+)+$/

function groupsOf(files: readonly SeenFile[]): readonly PathGroup[] {
  const groups: { readonly stem: string; readonly tails: string[] }[] = []
  for (const { path } of files) {
    const tail = TAIL.exec(path)?.[0] ?? ''
    const stem = path.slice(0, path.length - tail.length)
    const last = groups.at(-1)
    if (last?.stem === stem) last.tails.push(tail)
    else groups.push({ stem, tails: [tail] })
  }
  return groups
}

function sharedTails(groups: readonly PathGroup[]): StateHeader['tails'] {
  const once = new Set<string>()
  const shared = new Map<string, readonly string[]>()
  for (const { tails } of groups) {
    const text = tails.join(BETWEEN)
    if (once.has(text)) shared.set(text, tails)
    once.add(text)
  }
  return [...shared.values()]
}

/** The groups with those of a few other files in the place of some. */
function groupsWith({ groups }: State, replaced: StateChange['replaced']): readonly PathGroup[] {
  const next: PathGroup[] = []
  let group = 0
  let start = 0
  const keep = (from: number, to: number): void => {
    for (; group < groups.length && start < to; group += 1) {
      const { stem, tails = [] } = groups[group] ?? { stem: '' }
      const kept = tails.slice(Math.max(0, from - start), to - start)
      if (kept.length > 0) next.push({ stem, tails: kept })
      // The rest of this group may be kept too, behind what is replaced in it.
      if (start + tails.length > to) return
      start += tails.length
    }
  }
  let from = 0
  for (const { at, count, files } of replaced) {
    keep(from, at)
    next.push(...groupsOf(files))
    from = at + count
  }
  keep(from, Number.POSITIVE_INFINITY)
  return next
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

function factsOf(files: readonly SeenFile[]): { readonly numbers: Uint8Array; readonly shas: Uint8Array } {
  const numbers = new BigInt64Array(files.length * 4)
  const shas = Buffer.alloc(files.length * 16)
  files.forEach((file, index) => {
    numbers.set([file.stat.size, file.stat.mtimeNs, file.stat.ctimeNs, file.stat.ino], index * 4)
    shas.write(file.sha256, index * 16, 16, 'hex')
  })
  return { numbers: new Uint8Array(numbers.buffer), shas }
}

interface Parts {
  readonly count: number
  readonly groups: readonly PathGroup[]
  readonly tails: StateHeader['tails']
  readonly numbers: readonly Uint8Array[]
  readonly shas: readonly Uint8Array[]
  readonly apart: string
  readonly keys: readonly Uint8Array[]
}

async function put(path: string, header: Omit<StateHeader, Size>, parts: Parts): Promise<void> {
  const apart = Buffer.from(parts.apart)
  const paths = Buffer.from(linesOf(parts))
  const pathsBytes = paths.length
  const whole: StateHeader = {
    ...header,
    tails: parts.tails,
    pathsBytes,
    apartBytes: apart.length,
    keysBytes: lengthOf(parts.keys),
    count: parts.count,
  }
  const line = Buffer.from(JSON.stringify(whole))
  // The numbers begin at a multiple of eight, so that they are read where they stand.
  const lineEnd = Buffer.from(`${' '.repeat(-(line.length + 1 + pathsBytes) & 7)}\n`)
  const pieces = [line, lineEnd, paths, ...parts.numbers, ...parts.shas, apart, ...parts.keys]
  try {
    ensureStateFolder(dirname(path))
    await writeWhole(path, pieces, { durable: false })
  } catch {
    // A read-only checkout has no memory; it is only slower.
  }
}

function linesOf({ groups, tails }: Pick<Parts, 'groups' | 'tails'>): string {
  const places = new Map(tails.map((known, place) => [known.join(BETWEEN), String(place)]))
  const lines = groups.map((group) => {
    const text = group.tails.join(BETWEEN)
    return [group.stem, places.get(text) ?? BETWEEN + text].join(BETWEEN)
  })
  return lines.join('\n')
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
