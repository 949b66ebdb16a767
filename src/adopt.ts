import { resolve } from 'node:path'
import type { Reading } from './build/reading.ts'
import type { Image } from './core/image.ts'
import type { Problem } from './core/problems.ts'
import { ADOPTED } from './core/take-index.ts'
import { editManifest, stopped } from './edit/edit-manifest.ts'
import type { Edited } from './edit/edit-manifest.ts'
import { inProject } from './edit/in-project.ts'
import type { ProjectOptions } from './edit/in-project.ts'
import { PIN_DIGITS } from './edit/known-originals.ts'
import { cropProblem, named } from './edit/words.ts'
import { readIfThere } from './effects/files.ts'

/**
 * Makes a picture of your own the original of an image. It is decoded whole like one that was bought, goes into the store
 * as a take of the present words by the model `adopted`, and is pinned in the manifest; nothing is bought or submitted.
 */
export async function adopt(
  options: ProjectOptions & { readonly id: string; readonly file: string },
): Promise<Edited> {
  return inProject(options, async ({ reading }) => {
    const found = named([options.id], reading.manifest)
    const [image] = 'problem' in found ? [] : found.images
    if ('problem' in found || !image) return stopped(...('problem' in found ? [found.problem] : []))
    if (image.from !== null) return stopped(...cropProblem(image))
    const bytes = readIfThere(resolve(options.cwd ?? '.', options.file))
    if (bytes === null) return stopped(noFile(options.file, image))
    const kept = await keep(bytes, options.file, { image, reading })
    if (typeof kept !== 'string') return stopped(kept)
    const edited = await editManifest(reading.project, (manifest) => {
      const now = manifest.images.find(({ id }) => id === image.id)
      return { wanted: now ? [{ image: now, key: 'pin', value: kept.slice(0, PIN_DIGITS) }] : [] }
    })
    const message = `${options.file} is in the store as ${kept.slice(0, PIN_DIGITS)}; the next build makes the files of ${image.id} from it. "pixelkiln unpin ${image.id}" lets it go.`
    return { ...edited, notes: [...edited.notes, { code: 'image/adopted', message, image: image.id }] }
  })
}

/** The picture in the store: its sha256. */
async function keep(
  bytes: Uint8Array,
  file: string,
  { image, reading }: { readonly image: Image; readonly reading: Reading },
): Promise<string | Problem> {
  const { BadPictureError, inspectOriginal } = await import('./effects/inspect.ts')
  try {
    const original = await inspectOriginal(bytes)
    const { requestKey: request, declared, parts, id } = image
    const { store } = reading
    const listed = store.takes(request)
    const take = Math.max(0, ...listed.map((one) => one.take)) + 1
    await store.keep(original, bytes)
    const model = `${image.request.provider}/${image.request.model}`
    const takes = [{ take, original, model: ADOPTED }]
    await store.list({ request, declared, model, parts, images: [id], takes })
    return original.sha256
  } catch (error) {
    if (!(error instanceof BadPictureError)) throw error
    const message = `${file} cannot be the original of ${image.id}: it is ${error.message}. PNG, JPEG, WebP, AVIF and GIF can be, up to 50 megapixels. Nothing was changed.`
    return { code: 'image/not-a-picture', message, image: image.id }
  }
}

function noFile(file: string, { id }: Image): Problem {
  return { code: 'usage/wrong', message: `There is no file ${file}. Nothing was changed.`, image: id }
}
