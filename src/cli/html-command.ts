import type { Terminal } from '../cli.ts'
import { BuildError } from '../core/build-error.ts'
import { picture } from '../markup/picture.ts'
import type { PictureOptions } from '../markup/picture.ts'
import { toHtml } from '../markup/to-html.ts'
import { readLock } from '../read-lock.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

const PLACEHOLDERS = ['none', 'color', 'image', 'class'] as const

/** `pixelkiln html ID`: the markup of one image, to be pasted into a page. */
export async function htmlCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const wanted = flags.text('placeholder')
  const placeholder = PLACEHOLDERS.find((known) => known === wanted)
  if (wanted !== undefined && placeholder === undefined) {
    terminal.writeError(`usage/wrong: --placeholder is one of ${PLACEHOLDERS.join(', ')}.\n`)
    return 2
  }
  const options: PictureOptions = {
    url: flags.text('url'),
    sizes: flags.text('sizes'),
    priority: flags.on('priority'),
    class: flags.text('class'),
    alt: flags.text('alt'),
    decorative: flags.on('decorative') ? true : undefined,
    placeholder,
  }
  try {
    const element = picture(await readLock(readOptions(flags, terminal)), words[0] ?? '', options)
    const children = element.children.map((child) => `  ${toHtml(child)}\n`).join('')
    terminal.write(children === '' ? `${toHtml(element)}\n` : `<picture>\n${children}</picture>\n`)
    return 0
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    for (const problem of error.problems) terminal.writeError(problemText(problem))
    return error.exitCode
  }
}
