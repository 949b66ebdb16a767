import { recordOf } from '../find-image.ts'
import type { MarkupElement } from '../element.ts'
import { picture } from '../picture.ts'
import { sourcesOf } from '../sources.ts'
import { escapeHtml } from '../to-html.ts'
import { optionsOf } from './page-options.ts'
import type { Asked } from './page-options.ts'
import type { Edit } from './edit.ts'
import type { Tag } from './tags.ts'

/** Attributes of an `img` that are ours; all others stay as they are. */
const OURS = ['loading', 'decoding', 'fetchpriority', 'sizes', 'srcset', 'src', 'width', 'height', 'alt']

/**
 * Sets the attributes of a marked `<img>`, each where it stands already, the others at the end. An `img` alone can
 * offer one format only: that which every browser shows, or the one of `data-format`.
 */
export function fillImg(html: string, tag: Tag, asked: Asked): Edit {
  const options = optionsOf(asked)
  const fallback = sourcesOf(recordOf(asked.lock, asked.id))?.fallback.format
  const formats = options.formats ?? (fallback === undefined ? [] : [fallback])
  const { attributes } = imgIn(picture(asked.lock, asked.id, { ...options, formats }))
  const wanted = new Map(Object.entries(attributes).map(([name, value]) => [name, String(value)]))
  const className = wanted.get('class')
  if (className !== undefined) wanted.set('class', withClass(asked.written.get('class'), className))
  const pieces: string[] = []
  let at = tag.start
  for (const { name, value, start, end } of tag.attributes) {
    const text = wanted.get(name)
    wanted.delete(name)
    if (text === undefined && !OURS.includes(name)) continue
    const before = html.slice(at, start)
    const same = text !== undefined && asked.written.get(name) === text && value !== ''
    if (text === undefined) pieces.push(before.trimEnd())
    else pieces.push(before, same ? html.slice(start, end) : `${name}="${escapeHtml(text)}"`)
    at = end
  }
  const tail = /[\s/]*>$/.exec(html.slice(at, tag.end))?.[0] ?? '>'
  pieces.push(html.slice(at, tag.end - tail.length))
  for (const [name, text] of wanted) pieces.push(` ${name}="${escapeHtml(text)}"`)
  return { start: tag.start, end: tag.end, text: `${pieces.join('')}${tail}` }
}

function imgIn(element: MarkupElement): MarkupElement {
  return element.children.at(-1) ?? element
}

/** The classes that stand there already and the new ones. */
function withClass(written: string | undefined, added: string): string {
  return [...new Set(`${written ?? ''} ${added}`.split(/\s+/).filter((name) => name !== ''))].join(' ')
}
