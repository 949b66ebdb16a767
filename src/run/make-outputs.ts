import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Derivation, WantedOutput } from '../core/derivation.ts'
import { FORMATS } from '../core/image.ts'
import type { DroppedOutput, LockOutput, LockRecord } from '../core/lock.ts'
import type { Note, Problem } from '../core/problems.ts'
import { xmpPacket } from '../core/provenance.ts'
import type { OutputSpec } from '../core/recipes.ts'
import { oversizeIn, tooLargeProblem } from '../core/too-large.ts'
import type { TooLarge } from '../core/too-large.ts'
import { EncodeError } from '../effects/encode-error.ts'
import type { EncodeTask } from '../effects/encode.ts'
import type { Encoder } from '../effects/open-encoder.ts'
import { diskErrorOf, outputSha256 } from '../effects/files.ts'
import type { Outputs } from '../effects/outputs.ts'
import { fileStatOf } from '../effects/state.ts'
import type { SeenFiles } from '../effects/seen-files.ts'
import { createSieve } from './sieve.ts'
import type { Candidate, Sieve } from './sieve.ts'

/** What making files needs of the world. */
export interface Bench {
  readonly outputs: Outputs
  /** Absolute path of the asset folder. */
  readonly out: string
  readonly encoder: Encoder
  /** Brought up to date with every file made, for the state. */
  readonly seen: Pick<SeenFiles, 'set'>
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
  original: EncodeTask['original'],
  bench: Bench,
): Promise<Made> {
  const made: LockOutput[] = []
  const problems: Problem[] = []
  const tooLarge: TooLarge[] = [...derivation.tooLarge]
  const put = async ({ wanted, bytes, quality }: Candidate): Promise<void> => {
    const file = { bytes, sha256: outputSha256(bytes), quality }
    const problem = await putOne(wanted, file, bench)
    if (problem) problems.push({ ...problem, image: derivation.image.id })
    else made.push(lockOutput(derivation, wanted, file))
  }
  // What the lock names is restored by a frozen run, however this machine's encoders compare.
  const sieve = bench.frozen ? { ...NO_SIEVE, offer: put } : createSieve(derivation, put)
  let found: Findings = { ...derivation, notes: [] }
  try {
    const left = await copyWhatLies(derivation.wanted, sieve.offer, bench)
    if (left.length > 0)
      found = await encodeRest(derivation, left, {
        original,
        offer: sieve.offer,
        bench,
        problems,
        tooLarge,
      })
  } catch (error) {
    problems.push(explain(derivation, error))
  }
  await sieve.finish()
  if (tooLarge.length > 0) problems.push(tooLargeProblem(derivation.image.id, sorted(tooLarge)))
  const dropped = sieve.dropped()
  const outputs = [...derivation.intact, ...made]
    .filter(({ format, width }) => !dropped.some((drop) => drop.format === format && drop.width === width))
    .map((output) => bench.frozen?.get(output.path) ?? output)
  const { focus, placeholder } = found
  return {
    record: {
      ...derivation.record,
      outputs: sorted(outputs),
      dropped: sorted(dropped),
      tooLarge: sorted(oversizeIn(tooLarge)),
      focus,
      placeholder,
    },
    problems,
    notes: found.notes,
    outputs: made.length,
    bytes: made.reduce((sum, output) => sum + output.bytes, 0),
  }
}

const NO_SIEVE: Omit<Sieve, 'offer'> = { finish: async () => undefined, dropped: () => [] }

/** What looking at the original came to. */
type Findings = Pick<LockRecord, 'focus' | 'placeholder'> & { readonly notes: readonly Note[] }

async function copyWhatLies(
  wanted: readonly WantedOutput[],
  offer: Sieve['offer'],
  bench: Bench,
): Promise<WantedOutput[]> {
  const left: WantedOutput[] = []
  for (const output of wanted) {
    const bytes = output.copyOf === null ? null : bench.outputs.read(output.copyOf.path)
    if (bytes) await offer({ wanted: output, bytes, quality: output.copyOf?.quality ?? null })
    else left.push(output)
  }
  return left
}

async function encodeRest(
  derivation: Derivation,
  left: readonly WantedOutput[],
  rest: {
    readonly original: EncodeTask['original']
    readonly offer: Sieve['offer']
    readonly bench: Bench
    readonly problems: Problem[]
    readonly tooLarge: TooLarge[]
  },
): Promise<Findings> {
  const { id, recipe } = derivation.image
  const wantedFor = (output: OutputSpec): WantedOutput | undefined =>
    left.find(({ format, width }) => format === output.format && width === output.width)
  const result = await rest.bench.encoder.encode({
    original: rest.original,
    recorded: derivation.record.original,
    recipe,
    outputs: left,
    ...(derivation.focus === null ? {} : { focus: derivation.focus }),
    ...(derivation.placeholder === null ? {} : { placeholder: derivation.placeholder }),
    xmp: derivation.marks && xmpPacket(derivation.marks),
    onOutput: async (output) => {
      const wanted = wantedFor(output)
      if (wanted) await rest.offer({ wanted, bytes: output.bytes, quality: output.quality })
    },
    onTooLarge: (output, smallest) => {
      const wanted = wantedFor(output)
      if (wanted) rest.tooLarge.push({ ...wanted, ...smallest, maxBytes: wanted.maxBytes ?? 0 })
    },
  })
  return { ...result, notes: result.frames > 1 ? [firstFrame(id, result.frames)] : [] }
}

function damagedOriginal({ image, record }: Derivation): Problem {
  const short = record.original.sha256.slice(0, 12)
  return {
    code: 'store/damaged',
    message: `${image.id}: the original ${short}… in the store is missing or not what it was. Restore .pixelkiln/originals from version control; it is not bought again.`,
    image: image.id,
  }
}

function firstFrame(image: string, frames: number): Note {
  const message = `${image}: its original is an animation of ${frames} frames. The files show the first; the original is kept whole.`
  return { code: 'original/animated', message, image }
}

/** An output's bytes, and what the lock says of them. */
interface MadeFile {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly quality: number | null
}

async function putOne(
  wanted: WantedOutput,
  { bytes, sha256 }: MadeFile,
  bench: Bench,
): Promise<Problem | null> {
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
      const stat = fileStatOf(statSync(join(bench.out, wanted.path), { bigint: true }))
      bench.seen.set({ path: wanted.path, stat, sha256, derivedUnder: wanted.key })
      return null
    }
  }
}

/** One literal: of sixty thousand objects with a spread in them each has a shape of its own, half a kilobyte. */
function lockOutput(
  derivation: Derivation,
  wanted: WantedOutput,
  { bytes, sha256, quality }: MadeFile,
): LockOutput {
  const { format, width, height, path, key } = wanted
  const hash = derivation.image.recipe.filename.includes('{hash}') ? key.slice(0, 8) : null
  return { format, width, height, sha256, bytes: bytes.length, path, hash, quality }
}

/** What went wrong with one image's files, as a problem of that image only. */
function explain(derivation: Derivation, error: unknown): Problem {
  const image = derivation.image.id
  const disk = diskErrorOf(error)
  if (disk) {
    return {
      code: 'disk/failed',
      message: `${image}: ${disk.message}. Its original is safe in the store; mend the disk and run again.`,
      image,
    }
  }
  if (error instanceof EncodeError && error.why === 'damaged') return damagedOriginal(derivation)
  if (error instanceof Error && (error.name === 'EncodeError' || error.name === 'BadPictureError')) {
    return {
      code: 'encode/failed',
      message: `${image}: ${error.message}. Its original is safe in the store.`,
      image,
    }
  }
  throw error
}

function sorted<T extends DroppedOutput>(outputs: readonly T[]): T[] {
  return [...outputs].sort(
    (a, b) => FORMATS.indexOf(a.format) - FORMATS.indexOf(b.format) || a.width - b.width,
  )
}
