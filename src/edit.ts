import { readWorld } from './build/read-world.ts'
import { machineProblem } from './build/reading.ts'
import type { Reading } from './build/reading.ts'
import { openSession } from './build/session.ts'
import type { Session } from './build/session.ts'
import type { Focus, Image, Json, Manifest } from './core/image.ts'
import { editManifest, stopped } from './edit/edit-manifest.ts'
import type { Edited, Wish } from './edit/edit-manifest.ts'
import type { Wanted } from './edit/setting-place.ts'
import type { ProjectOptions } from './edit/in-project.ts'
import { rerollCost } from './edit/reroll-cost.ts'
import { renewPick } from './edit/renew-pick.ts'
import type { EditOneOptions, EditOptions } from './edit/options.ts'
import { PIN_DIGITS, knownTakes, originalsLike, presentOriginal } from './edit/known-originals.ts'
import { history } from './history.ts'
import { catalog } from './providers/catalog.ts'
import {
  cropProblem,
  named,
  pickProblem,
  pinnedNote,
  pinProblem,
  restoredNote,
  unboughtNote,
  unchangedNote,
} from './edit/words.ts'

/**
 * Raises `reroll` of images by one in the manifest, so that the next build buys new pictures for the same words. Takes
 * ids and globs; costs nothing by itself.
 */
export async function reroll(options: EditOptions & { readonly ids: readonly string[] }): Promise<Edited> {
  return safely(options, async (session) => {
    let after: readonly Image[] = []
    const edited = await editManifest(
      session.project,
      (manifest) => wishOf(options.ids, manifest, rerolled(options.ids)),
      ({ images }) => {
        after = images
      },
    )
    const ids = new Set(edited.changes.map(({ id }) => id))
    const cost = await rerollCost(
      session,
      after.filter(({ id }) => ids.has(id)),
    )
    return { ...edited, notes: [...edited.notes, ...cost] }
  })
}

function rerolled(ids: readonly string[]): (images: readonly Image[]) => ReturnType<Wish> {
  return (images) => {
    // A glob means what is bought; a crop that was named is a mistake.
    const bought = images.filter(({ id, from }) => from === null || ids.includes(id))
    return {
      wanted: bought.map((image) => setting(image, 'reroll', image.request.reroll + 1)),
      notes: bought.flatMap((image) => pinnedNote(image)),
      problems: bought.flatMap((image) => cropProblem(image)),
    }
  }
}

/** Writes into the manifest that an image uses the candidate with that number, from 1. Free where it was bought already. */
export async function pick(
  options: ProjectOptions & { readonly id: string; readonly take: number },
): Promise<Edited> {
  const edited = await pickInManifest(options)
  if (edited.problems.length > 0 || edited.changes.length > 0) return edited
  const renewed = await renewPick(options)
  return Object.values(renewed).every((list) => list.length === 0) ? edited : renewed
}

function pickInManifest(options: EditOneOptions & { readonly take: number }): Promise<Edited> {
  const { take } = options
  return editInWorld(options, (image, reading) => {
    const known = knownTakes(image, reading)
    const most = Math.max(image.candidates, togetherOf(image))
    const right = known.has(take) || (Number.isInteger(take) && take >= 1 && take <= most)
    const problems = [...cropProblem(image), ...(right ? [] : [pickProblem(image, take, known)])]
    if (image.pick === take) return unchanged(image, `uses candidate ${take} already`, problems)
    const more = take > most ? [setting(image, 'candidates', take)] : []
    return {
      wanted: [...more, setting(image, 'pick', take)],
      notes: [...pinnedNote(image), ...(known.has(take) ? [] : [unboughtNote(image, take)])],
      problems,
    }
  })
}

/**
 * Writes into the manifest that an image uses one original whatever its words say: the one whose sha256 begins with 4 or
 * more digits, by default the one that is shown. Never buys.
 */
export function pin(options: EditOneOptions & { readonly original?: string }): Promise<Edited> {
  return editInWorld(options, (image, reading) => {
    const digits = options.original?.toLowerCase()
    const present = presentOriginal(image, reading)
    const found = digits === undefined ? [present ?? []].flat() : originalsLike(digits, image, reading)
    const [original, other] = found
    const problems = cropProblem(image)
    if (problems.length > 0) return { wanted: [], problems }
    if (!original || other) return { wanted: [], problems: [pinProblem(image, digits, { found, reading })] }
    if (image.pin !== null && original.sha256.startsWith(image.pin))
      return unchanged(image, `is pinned to ${image.pin} already`)
    return { wanted: [setting(image, 'pin', original.sha256.slice(0, PIN_DIGITS))] }
  })
}

/**
 * Shows an earlier original of an image again: a pin, and a note about the words it was made for. Free. `history` lists
 * what there is.
 */
export async function restore(options: EditOneOptions & { readonly original: string }): Promise<Edited> {
  const edited = await pin(options)
  if (edited.changes.length === 0) return edited
  const known = await history(options)
  const digits = options.original.toLowerCase()
  const take =
    'takes' in known ? known.takes.find(({ original }) => original.sha256.startsWith(digits)) : undefined
  return { ...edited, notes: [...edited.notes, restoredNote(options.id, take)] }
}

/** Takes the pin out of the manifest, so that the words decide again. */
export function unpin(options: EditOneOptions): Promise<Edited> {
  return editAll(options, [options.id], ([image]) => {
    if (!image) return { wanted: [] }
    const problems = cropProblem(image)
    if (image.pin === null) return unchanged(image, 'is not pinned', problems)
    return { wanted: [setting(image, 'pin', undefined)], problems }
  })
}

/**
 * Writes into the manifest what a crop of an image keeps: a point in 0..1 of its original's width and height, rounded to
 * a thousandth, or one of the words for it. Free.
 */
export function setFocus(options: EditOneOptions & { readonly focus: Focus }): Promise<Edited> {
  const { focus } = options
  const value = typeof focus === 'string' ? focus : focus.map((share) => Math.round(share * 1000) / 1000)
  return editAll(options, [options.id], (images) => ({
    wanted: images.map((image) => setting(image, 'focus', value)),
  }))
}

function setting(image: Image, key: Wanted['key'], value: Json | undefined): Wanted {
  return { image, key, value }
}

/** How many pictures its model always returns together: those may be picked from without asking for them. */
function togetherOf({ request }: Image): number {
  return catalog.models[`${request.provider}/${request.model}`]?.perJob.min ?? 1
}

function unchanged(image: Image, how: string, problems: Edited['problems'] = []): ReturnType<Wish> {
  return { wanted: [], notes: [unchangedNote(image, how)], problems }
}

async function editAll(
  options: EditOptions,
  ids: readonly string[],
  wish: (images: readonly Image[]) => ReturnType<Wish>,
): Promise<Edited> {
  return safely(options, (session) =>
    editManifest(session.project, (manifest) => wishOf(ids, manifest, wish)),
  )
}

function wishOf(
  ids: readonly string[],
  manifest: Manifest,
  wish: (images: readonly Image[]) => ReturnType<Wish>,
): ReturnType<Wish> {
  const found = named(ids, manifest)
  return 'problem' in found ? { wanted: [], problems: [found.problem] } : wish(found.images)
}

/** For what depends on lock and store as well. */
async function editInWorld(
  options: EditOneOptions,
  wish: (image: Image, reading: Reading) => ReturnType<Wish>,
): Promise<Edited> {
  return safely(options, async (session) => {
    const reading = await readWorld(session.project, session)
    if ('problems' in reading) return stopped(...reading.problems)
    return editAll(options, [options.id], ([image]) => (image ? wish(image, reading) : { wanted: [] }))
  })
}

async function safely(options: EditOptions, work: (session: Session) => Promise<Edited>): Promise<Edited> {
  try {
    return await work(openSession(options, true))
  } catch (error) {
    return stopped(machineProblem(error))
  }
}
