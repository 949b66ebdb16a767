import { check } from '../check.ts'
import type { Terminal } from '../cli.ts'
import { BuildError } from '../core/build-error.ts'
import { openReporter } from './open-reporter.ts'
import type { Call } from './parse-arguments.ts'
import { readOptions } from './read-options.ts'

/** `pixelkiln check`: whether manifest, lock and files agree. */
export async function checkCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const reporter = await openReporter(flags, terminal, 'check')
  if (!reporter) return 2
  try {
    await check({
      ...readOptions(flags, terminal),
      allowDrafts: flags.on('allow-drafts'),
      allowPending: flags.on('allow-pending'),
      files: !flags.on('no-files'),
      onEvent: reporter.onEvent,
    })
    return 0
  } catch (error) {
    if (error instanceof BuildError) return error.exitCode
    throw error
  } finally {
    await reporter.done()
    reporter.close()
  }
}
