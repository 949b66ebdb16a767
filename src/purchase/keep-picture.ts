import type { Original } from '../core/image.ts'
import type { Problem, ProblemCode } from '../core/problems.ts'
import type { OfferedPicture } from '../core/provider.ts'
import { DownloadError } from '../effects/download-error.ts'
import { DiskError } from '../effects/files.ts'
import { BadPictureError } from '../effects/inspect.ts'
import type { Till } from './till.ts'

/** A picture that was paid for and did not come. */
export interface Lost {
  readonly problem: Problem
  /** The file is not there. */
  readonly gone: boolean
  /** What came in its place. */
  readonly unusable?: Uint8Array
  /** It looked like a picture: the next answer may be one. */
  readonly again?: true
}

/** Whole files that do not decode are asked for so often; what breaks on the way has its own tries below that. */
const PICTURE_TRIES = 4

/** Fetches a picture and keeps it in the store. One that cannot be decoded may be sound when it is asked for again; the last answer counts. */
export async function keepPicture(
  picture: OfferedPicture,
  till: Till,
): Promise<{ readonly original: Original } | Lost> {
  for (let tries = 1; ; tries += 1) {
    const kept = await tryToKeep(picture, till)
    if (!('problem' in kept)) return kept
    const isOver = picture.type === 'bytes' || tries === PICTURE_TRIES || till.signal.aborted
    if (kept.again !== true || isOver) return setAside(kept, till)
    await till.clock.sleep(1000 * tries, till.signal)
  }
}

/** Whatever came was paid for, somebody may make a picture of it, and tomorrow the service has it no more. */
async function setAside(lost: Lost, till: Till): Promise<Lost> {
  if (!lost.unusable || lost.unusable.length === 0) return lost
  try {
    const name = await till.store.setAside(lost.unusable)
    return {
      ...lost,
      problem: {
        ...lost.problem,
        message: `${lost.problem.message} It lies as it came in the store, as ${name}.`,
      },
    }
  } catch (error) {
    if (error instanceof DiskError) return lost
    throw error
  }
}

async function tryToKeep(
  picture: OfferedPicture,
  till: Till,
): Promise<{ readonly original: Original } | Lost> {
  let bytes: Uint8Array | null = null
  try {
    bytes = picture.type === 'bytes' ? picture.bytes : await till.download(picture.url)
    const original = await till.inspect(bytes)
    await till.store.keep(original, bytes)
    return { original }
  } catch (error) {
    if (error instanceof DiskError)
      return { gone: false, problem: { code: 'disk/failed', message: `${error.message}.` } }
    if (error instanceof BadPictureError && bytes) {
      const message = `What the service delivered is no usable picture: ${error.message}.`
      return {
        gone: false,
        unusable: bytes,
        again: true,
        problem: { code: 'download/not-a-picture', message },
      }
    }
    if (!(error instanceof DownloadError)) throw error
    const message = `The picture could not be fetched: ${error.message}.`
    const unusable = error.body ? { unusable: error.body } : {}
    return {
      gone: error.why === 'not-found',
      ...unusable,
      problem: { code: DOWNLOAD_CODES[error.why], message },
    }
  }
}

const DOWNLOAD_CODES = {
  hostile: 'download/hostile',
  'not-a-picture': 'download/not-a-picture',
  'too-large': 'download/failed',
  'not-found': 'download/failed',
  network: 'download/failed',
  truncated: 'download/failed',
  stopped: 'download/failed',
} as const satisfies Record<DownloadError['why'], ProblemCode>
