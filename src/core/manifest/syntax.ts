import type { Document } from 'yaml'
import type { Report } from './report.ts'

export const BRACES =
  'Text that begins with "{{" must be quoted: YAML reads it as a map. Write "{{name}} …" in double quotes.'

export const TOO_DEEP = 'It is nested too deeply.'

/** More than these follow from the first few. */
const MOST_ERRORS = 20

/** Tells what the YAML parser complains of, in words for people, and tags, which a manifest has none of. */
export function reportSyntax(
  document: Pick<Document.Parsed, 'errors' | 'warnings'>,
  text: string,
  report: Report,
): void {
  for (const { code, pos, message } of document.errors.slice(0, MOST_ERRORS)) {
    const [at] = pos
    const eaten = eatenBefore(text, at)
    const braces = bracesBefore(text, at)
    if (braces !== null) report('image/variable', braces, BRACES)
    else if (eaten !== null) report('manifest/comment-in-text', eaten, EATEN)
    else report('manifest/syntax', at, syntaxWords(code, message))
  }
  for (const { code, pos } of document.warnings) {
    if (code !== 'TAG_RESOLVE_FAILED') continue
    report(
      'manifest/syntax',
      pos[0],
      'A manifest knows no YAML tags ("!…"). Put text that begins with "!" in quotes.',
    )
  }
}

const EATEN =
  'YAML takes everything from " #" on as a comment, so the text ends here and the rest makes no sense. Put the text in quotes.'

function syntaxWords(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'Tabs cannot indent YAML. Use blanks.'
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY')
    return `${message.replace(/\.$/, '')}. Text with ": " in it must be quoted.`
  return `${message.replace(/\.$/, '')}.`
}

/** Offset of unquoted `{{` that begins a value on the line of an error, before it. */
function bracesBefore(text: string, at: number): number | null {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const found = /:\s+\{\{/.exec(text.slice(start, at))
  return found ? start + found.index + found[0].length - 2 : null
}

/** Offset of a `#` that cut an unquoted text short, on the line before an error. */
function eatenBefore(text: string, at: number): number | null {
  const end = text.lastIndexOf('\n', at - 1)
  if (end === -1) return null
  const start = text.lastIndexOf('\n', end - 1) + 1
  const found = /\b(?:prompt|before|after|alt)\s*:\s+[^\s"'|>#].*?\s#/.exec(text.slice(start, end))
  return found ? start + found.index + found[0].length - 1 : null
}
