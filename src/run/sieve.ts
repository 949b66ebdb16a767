import type { Derivation, WantedOutput } from '../core/derivation.ts'
import type { DroppedOutput, LockOutput } from '../core/lock.ts'
import { fallbackOf, formatsOf } from '../core/recipes.ts'

/** A file as made or copied, not yet written. */
export interface Candidate {
  readonly wanted: WantedOutput
  readonly bytes: Uint8Array
  /** What a limit of bytes led to; null for the recipe's own. */
  readonly quality: number | null
}

/** Lets through what is worth shipping. */
export interface Sieve {
  /** Takes a file; it is written now, once its fallback is known, or never. */
  readonly offer: (candidate: Candidate) => Promise<void>
  /** Writes what still waits for a fallback that could not be made. */
  readonly finish: () => Promise<void>
  /** Files left out, and which of those that lay there are left out from now on. */
  readonly dropped: () => readonly DroppedOutput[]
}

/**
 * An AVIF or WebP that is not smaller than the fallback of its width makes a page slower: it is dropped. Files come in any
 * order, so those wait until the size of their fallback is known.
 */
export function createSieve(derivation: Derivation, put: (candidate: Candidate) => Promise<void>): Sieve {
  const { image, record, intact, wanted } = derivation
  const fallback = fallbackOf(formatsOf(image.recipe, record.original))
  const sizes = new Map<number, number>()
  for (const { format, width, bytes } of intact) if (format === fallback) sizes.set(width, bytes)
  const expected = new Set(wanted.flatMap(({ format, width }) => (format === fallback ? [width] : [])))
  const waiting = new Map<number, Candidate[]>()
  const dropped: DroppedOutput[] = [...derivation.dropped]
  const judge = async (candidate: Candidate): Promise<void> => {
    const { format, width } = candidate.wanted
    if (isLarger(format, candidate.bytes.length, sizes.get(width))) dropped.push({ format, width })
    else await put(candidate)
  }
  const release = async (width: number): Promise<void> => {
    const held = waiting.get(width) ?? []
    waiting.delete(width)
    for (const candidate of held) await judge(candidate)
  }
  return {
    offer: async (candidate) => {
      const { format, width } = candidate.wanted
      const waits = isModern(format) && expected.has(width) && !sizes.has(width)
      if (waits) {
        waiting.set(width, [...(waiting.get(width) ?? []), candidate])
        return
      }
      if (format === fallback) sizes.set(width, candidate.bytes.length)
      await judge(candidate)
      if (format === fallback) await release(width)
    },
    finish: async () => {
      for (const width of waiting.keys()) await release(width)
    },
    dropped: () => [
      ...dropped,
      ...intact
        .filter(({ format, width, bytes }) => isLarger(format, bytes, sizes.get(width)))
        .map(({ format, width }) => ({ format, width })),
    ],
  }
}

function isModern(format: LockOutput['format']): boolean {
  return format === 'avif' || format === 'webp'
}

function isLarger(format: LockOutput['format'], bytes: number, fallback: number | undefined): boolean {
  return isModern(format) && fallback !== undefined && bytes >= fallback
}
