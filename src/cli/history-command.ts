import type { Terminal } from '../cli.ts'
import { exitCodeOf } from '../core/problems.ts'
import { history } from '../history.ts'
import type { History, HistoryTake } from '../history.ts'
import { flat } from '../reporters/json.ts'
import { problemText } from '../reporters/problem-text.ts'
import { alignColumns } from './align.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln history ID`: every original that is known of an image, for people or as one JSON object. */
export async function historyCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  const found = await history({ ...readOptions(flags, terminal), id: words[0] ?? '' })
  const problems = 'problems' in found ? found.problems : []
  if (flags.on('json')) {
    const told = 'problems' in found ? { problems: problems.map(flat) } : found
    terminal.write(`${JSON.stringify(told, null, 2)}\n`)
  } else if ('problems' in found) for (const problem of problems) terminal.writeError(problemText(problem))
  else terminal.write(historyText(found, flags.on('emulator') ? ' --emulator' : ''))
  return exitCodeOf(problems)
}

const COLUMNS = [
  { heading: 'original' },
  { heading: 'take', right: true },
  { heading: 'size' },
  { heading: 'model' },
  { heading: 'words' },
  { heading: '' },
] as const

function historyText({ id, from, takes }: History, flag: string): string {
  const name = from === null ? id : `${id}, a crop of ${from}`
  if (takes.length === 0) return `${name} has no original yet. "pixelkiln build${flag}" buys one.\n`
  const lines = [name, ...alignColumns(COLUMNS, takes.map(row)).map((line) => `  ${line}`)]
  const others = takes.filter(({ shown }) => !shown)
  if (others.length > 0) {
    const hash = others[0]?.original.sha256.slice(0, 12) ?? ''
    lines.push(`"pixelkiln restore ${from ?? id} ${hash}${flag}" shows that one again; it costs nothing.`)
  }
  return `${lines.join('\n')}\n`
}

function row({ original, take, model, differs, shown, bytes }: HistoryTake): readonly string[] {
  const state = [...(shown ? ['shown'] : []), ...(bytes === 'present' ? [] : [STATES[bytes]])]
  return [
    original.sha256.slice(0, 12),
    take === null ? '' : String(take),
    `${original.width}×${original.height} ${original.format}`,
    model ?? '',
    wordsOf(differs),
    state.join(', '),
  ]
}

const STATES = {
  'lfs-pointer': 'in Git LFS only',
  damaged: 'damaged in the store',
  missing: 'not in this store',
} as const

function wordsOf(differs: HistoryTake['differs']): string {
  if (differs === null) return 'earlier'
  return differs.length === 0 ? 'present' : `earlier: another ${differs.join(' and ')}`
}
