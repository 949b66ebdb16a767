import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import { prune, prunable } from '../prune.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln prune`: lists first, asks where a person can be asked, removes only what the lock owns. */
export async function pruneCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const options = { ...readOptions(flags, terminal), originals: flags.on('originals') }
  const found = await prunable(options)
  if ('problems' in found) {
    for (const problem of found.problems) terminal.writeError(problemText(problem))
    return exitCodeOf(found.problems)
  }
  if (found.ids.length === 0 && found.originals.length === 0) {
    terminal.write('Nothing to prune.\n')
    return 0
  }
  for (const path of found.files) terminal.write(`  ${path}\n`)
  for (const path of found.originals) terminal.write(`  ${path}\n`)
  const files = found.files.length + found.originals.length
  const what = `${files} ${files === 1 ? 'file' : 'files'} of ${found.ids.length} ${found.ids.length === 1 ? 'image' : 'images'} that the manifest no longer names`
  if (!flags.on('yes')) {
    if (!terminal.interactive) {
      terminal.write(`${what}. Run again with --yes to remove them.\n`)
      return 0
    }
    const answer = await terminal.ask(`Remove ${what}? [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.write('Nothing was removed.\n')
      return 0
    }
  }
  const done = await prune(options)
  for (const problem of done.problems) terminal.writeError(problemText(problem))
  terminal.write(
    `Removed ${done.removed} of ${files} ${files === 1 ? 'file' : 'files'}; files that were edited since are kept.\n`,
  )
  return exitCodeOf(done.problems)
}
