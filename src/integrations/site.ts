import { build } from '../build.ts'
import { look } from '../build/look.ts'
import { openSession } from '../build/session.ts'
import { BuildError } from '../core/build-error.ts'
import type { Lock } from '../core/lock.ts'
import type { Problem } from '../core/problems.ts'

/** What every integration takes; all of it may be left out. */
export interface SiteOptions {
  /** Path of the manifest from the site's own folder. Default: `pixelkiln.yaml`. */
  readonly manifest?: string
  /** Buy what is missing, within `budget`. Default false: an integration never spends unless told. */
  readonly buy?: boolean
  /** Credits a build may spend; goes with `buy`. */
  readonly budget?: number
  /** Sketches stand in for what is not bought. Default: while a page is being written, never in what is published. */
  readonly draft?: boolean
}

/** What pages are made from. */
export interface Site {
  readonly lock: Lock
  /** Absolute path of the asset folder. */
  readonly out: string
  /** Absolute path of the manifest. */
  readonly manifest: string
}

/**
 * Brings the files up to date, then reads the lock. Where they are up to date nothing is asked for: no key, no network,
 * no originals. Throws a `BuildError` whose message tells all problems.
 */
export async function buildSite(cwd: string, options: SiteOptions): Promise<Site> {
  if (options.buy === true && options.budget === undefined) {
    throw siteError([
      { code: 'usage/wrong', message: '"buy: true" needs a "budget": the credits one build may spend.' },
    ])
  }
  try {
    await build({ ...options, cwd, buy: options.buy === true && options.draft !== true })
  } catch (error) {
    throw error instanceof BuildError ? siteError(error.problems) : error
  }
  return readSite(cwd, options)
}

/** Reads the lock as it is, and touches nothing. Throws a `BuildError`. */
export async function readSite(cwd: string, options: Pick<SiteOptions, 'manifest'>): Promise<Site> {
  const seen = await look(openSession({ ...options, cwd }), { files: false })
  if ('problems' in seen) throw siteError(seen.problems)
  const { lock, out, project } = seen.reading
  return { lock, out, manifest: project.manifestPath }
}

/** The one error of an integration. A framework prints the message of an error and nothing else, so it must hold every problem. */
export function siteError(problems: readonly Problem[]): BuildError {
  const error = new BuildError({ plan: null, lock: null, inputs: [], notes: [], problems })
  const lines = problems.map(({ code, message, place }) => {
    const where = place ? `${place.file}:${place.line}:${place.column} ` : ''
    return `${where}${code}: ${message}`
  })
  error.message = lines.join('\n')
  return error
}
