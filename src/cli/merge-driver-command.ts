import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { locateProject } from '../build/project.ts'
import type { Terminal } from '../cli.ts'
import type { Lock } from '../core/lock.ts'
import { mergeLocks } from '../core/merge-lock.ts'
import { printLock } from '../core/print-lock.ts'
import { PROBLEM_EXITS } from '../core/problems.ts'
import type { Problem } from '../core/problems.ts'
import { readLock } from '../core/read-lock.ts'
import { asDiskError, writeWhole } from '../effects/files.ts'
import { addLockAttributes } from '../effects/git-attributes.ts'
import { askGit } from '../effects/git.ts'
import { problemText } from '../reporters/problem-text.ts'
import type { Call } from './parse-arguments.ts'

const DRIVER = 'npx --no-install pixelkiln merge-driver %O %A %B %P'

/**
 * `pixelkiln merge-driver BASE OURS THEIRS [NAME]`, as git calls it: the merged lock takes the place of OURS. A lock that
 * cannot be read leaves OURS as it was and fails, which git takes for a conflict. `--install` tells git of it.
 */
export async function mergeDriverCommand({ flags, words }: Call, terminal: Terminal): Promise<number> {
  if (flags.on('install')) return install(flags.text('manifest'), terminal)
  const [base, ours, theirs, name = 'the lock'] = words
  if (base === undefined || ours === undefined || theirs === undefined) {
    terminal.writeError('usage/wrong: git calls "merge-driver BASE OURS THEIRS". You want --install.\n')
    return 2
  }
  try {
    const reads = [base, ours, theirs].map((path) => lockAt(resolve(terminal.cwd, path), name))
    const problems = reads.flatMap((read) => ('problem' in read ? [read.problem] : []))
    for (const problem of problems) terminal.writeError(problemText(problem))
    if (problems[0]) return PROBLEM_EXITS[problems[0].code]
    const [from = null, one = null, other = null] = reads.map((read) => ('lock' in read ? read.lock : null))
    // A side without a lock has none yet: what the other knows stays.
    const [mine, yours] = [one ?? other, other ?? one]
    if (mine && yours) {
      const merged = printLock(mergeLocks(from, mine, yours))
      await writeWhole(resolve(terminal.cwd, ours), merged, { durable: false })
    }
    return 0
  } catch (error) {
    return diskFailed(error, terminal)
  }
}

/** No lock for an empty file: git has no ancestor where both sides added it. */
function lockAt(path: string, name: string): { readonly lock: Lock | null } | { readonly problem: Problem } {
  const text = readFileSync(path, 'utf8')
  return text.trim() === '' ? { lock: null } : readLock({ file: name, text })
}

function install(manifest: string | undefined, terminal: Terminal): number {
  const { folder } = locateProject({ cwd: terminal.cwd, ...(manifest === undefined ? {} : { manifest }) })
  const named = askGit(folder, ['config', 'merge.pixelkiln.name', 'merge of pixelkiln locks, image by image'])
  const told = askGit(folder, ['config', 'merge.pixelkiln.driver', DRIVER])
  if (named?.yes !== true || told?.yes !== true) {
    terminal.writeError(
      `usage/wrong: git could not be told of the merge driver; ${folder} is no git repository, or git is not installed.\n`,
    )
    return 2
  }
  try {
    const added = addLockAttributes(folder)
    const where = added ? 'Commit .gitattributes' : '.gitattributes names it already'
    terminal.write(
      `git now merges locks image by image in this clone. ${where}; every other clone runs this once.\n`,
    )
    return 0
  } catch (error) {
    return diskFailed(error, terminal)
  }
}

function diskFailed(error: unknown, terminal: Terminal): number {
  terminal.writeError(`disk/failed: ${asDiskError('merge-driver', error).message}.\n`)
  return 4
}
