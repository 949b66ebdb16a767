import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Derivation, WantedOutput } from '../core/derivation.ts'
import { FORMATS } from '../core/image.ts'
import type { LockOutput, LockRecord } from '../core/lock.ts'
import type { Note, Problem } from '../core/problems.ts'
import { encodeOutputs } from '../effects/encode.ts'
import type { Schedule } from '../effects/schedule.ts'
import { diskErrorOf, sha256Of } from '../effects/files.ts'
import type { Outputs } from '../effects/outputs.ts'
import type { SeenFile } from '../effects/state.ts'

/** What making files needs of the world. */
export interface Bench {
  readonly outputs: Outputs
  /** Absolute path of the asset folder. */
  readonly out: string
  readonly schedule: Schedule
  /** Brought up to date with every file made, for the state. */
  readonly seen: Map<string, SeenFile>
  /** In a frozen run the lock's word about a file stays, whatever bytes this machine's encoder makes. */
  readonly frozen: ReadonlyMap<string, LockOutput> | null
}

export interface Made {
  /** Complete but for files that could not be made; those are asked for again by the next run. */
  readonly record: LockRecord
  readonly problems: readonly Problem[]
  readonly notes: readonly Note[]
  readonly outputs: number
  readonly bytes: number
}

/** Makes the files that a derivation wants: copies what lies elsewhere, encodes the rest from the original. */
export async function makeOutputs(
  derivation: Derivation,
  readOriginal: () => Uint8Array | null,
  bench: Bench,
): Promise<Made> {
  const made: LockOutput[] = []
  const problems: Problem[] = []
  const put = async (wanted: WantedOutput, bytes: Uint8Array): Promise<void> => {
    const problem = await putOne(wanted, bytes, bench)
    if (problem) problems.push({ ...problem, image: derivation.image.id })
    else made.push(lockOutput(derivation, wanted, bytes))
  }
  let found: Findings = { ...derivation, notes: [] }
  try {
    const left = await copyWhatLies(derivation.wanted, put, bench)
    if (left.length > 0) found = await encodeRest(derivation, left, { readOriginal, put, bench, problems })
  } catch (error) {
    problems.push(explain(derivation.image.id, error))
  }
  const outputs = [...derivation.intact, ...made].map((output) => bench.frozen?.get(output.path) ?? output)
  return {
    record: {
      ...derivation.record,
      outputs: sorted(outputs),
      focus: found.focus,
      placeholder: found.placeholder,
    },
    problems,
    notes: found.notes,
    outputs: made.length,
    bytes: made.reduce((sum, output) => sum + output.bytes, 0),
  }
}

/** What looking at the original came to. */
type Findings = Pick<LockRecord, 'focus' | 'placeholder'> & { readonly notes: readonly Note[] }

type Put = (wanted: WantedOutput, bytes: Uint8Array) => Promise<void>

async function copyWhatLies(
  wanted: readonly WantedOutput[],
  put: Put,
  bench: Bench,
): Promise<WantedOutput[]> {
  const left: WantedOutput[] = []
  for (const output of wanted) {
    const bytes = output.copyOf === null ? null : bench.outputs.read(output.copyOf)
    if (bytes) await put(output, bytes)
    else left.push(output)
  }
  return left
}

async function encodeRest(
  derivation: Derivation,
  left: readonly WantedOutput[],
  rest: {
    readonly readOriginal: () => Uint8Array | null
    readonly put: Put
    readonly bench: Bench
    readonly problems: Problem[]
  },
): Promise<Findings> {
  const original = rest.readOriginal()
  if (!original) {
    const short = derivation.record.original.sha256.slice(0, 12)
    rest.problems.push({
      code: 'store/damaged',
      message: `${derivation.image.id}: the original ${short}… in the store is missing or not what it was. Restore .pixelkiln/originals from version control; it is not bought again.`,
      image: derivation.image.id,
    })
    return { ...derivation, notes: [] }
  }
  const result = await encodeOutputs({
    original,
    recipe: derivation.image.recipe,
    outputs: left,
    ...(derivation.focus === null ? {} : { focus: derivation.focus }),
    ...(derivation.placeholder === null ? {} : { placeholder: derivation.placeholder }),
    schedule: rest.bench.schedule,
    onOutput: async (output) => {
      const wanted = left.find(({ format, width }) => format === output.format && width === output.width)
      if (wanted) await rest.put(wanted, output.bytes)
    },
  })
  return { ...result, notes: result.frames > 1 ? [firstFrame(derivation.image.id, result.frames)] : [] }
}

function firstFrame(image: string, frames: number): Note {
  const message = `${image}: its original is an animation of ${frames} frames. The files show the first; the original is kept whole.`
  return { code: 'original/animated', message, image }
}

async function putOne(wanted: WantedOutput, bytes: Uint8Array, bench: Bench): Promise<Problem | null> {
  const result = await bench.outputs.write(wanted.path, bytes)
  switch (result) {
    case 'not-ours':
      return {
        code: 'output/not-ours',
        message: `${wanted.path} is in the way: the lock does not know it, and its content is another. It was left alone. Move or delete it, then run again.`,
      }
    case 'outside':
      return {
        code: 'output/outside',
        message: `${wanted.path} would be written through a link that leads out of the asset folder. Remove the link, then run again.`,
      }
    case 'written':
    case 'adopted': {
      const stat = statSync(join(bench.out, wanted.path), { bigint: true })
      const sha256 = sha256Of(bytes).slice(0, 32)
      bench.seen.set(wanted.path, { path: wanted.path, stat, sha256, derivedUnder: wanted.key })
      return null
    }
  }
}

function lockOutput(derivation: Derivation, wanted: WantedOutput, bytes: Uint8Array): LockOutput {
  const { format, width, height, path, key } = wanted
  const hash = derivation.image.recipe.filename.includes('{hash}') ? key.slice(0, 8) : null
  return { format, width, height, sha256: sha256Of(bytes).slice(0, 32), bytes: bytes.length, path, hash }
}

/** What went wrong with one image's files, as a problem of that image only. */
function explain(image: string, error: unknown): Problem {
  const disk = diskErrorOf(error)
  if (disk) {
    return {
      code: 'disk/failed',
      message: `${image}: ${disk.message}. Its original is safe in the store; mend the disk and run again.`,
      image,
    }
  }
  if (error instanceof Error && (error.name === 'EncodeError' || error.name === 'BadPictureError')) {
    return {
      code: 'encode/failed',
      message: `${image}: ${error.message}. Its original is safe in the store.`,
      image,
    }
  }
  throw error
}

function sorted(outputs: readonly LockOutput[]): LockOutput[] {
  return [...outputs].sort(
    (a, b) => FORMATS.indexOf(a.format) - FORMATS.indexOf(b.format) || a.width - b.width,
  )
}
