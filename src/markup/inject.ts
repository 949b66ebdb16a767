import { BuildError } from '../core/build-error.ts'
import type { Lock } from '../core/lock.ts'
import type { Problem } from '../core/problems.ts'
import { placer } from '../core/source.ts'
import { applyEdits } from './html/edit.ts'
import type { Edit } from './html/edit.ts'
import { fillImg } from './html/fill-img.ts'
import { fillPicture } from './html/fill-picture.ts'
import { MARK, findMarked } from './html/marked.ts'
import type { Marked } from './html/marked.ts'
import { attributesOf } from './html/page-options.ts'

export interface InjectOptions {
  /** The page's name in problems. Default: `page`. */
  readonly file?: string | undefined
  /** Public prefix of the asset folder. Default: what the manifest says, else none. */
  readonly url?: string | undefined
}

/**
 * A page with every `<picture data-pixelkiln="id">` and `<img data-pixelkiln="id">` filled. Everything else stays as it
 * is, byte for byte, and a page that was filled before comes out the same. Throws one `BuildError` with every problem
 * and its place.
 */
export function inject(lock: Lock, html: string, options: InjectOptions = {}): string {
  const { marked, misplaced } = findMarked(html)
  const place = placer({ file: options.file ?? 'page', text: html })
  const problems: Problem[] = misplaced.map(({ offset, message }) => ({
    code: 'markup/page',
    message,
    place: place(offset),
  }))
  const edits = marked.flatMap((one) => {
    try {
      return fill(lock, html, { marked: one, url: options.url })
    } catch (error) {
      if (!(error instanceof BuildError)) throw error
      const at = one.tag.attributes.find(({ name }) => name === MARK)?.start ?? one.tag.start
      problems.push(...error.problems.map((problem) => ({ ...problem, place: place(at) })))
      return []
    }
  })
  if (problems.length > 0) {
    problems.sort((one, other) => lineOf(one) - lineOf(other))
    throw new BuildError({ plan: null, lock, inputs: [], notes: [], problems })
  }
  return applyEdits(html, edits)
}

function fill(
  lock: Lock,
  html: string,
  { marked, url }: { readonly marked: Marked; readonly url: string | undefined },
): Edit {
  const written = attributesOf(marked.tag)
  const id = written.get(MARK)?.trim() ?? ''
  const page = { lock, id, written, url }
  return marked.content === null
    ? fillImg(html, marked.tag, page)
    : fillPicture(html, { tag: marked.tag, content: marked.content }, page)
}

function lineOf({ place }: Problem): number {
  return (place?.line ?? 0) * 1e6 + (place?.column ?? 0)
}
