import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Note } from '../core/problems.ts'
import { readIfThere } from './files.ts'

const NAME = 'APIFRAME_API_KEY'

/**
 * The API key: from the environment, else from `.env.local` or `.env` in the project when git ignores that file. Only
 * that one name is read. Null when there is none.
 */
export function findApiKey(
  project: string,
  environment: Readonly<Record<string, string | undefined>>,
): {
  readonly key: string | null
  /** Where it stood: `environment`, or the file's name; null when there is none. */
  readonly from: string | null
  readonly notes: readonly Note[]
} {
  const given = environment[NAME]?.trim()
  if (given) return { key: given, from: 'environment', notes: [] }
  const notes: Note[] = []
  for (const name of ['.env.local', '.env']) {
    const key = keyIn(readIfThere(join(project, name))?.toString('utf8') ?? '')
    if (key === null) continue
    if (gitIgnores(project, name)) return { key, from: name, notes }
    notes.push({
      code: 'service/key-not-ignored',
      message: `${name} holds ${NAME}, but git does not ignore that file, so it was not used. Add it to .gitignore.`,
    })
  }
  return { key: null, from: null, notes }
}

function keyIn(text: string): string | null {
  const match = /^\s*(?:export\s+)?APIFRAME_API_KEY\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#]*))/m.exec(text)
  const key = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim()
  return key === '' ? null : key
}

/** Outside a git checkout there is nothing to leak into. */
function gitIgnores(project: string, name: string): boolean {
  try {
    execFileSync('git', ['check-ignore', '--quiet', name], { cwd: project, stdio: 'ignore' })
    return true
  } catch (error) {
    const status: unknown = error instanceof Error && 'status' in error ? error.status : null
    return status !== 1
  }
}
