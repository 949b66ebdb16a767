import pLimit from 'p-limit'
import { cropAround, type FocalPoint } from '../core/crop-around.ts'
import type { Recipe } from '../core/image.ts'
import type { Placeholder } from '../core/lock.ts'
import { shapedSize, type OutputSpec } from '../core/recipes.ts'
import { findFocus } from './crop.ts'
import { drawRaw, type Drawing } from './draw.ts'
import { edgeColour } from './edge-colour.ts'
import { EncodeError } from './encode-error.ts'
import {
  encodeCostMs,
  encodeRaw,
  encodeWeight,
  QUALITY_FLOOR,
  SIZE_SLOPE,
  type EncodedOutput,
} from './encode-raw.ts'
import { readIfThere, sha256Of } from './files.ts'
import { fitBytes, type Trial } from './fit-bytes.ts'
import { countFrames, decodeRaw, errorText, resizeRaw, type Cut, type Raw } from './raw.ts'
import { makePlaceholder } from './placeholder.ts'
import type { Run, Schedule, Weight } from './schedule.ts'
import { groupBySize, type SizeGroup } from './size-groups.ts'

/** All files that one image derives from its original, as data. */
export interface EncodeTask {
  /** The original as bought: its bytes, or its file in the store, which is read when its turn has come; or a sketch. */
  readonly original: Uint8Array | StoredOriginal | Drawing
  /** The upright size that is on record, and that `outputs` rest on; another one is an error. */
  readonly recorded?: { readonly width: number; readonly height: number }
  readonly recipe: Recipe
  /** What to make, any subset of the recipe's outputs. */
  readonly outputs: readonly OutputSpec[]
  /**
   * The focal point found before for this original and recipe: taken instead of looking again, so that results
   * repeat. A point or `center` in the recipe wins.
   */
  readonly focus?: FocalPoint
  /** As made before for this original and recipe: kept as it is. */
  readonly placeholder?: Placeholder
  /** An XMP packet that every output carries; null for none. */
  readonly xmp: string | null
}

/** A file by the name of its content. */
export interface StoredOriginal {
  readonly path: string
  readonly sha256: string
}

export interface EncodeJob extends EncodeTask {
  readonly schedule: Schedule
  /** Called for each output as it is done, several at a time; its errors end the job and come through unchanged. */
  readonly onOutput: (output: FinishedOutput) => Promise<void>
  /** Called for an output that cannot be brought below its `maxBytes`; the others go on. */
  readonly onTooLarge: (output: OutputSpec, smallest: Smallest) => void
  /** Aborted: nothing new is begun and the job rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface FinishedOutput extends EncodedOutput {
  /** What its `maxBytes` led to; null for the recipe's own. */
  readonly quality: number | null
}

/** The smallest file that was reached, and its quality; null for a format without one. */
export interface Smallest {
  readonly bytes: number
  readonly quality: number | null
}

/** What was decided on the way. */
export interface EncodeResult {
  /** Found or given, as shares of the upright original's width and height, three decimals. */
  readonly focus: FocalPoint
  /** Null where the recipe wants none. */
  readonly placeholder: Placeholder | null
  /** Share of the original's area that the outputs show, 0..1. */
  readonly kept: number
  /** More than one for an animation, of which the first is shown. */
  readonly frames: number
}

/** Widths of one image in work at once: each holds its pixels until all its formats are encoded. */
const WIDTHS_AT_ONCE = 3

/**
 * Makes the outputs of one original: decoded once, one cut for all widths, each width scaled once from the full
 * pixels, each format encoded from those. Every step that fills a core is one task of the schedule. Resolves when each
 * `onOutput` has; rejects with the first failure, after what had begun has ended: an `EncodeError`, or what `onOutput` threw.
 */
export async function encodeOutputs(job: EncodeJob): Promise<EncodeResult> {
  return job.schedule(async (run) => {
    const work = startWork(job, run)
    const groups = groupBySize(job.outputs, job.recipe.effort)
    const { found, lend } = await openOriginal(work, groups)
    const widths = pLimit(WIDTHS_AT_ONCE)
    const [placeholder] = await Promise.all([
      placeholderOf(work, groups, lend),
      ...groups.map(async (group) => widths(async () => encodeGroup(work, group, lend))),
    ])
    work.failed.throwIfAborted()
    return { ...found, placeholder }
  })
}

/** A job under way. */
interface Work {
  readonly job: EncodeJob
  /** Runs one task in the schedule; what it does is said in words, for its error. */
  readonly step: <T>(size: number, what: string, task: () => Promise<T>, weight?: Weight) => Promise<T>
  /** Remembers the first failure: nothing is begun after it. */
  readonly fail: (error: unknown) => void
  readonly failed: AbortSignal
}

function startWork(job: EncodeJob, run: Run): Work {
  const stop = new AbortController()
  return {
    job,
    step: async (size, what, task, weight) => {
      const begun = async () => {
        job.signal?.throwIfAborted()
        stop.signal.throwIfAborted()
        return await task().catch((error: unknown) => {
          if (error instanceof EncodeError) throw error
          throw new EncodeError(`${what}: ${errorText(error)}`, { cause: error })
        })
      }
      return run(size, begun, weight)
    },
    fail: (error) => stop.abort(error),
    failed: stop.signal,
  }
}

/** The decoded original and the part of it that is shown. */
interface Opened {
  readonly raw: Raw
  readonly cut: Cut
}

/**
 * Decodes and decides the cut, as one task: of the size of the costliest encode, since that one waits for it. The
 * pixels are only lent, once per size and once for a placeholder, so that they are free again before the last encodes
 * have ended.
 */
async function openOriginal(
  { job, step }: Work,
  groups: readonly SizeGroup[],
): Promise<{ readonly found: Omit<EncodeResult, 'placeholder'>; readonly lend: () => Opened }> {
  const { found, ...opened } = await step(groups[0]?.costMs ?? 0, 'the original', async () => {
    const { raw, frames } = await picture(job.original)
    refuseOtherSize(raw, job)
    refuseUpscaling(raw, job)
    const { cut, focus, kept } = await decideCut(raw, job)
    return { raw, cut, found: { focus, kept, frames } }
  })
  let held: Opened | null = opened
  let left = groups.length + (wantsPlaceholder(job) ? 1 : 0)
  const lend = (): Opened => {
    const opened = held
    left -= 1
    if (left <= 0) held = null
    if (opened === null) throw new RangeError('an original is lent once per size')
    return opened
  }
  return { found, lend }
}

async function picture(
  original: EncodeTask['original'],
): Promise<{ readonly raw: Raw; readonly frames: number }> {
  if ('svg' in original) return { raw: await drawRaw(original), frames: 1 }
  const bytes = bytesOf(original)
  return { raw: await decodeRaw(bytes), frames: await countFrames(bytes) }
}

function bytesOf(original: Uint8Array | StoredOriginal): Uint8Array {
  if (original instanceof Uint8Array) return original
  const bytes = readIfThere(original.path)
  if (bytes && sha256Of(bytes) === original.sha256) return bytes
  throw new EncodeError('its bytes are missing or not what they were', { why: 'damaged' })
}

function wantsPlaceholder({ recipe, placeholder }: EncodeJob): boolean {
  return recipe.placeholder !== 'off' && placeholder === undefined
}

/**
 * A task of its own beside the costliest encode, which need not wait for it, and as early, for it holds the original.
 * Never rejects, as `encodeGroup`.
 */
async function placeholderOf(
  { job, step, fail }: Work,
  groups: readonly SizeGroup[],
  lend: () => Opened,
): Promise<Placeholder | null> {
  if (job.recipe.placeholder === 'off') return null
  if (job.placeholder) return job.placeholder
  const make = async (): Promise<Placeholder> => {
    const { raw, cut } = lend()
    return makePlaceholder(raw, cut, shapedSize(raw, job.recipe))
  }
  return step(groups[0]?.costMs ?? 0, 'the placeholder', make).catch((error: unknown) => {
    fail(error)
    return null
  })
}

function refuseOtherSize(raw: Raw, { recorded }: EncodeJob): void {
  if (!recorded || (recorded.width === raw.width && recorded.height === raw.height)) return
  throw new EncodeError(
    `the lock says that its original is ${recorded.width}x${recorded.height}, and it is ${raw.width}x${raw.height}: take the lock as it was from version control`,
  )
}

function refuseUpscaling(raw: Raw, { recipe, outputs }: EncodeJob): void {
  const shaped = shapedSize(raw, recipe)
  for (const { format, width, height } of outputs) {
    if (width <= shaped.width && height <= shaped.height) continue
    throw new EncodeError(
      `${format} ${width}x${height}: the original gives ${shaped.width}x${shaped.height} at most in this shape`,
    )
  }
}

/** `refuse` is settled before anything is bought; the pixels that an original is off its ratio are cut away here. */
async function decideCut(
  raw: Raw,
  { recipe, focus }: EncodeJob,
): Promise<{ readonly cut: Cut; readonly focus: FocalPoint; readonly kept: number }> {
  if (recipe.fit === 'contain') {
    const ground = raw.alpha ? { r: 0, g: 0, b: 0, alpha: 0 } : edgeColour(raw)
    return { cut: { kind: 'pad', ground }, focus: [0.5, 0.5], kept: 1 }
  }
  const searches = recipe.focus === 'attention' || recipe.focus === 'entropy'
  const point = await findFocus(raw, recipe, searches && focus ? focus : recipe.focus)
  const rectangle = cropAround(raw, recipe, point)
  const kept = (rectangle.width * rectangle.height) / (raw.width * raw.height)
  return { cut: { kind: 'crop', rectangle }, focus: point, kept }
}

/** Never rejects: a failure goes to `fail`, so that what the group's other outputs have begun is waited for. */
async function encodeGroup(work: Work, group: SizeGroup, lend: () => Opened): Promise<void> {
  const { width, height, outputs, costMs } = group
  try {
    const raw = await work.step(costMs, `${width}x${height}`, async () => {
      const opened = lend()
      return resizeRaw(opened.raw, opened.cut, { width, height })
    })
    await Promise.all(outputs.map(async (output) => encodeOne(work, output, raw).catch(work.fail)))
  } catch (error) {
    work.fail(error)
  }
}

async function encodeOne(work: Work, output: OutputSpec, raw: Raw): Promise<void> {
  const { format, maxBytes } = output
  const { recipe, onOutput, onTooLarge } = work.job
  const start = recipe.quality[format]
  const made = new Map<number, EncodedOutput>()
  const encode = async (quality: number): Promise<Trial> => {
    const encoded = await encodeAt(work, output, raw, quality)
    made.set(quality, encoded)
    return { quality, bytes: encoded.bytes }
  }
  const { fits, smallest } = await fitBytes(encode, {
    start,
    floor: Math.min(start, QUALITY_FLOOR[format]),
    maxBytes: maxBytes ?? Infinity,
    slope: SIZE_SLOPE[format],
  })
  const best = fits && made.get(fits.quality)
  if (best) await onOutput({ ...best, quality: fits.quality === start ? null : fits.quality })
  else {
    const quality = format === 'png' ? null : smallest.quality
    onTooLarge(output, { bytes: smallest.bytes.length, quality })
  }
}

/** One encode, as one task of the schedule. */
async function encodeAt(
  { job, step }: Work,
  output: OutputSpec,
  raw: Raw,
  quality: number,
): Promise<EncodedOutput> {
  const { format, width, height } = output
  const { recipe } = job
  const size = encodeCostMs(format, recipe.effort[format], width * height)
  const what = `${format} ${width}x${height}`
  const options = { ...recipe, quality: { ...recipe.quality, [format]: quality } }
  const encode = async (): Promise<EncodedOutput> => encodeRaw(raw, format, { ...options, xmp: job.xmp })
  const encoded = await step(size, what, encode, encodeWeight(format, width * height))
  if (encoded.width !== width || encoded.height !== height) {
    throw new EncodeError(`${what}: the encoder made ${encoded.width}x${encoded.height}`)
  }
  return encoded
}
