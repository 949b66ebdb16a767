import { chmodSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { look } from './build/look.ts'
import type { ReadOptions } from './build/options.ts'
import { shown } from './build/project.ts'
import { machineProblem } from './build/reading.ts'
import { openSession } from './build/session.ts'
import { BuildError } from './core/build-error.ts'
import type { Lock } from './core/lock.ts'
import type { Problem } from './core/problems.ts'
import { asDiskError, writeWhole } from './effects/files.ts'
import { findFiles } from './effects/find-files.ts'
import { inject } from './markup/inject.ts'

export interface InjectPagesOptions extends Pick<ReadOptions, 'cwd' | 'manifest' | 'environment'> {
  /** Paths, folders or globs. */
  readonly pages: readonly string[]
  /** Public prefix of the asset folder. Default: what the manifest says, else the way from each page to the folder. */
  readonly url?: string
  /** Write nothing; a page that would change is a problem. Default false. */
  readonly check?: boolean
}

/** What filling pages came to. */
export interface InjectedPages {
  /** Pages that changed, relative to where one stands. */
  readonly changed: readonly string[]
  readonly pages: number
  readonly problems: readonly Problem[]
}

/** Fills the marked elements of HTML files. With any problem in any page, none is written. */
export async function injectPages(options: InjectPagesOptions): Promise<InjectedPages> {
  const session = openSession(options)
  const seen = await look(session, { files: false })
  if ('problems' in seen) return { changed: [], pages: 0, problems: seen.problems }
  const { lock, out } = seen.reading
  const { files, missing } = findFiles(session.cwd, options.pages)
  const problems: Problem[] = missing.map((pattern) => ({
    code: 'usage/wrong',
    message: `There is no page "${pattern}".`,
  }))
  const changed: Page[] = []
  for (const path of files) {
    const page = fillPage(lock, { path, shown: shown(session.cwd, path), out, url: options.url })
    if ('problems' in page) problems.push(...page.problems)
    else if (page.after !== page.before) changed.push(page)
  }
  const names = changed.map((page) => page.shown)
  if (problems.length > 0) return { changed: [], pages: files.length, problems }
  if (options.check === true) return { changed: [], pages: files.length, problems: names.map(stale) }
  try {
    for (const page of changed) await writePage(page)
  } catch (error) {
    problems.push(machineProblem(error))
  }
  return { changed: problems.length > 0 ? [] : names, pages: files.length, problems }
}

interface Page {
  readonly path: string
  readonly shown: string
  readonly before: string
  readonly after: string
}

function fillPage(
  lock: Lock,
  page: Pick<Page, 'path' | 'shown'> & { readonly out: string; readonly url: string | undefined },
): Page | { readonly problems: readonly Problem[] } {
  const { path, shown, out } = page
  try {
    const bytes = readPage(path)
    const before = bytes.toString('utf8')
    // What does not come back the same would be damaged by writing it.
    if (!Buffer.from(before).equals(bytes)) {
      const message = `${shown} is not UTF-8, so it cannot be filled without damage. Save it as UTF-8.`
      return { problems: [{ code: 'markup/page', message }] }
    }
    const url = page.url ?? lock.url ?? relative(dirname(path), out).split(sep).join('/')
    return { path, shown, before, after: inject(lock, before, { file: shown, url }) }
  } catch (error) {
    return { problems: error instanceof BuildError ? error.problems : [machineProblem(error)] }
  }
}

function readPage(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw asDiskError(path, error)
  }
}

/** Whole, where a link leads to, and with the rights it had. */
async function writePage({ path, after }: Page): Promise<void> {
  const real = realpathSync(path)
  const { mode } = statSync(real)
  await writeWhole(real, after, { durable: false })
  chmodSync(real, mode)
}

function stale(page: string): Problem {
  return { code: 'stale/page', message: `${page} would change. Run "pixelkiln inject ${page}".` }
}
