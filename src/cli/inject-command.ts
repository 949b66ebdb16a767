import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import { injectPages } from '../inject-pages.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln inject`: fills the marked elements of HTML files. */
export async function injectCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const url = flags.text('url')
  const { changed, pages, problems } = await injectPages({
    ...readOptions(flags, terminal),
    pages: words,
    check: flags.on('check'),
    ...(url === undefined ? {} : { url }),
  })
  for (const problem of problems) terminal.writeError(problemText(problem))
  if (problems.length > 0) return exitCodeOf(problems)
  for (const page of changed) terminal.write(`filled ${page}\n`)
  if (changed.length === 0) terminal.write(`${pages === 1 ? '1 page' : `${pages} pages`}: nothing to do.\n`)
  return 0
}
