import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import type { Edited } from '../edit/edit-manifest.ts'
import { flat } from '../reporters/json.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Flags } from './parse-arguments.ts'

/** Says what an edit changed and where, as sentences or as one JSON object; resolves with the exit code. */
export function tellEdit(edited: Edited, flags: Flags, terminal: Terminal): number {
  const { changes, notes, problems } = edited
  if (flags.on('json')) {
    terminal.write(`${JSON.stringify({ changes, notes: notes.map(flat), problems: problems.map(flat) })}\n`)
    return exitCodeOf(problems)
  }
  for (const problem of problems) terminal.writeError(problemText(problem))
  for (const { sentence } of changes) terminal.write(`${sentence}\n`)
  for (const { message } of notes) terminal.write(`${message}\n`)
  return exitCodeOf(problems)
}
