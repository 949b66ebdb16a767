import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
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
  const from = [terminal.cwd, folder].find(isInstalledAbove) ?? folder
  const told = askGit(folder, ['config', 'merge.pixelkiln.driver', driverFrom(from)])
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

function isInstalledAbove(folder: string): boolean {
  const above = dirname(folder)
  return (
    existsSync(join(folder, 'node_modules/.bin/pixelkiln')) || (above !== folder && isInstalledAbove(above))
  )
}

/** Git runs the driver in the top folder of the repository; npx must look in the one that has the packages. */
function driverFrom(folder: string): string {
  // `our site/` and a line end, or nothing but that in the top folder itself.
  const below = askGit(folder, ['rev-parse', '--show-prefix'])?.out.replace(/\/?\n$/, '') ?? ''
  // For the shell that git starts, and for git, to which a percent sign announces a name.
  const quoted = `'${below.replaceAll("'", String.raw`'\''`).replaceAll('%', '%%')}'`
  return `npx --no-install ${below === '' ? '' : `--prefix=${quoted} `}pixelkiln merge-driver %O %A %B %P`
}

function diskFailed(error: unknown, terminal: Terminal): number {
  terminal.writeError(`disk/failed: ${asDiskError('merge-driver', error).message}.\n`)
  return 4
}
