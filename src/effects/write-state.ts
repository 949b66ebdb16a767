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
    paths: files.map((file) => file.path),
    numbers: [numbers],
    shas: [shas],
    manifest,
    keys: files.map((file) => file.derivedUnder),
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
  const paths = [...before.paths]
  const keys = before.paths.map((_, index) => before.derivedUnder(index))
  const numbers: Uint8Array[] = []
  const shas: Uint8Array[] = []
  let from = 0
  let bytes = before.header.bytes
  const keep = (to: number): void => {
    numbers.push(before.raw.numbers.subarray(from * 32, to * 32))
    shas.push(before.raw.shas.subarray(from * 16, to * 16))
  }
  for (const { at, count, files } of now.replaced) {
    keep(at)
    const facts = factsOf(files)
    numbers.push(facts.numbers)
    shas.push(facts.shas)
    from = at + count
    for (let index = at; index < from; index += 1) bytes -= Number(before.stats[index * 4])
    bytes += files.reduce((sum, file) => sum + Number(file.stat.size), 0)
  }
  keep(before.paths.length)
  // From the last to the first, so that places stay what they were.
  for (const { at, count, files } of now.replaced.toReversed()) {
    paths.splice(at, count, ...files.map((file) => file.path))
    keys.splice(at, count, ...files.map((file) => file.derivedUnder))
  }
  const header = { ...before.header, ...now.header, bytes }
  await put(path, header, { paths, numbers, shas, manifest: now.manifest, keys })
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
  readonly paths: readonly string[]
  readonly numbers: readonly Uint8Array[]
  readonly shas: readonly Uint8Array[]
  readonly manifest: string
  readonly keys: readonly string[]
}

async function put(path: string, header: Omit<StateHeader, Size>, parts: Parts): Promise<void> {
  const paths = Buffer.from(parts.paths.join('\n'))
  const manifest = Buffer.from(parts.manifest)
  const keys = Buffer.from(parts.keys.join('\n'), 'latin1')
  const whole: StateHeader = {
    ...header,
    pathsBytes: paths.length,
    manifestBytes: manifest.length,
    keysBytes: keys.length,
    count: parts.paths.length,
  }
  const line = Buffer.from(JSON.stringify(whole))
  // The numbers begin at a multiple of eight, so that they are read where they stand.
  const lineEnd = Buffer.from(`${' '.repeat(-(line.length + 1 + paths.length) & 7)}\n`)
  const bytes = Buffer.concat([line, lineEnd, paths, ...parts.numbers, ...parts.shas, manifest, keys])
  try {
    ensureStateFolder(dirname(path))
    await writeWhole(path, bytes, { durable: false })
  } catch {
    // A read-only checkout has no memory; it is only slower.
  }
}
