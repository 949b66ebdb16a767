import type { Reading } from '../build/reading.ts'
import type { Image, Manifest, Original } from '../core/image.ts'
import { matchIds } from '../core/match-ids.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { HistoryTake } from '../history.ts'

/** The images that ids and globs name; one that names nothing is a problem with the nearest id. */
export function named(
  ids: readonly string[],
  manifest: Manifest,
): { readonly images: readonly Image[] } | { readonly problem: Problem } {
  const known = manifest.images.map(({ id }) => id)
  const cells = ids.flatMap((id) =>
    known.includes(id) ? [] : known.filter((other) => other.startsWith(`${id}-`)),
  )
  const matched = matchIds(ids, known)
  if (!('problem' in matched)) return { images: manifest.images.filter(({ id }) => matched.ids?.has(id)) }
  if (cells.length === 0) return matched
  const message = `No image is named so. Is it a matrix? Then name one of its images: ${cells.slice(0, 8).join(', ')}.`
  return { problem: { ...matched.problem, message } }
}

/** A crop has no picture of its own to choose. */
export function cropProblem({ id, from }: Image): readonly Problem[] {
  if (from === null) return []
  const message = `${id} is a crop and shows the original of ${from}. Name ${from} instead. Nothing was changed.`
  return [{ code: 'image/from', message, image: id }]
}

/** Nothing had to be done. */
export function unchangedNote({ id }: Image, how: string): Note {
  return { code: 'edit/unchanged', message: `${id} ${how}.`, image: id }
}

/** What the next build will buy, and for how much. */
export function costNote(pictures: number, credits: number | null): Note {
  const price = credits === null ? 'at a price that is not known' : `for ${counted(credits, 'credit')}`
  const message =
    pictures === 0
      ? 'The store has such pictures already: the next build buys nothing.'
      : `The next build buys ${counted(pictures, 'new picture')} ${credits === 0 ? 'for nothing' : price}.`
  return { code: 'edit/cost', message }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A pin goes before whatever else is chosen. */
export function pinnedNote(image: Image): readonly Note[] {
  if (image.pin === null) return []
  const message = `${image.id} is pinned to ${image.pin}, and shows that original until "pixelkiln unpin ${image.id}".`
  return [{ code: 'image/pinned', message, image: image.id }]
}

/** The candidate is wanted and not here yet. */
export function unboughtNote({ id }: Image, take: number): Note {
  const message = `Candidate ${take} of ${id} is not bought yet; the next build buys it.`
  return { code: 'image/not-bought', message, image: id }
}

/** What the next build shows, and how that stands to the words. */
export function restoredNote(id: string, take: HistoryTake | undefined): Note {
  const differs = take?.differs ?? []
  const words =
    differs.length === 0
      ? ''
      : ` It was made for another ${differs.join(' and ')}, so the image is out of step with its words.`
  const message = `The next build shows it; that costs nothing.${words} "pixelkiln unpin ${id}" goes back.`
  return { code: 'image/restored', message, image: id }
}

/** There is no candidate of that number, nor will there be. */
export function pickProblem({ id, candidates }: Image, take: number, known: ReadonlySet<number>): Problem {
  const there =
    known.size === 0
      ? 'none is bought yet'
      : `${[...known].join(', ')} ${known.size === 1 ? 'is' : 'are'} bought`
  const message = `${id} has no candidate ${take}: "candidates" is ${candidates}, and ${there}. Pick one from 1 to ${Math.max(candidates, ...known)}, or raise "candidates". Nothing was changed.`
  return { code: 'image/pick', message, image: id }
}

/** No original, or not one alone, answers to what was given. */
export function pinProblem(
  { id }: Image,
  digits: string | undefined,
  { found, reading }: { readonly found: readonly Original[]; readonly reading: Reading },
): Problem {
  const problem = (why: string): Problem => ({
    code: 'image/pin-unknown',
    message: `${why} Nothing was changed.`,
    image: id,
  })
  if (digits === undefined) {
    const emulated = reading.lock.images.get(id)?.draft?.by === 'emulator'
    const how = emulated
      ? 'what is shown came from the emulator, and "--emulator" pins that'
      : '"pixelkiln build" buys it'
    return problem(`${id} has no original yet that it could be pinned to; ${how}.`)
  }
  if (found.length > 1) {
    const names = found.slice(0, 5).map(({ sha256 }) => sha256.slice(0, 16))
    return problem(`Several originals begin with ${digits}: ${names.join(', ')}. Give more digits.`)
  }
  return problem(`No original in lock or store begins with ${digits}, so ${id} cannot be pinned to it.`)
}
