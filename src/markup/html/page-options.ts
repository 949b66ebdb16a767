import { FORMATS } from '../../core/image.ts'
import type { Lock } from '../../core/lock.ts'
import { markupError } from '../find-image.ts'
import type { PictureOptions } from '../picture.ts'
import { decodeHtml } from './decode.ts'
import type { Tag } from './tags.ts'

/** What a marked element of a page asks for. */
export interface Asked {
  readonly lock: Lock
  readonly id: string
  /** Attributes of its start tag, decoded. */
  readonly written: ReadonlyMap<string, string>
  readonly url: string | undefined
}

export function attributesOf({ attributes }: Tag): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ name, value }) => [name, decodeHtml(value)]))
}

const PLACEHOLDERS = ['none', 'color', 'image', 'class'] as const

/** The options of a marked element, from its `data-` attributes. */
export function optionsOf({ lock, id, written, url }: Asked): PictureOptions {
  const flag = (name: string): true | undefined => {
    const value = written.get(name)?.toLowerCase()
    return value === undefined || value === 'false' ? undefined : true
  }
  const placeholder = word({ lock, id, written }, 'data-placeholder', PLACEHOLDERS)
  const format = word({ lock, id, written }, 'data-format', FORMATS)
  return {
    url,
    sizes: written.get('data-sizes'),
    priority: flag('data-priority'),
    class: written.get('data-class'),
    placeholder,
    alt: written.get('data-alt'),
    decorative: flag('data-decorative'),
    ...(format === undefined ? {} : { formats: [format] }),
  }
}

function word<Word extends string>(
  { lock, id, written }: Pick<Asked, 'lock' | 'id' | 'written'>,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = written.get(name)
  const found = words.find((known) => known === value)
  if (value === undefined || found) return found
  const message = `${name}="${value}" is none of ${words.join(', ')}.`
  throw markupError(lock, { code: 'markup/page', id, message })
}
