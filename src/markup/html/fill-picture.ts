import type { MarkupElement } from '../element.ts'
import { picture } from '../picture.ts'
import { toHtml } from '../to-html.ts'
import { optionsOf } from './page-options.ts'
import type { Asked } from './page-options.ts'
import type { Edit } from './edit.ts'
import type { Tag } from './tags.ts'

/** Puts sources and `img` between the tags of a marked `<picture>`: a line each where it stands on a line of its own. */
export function fillPicture(
  html: string,
  { tag, content }: { readonly tag: Tag; readonly content: { readonly start: number; readonly end: number } },
  asked: Asked,
): Edit {
  const element = picture(asked.lock, asked.id, optionsOf(asked))
  const children: readonly MarkupElement[] = element.tag === 'img' ? [element] : element.children
  const lineStart = Math.max(html.lastIndexOf('\n', tag.start), html.lastIndexOf('\r', tag.start)) + 1
  const indent = html.slice(lineStart, tag.start)
  if (/\S/.test(indent)) return { ...content, text: children.map(toHtml).join('') }
  const lineEnd = /\r\n|\n|\r/.exec(html)?.[0] ?? '\n'
  const deeper = indent + (indent.includes('\t') ? '\t' : '  ')
  const lines = children.map((child) => `${lineEnd}${deeper}${toHtml(child)}`)
  return { ...content, text: `${lines.join('')}${lineEnd}${indent}` }
}
