import { resolve } from 'node:path'
import { shown } from '../build/project.ts'
import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import { writeStaticPage } from '../gallery/static-page.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call, Flags } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln gallery`: writes the page as one file, or with `--serve` serves the live one. Exit 2 when the project cannot be read, 4 when the file cannot be written. */
export async function galleryCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  if (!flags.on('serve')) return writePage(flags, terminal)
  const { serveGalleryCommand } = await import('./serve-gallery.ts')
  return serveGalleryCommand(flags, terminal)
}

async function writePage(flags: Flags, terminal: Terminal): Promise<number> {
  const out = flags.text('out')
  const written = await writeStaticPage({
    ...readOptions(flags, terminal),
    ...(out === undefined ? {} : { file: resolve(terminal.cwd, out) }),
    embed: flags.on('embed'),
  })
  if ('problems' in written) {
    for (const problem of written.problems) terminal.writeError(problemText(problem))
    return exitCodeOf(written.problems)
  }
  const { file, images, bytes, inAssets } = written
  const size = bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
  const pictures = `${images} ${images === 1 ? 'picture' : 'pictures'}`
  terminal.write(`Wrote ${shown(terminal.cwd, file)}: ${pictures}, ${size}. Open it in a browser.\n`)
  if (inAssets)
    terminal.write('It lies in the asset folder: a site that publishes that folder publishes it.\n')
  return 0
}
