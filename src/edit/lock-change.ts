import type { Look } from '../build/reading.ts'
import { shown } from '../build/project.ts'
import { placeAt } from '../core/source.ts'
import type { Change } from './edit-manifest.ts'
import type { EditOptions } from './options.ts'

/** A change of the lock, with the line at which the image's block begins in its new text. */
export function lockChange(
  given: { readonly id: string; readonly what: string; readonly before: string; readonly after: string },
  text: string,
  { seen, options }: { readonly seen: Look; readonly options: EditOptions },
): Change {
  const { id, what, before, after } = given
  const source = { file: shown(options.cwd ?? '.', seen.reading.lockPath), text }
  const { file, line, column } = placeAt(source, text.indexOf(`\n${JSON.stringify(id)}: {`) + 1)
  return { id, file, line, column, before, after, sentence: `${file}:${line}:${column}: ${id}: ${what}` }
}
