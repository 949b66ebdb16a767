import { dirname } from 'node:path'
import { writeWhole } from './files.ts'
import { ensureStateFolder } from './state-folder.ts'
import type { SeenFile, State, StateHeader } from './state.ts'

type Size = 'pathsBytes' | 'manifestBytes' | 'keysBytes' | 'count'

/** Writes the state. A failure to do so is nobody's problem: the next run looks for itself. */
export async function writeState(
  path: string,
  header: Omit<StateHeader, Size>,
  { files, manifest }: { readonly files: readonly SeenFile[]; readonly manifest: string },
): Promise<void> {
  const { numbers, shas } = factsOf(files)
  await put(path, header, {
    count: files.length,
    paths: [Buffer.from(files.map(pathOf).join('\n'))],
    numbers: [numbers],
    shas: [shas],
    manifest,
    keys: [Buffer.from(files.map(keyOf).join('\n'), 'latin1')],
  })
}

/** What of a state becomes another; `replaced` in the order of its files. */
export interface StateChange {
  readonly header: Pick<StateHeader, 'inputs' | 'notes'>
  readonly manifest: string
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
      paths: withLines(raw.paths, now.replaced, pathOf),
      numbers,
      shas,
      manifest: now.manifest,
      keys: withLines(raw.keys, now.replaced, keyOf),
    },
  )
}

const pathOf = ({ path }: SeenFile): string => path
const keyOf = ({ derivedUnder }: SeenFile): string => derivedUnder

/** Lines with a few others in the place of some; those between are not looked at one by one. */
function withLines(
  lines: Buffer,
  replaced: StateChange['replaced'],
  lineOf: (file: SeenFile) => string,
): readonly Buffer[] {
  const parts: Buffer[] = []
  let line = 0
  let start = 0
  const goTo = (wanted: number): number => {
    for (; line < wanted; line += 1) start = lines.indexOf(10, start) + 1 || lines.length + 1
    return start
  }
  let from = 0
  for (const { at, count, files } of replaced) {
    const others = files.map((file) => `${lineOf(file)}\n`).join('')
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
  readonly paths: readonly Uint8Array[]
  readonly numbers: readonly Uint8Array[]
  readonly shas: readonly Uint8Array[]
  readonly manifest: string
  readonly keys: readonly Uint8Array[]
}

async function put(path: string, header: Omit<StateHeader, Size>, parts: Parts): Promise<void> {
  const manifest = Buffer.from(parts.manifest)
  const pathsBytes = lengthOf(parts.paths)
  const whole: StateHeader = {
    ...header,
    pathsBytes,
    manifestBytes: manifest.length,
    keysBytes: lengthOf(parts.keys),
    count: parts.count,
  }
  const line = Buffer.from(JSON.stringify(whole))
  // The numbers begin at a multiple of eight, so that they are read where they stand.
  const lineEnd = Buffer.from(`${' '.repeat(-(line.length + 1 + pathsBytes) & 7)}\n`)
  const pieces = [line, lineEnd, ...parts.paths, ...parts.numbers, ...parts.shas, manifest, ...parts.keys]
  try {
    ensureStateFolder(dirname(path))
    await writeWhole(path, pieces, { durable: false })
  } catch {
    // A read-only checkout has no memory; it is only slower.
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
