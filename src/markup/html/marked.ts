import { readTags } from './tags.ts'
import type { Tag } from './tags.ts'

/** The attribute that marks an element of a page as ours to fill. */
export const MARK = 'data-pixelkiln'

/** An element of a page that is to be filled. */
export interface Marked {
  readonly tag: Tag
  /** Where what lies between its tags begins and ends; null for an `img`. */
  readonly content: { readonly start: number; readonly end: number } | null
}

/** A marked element that cannot be filled, in words. */
export interface Misplaced {
  readonly offset: number
  readonly message: string
}

/** Every marked element of a page in its order, and every one that is not as it must be. */
export function findMarked(html: string): {
  readonly marked: readonly Marked[]
  readonly misplaced: readonly Misplaced[]
} {
  const marked: Marked[] = []
  const misplaced: Misplaced[] = []
  let open: Tag | null = null
  let last = 0
  for (const tag of readTags(html)) {
    if (open) {
      const wrong = wrongInside(html.slice(last, tag.start), tag)
      if (wrong === null && tag.kind === 'end' && tag.name === 'picture') {
        marked.push({ tag: open, content: { start: open.end, end: tag.start } })
        open = null
        continue
      }
      if (wrong === null) {
        last = tag.end
        continue
      }
      misplaced.push({ offset: open.start, message: wrong })
      open = null
    }
    if (tag.kind === 'end' || !tag.attributes.some(({ name }) => name === MARK)) continue
    if (tag.name === 'img') marked.push({ tag, content: null })
    else if (tag.name === 'picture') [open, last] = [tag, tag.end]
    else
      misplaced.push({
        offset: tag.start,
        message: `Only <picture> and <img> are filled, not <${tag.name}>.`,
      })
  }
  if (open) misplaced.push({ offset: open.start, message: NOT_CLOSED })
  return { marked, misplaced }
}

const NOT_CLOSED = 'This <picture> is not closed: </picture> is missing.'

/** What a marked picture holds is replaced, so it may hold nothing that anybody would miss. */
function wrongInside(between: string, tag: Tag): string | null {
  const fits = ['source', 'img'].includes(tag.name) || (tag.kind === 'end' && tag.name === 'picture')
  if (fits && between.trim() === '') return null
  const what = between.trim() === '' ? `<${tag.kind === 'end' ? '/' : ''}${tag.name}>` : 'text or a comment'
  return `This <picture> holds ${what} before its </picture>. What it holds is replaced, so it may only hold <source> and <img>.`
}
