import { check } from '../check.ts'
import type { Terminal } from '../cli.ts'
import { openReporter } from './open-reporter.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln check`: whether manifest, lock and files agree. */
export async function checkCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const reporter = await openReporter(flags, terminal, 'check')
  if (!reporter) return 2
  const manifest = flags.text('manifest')
  try {
    await check({
      cwd: terminal.cwd,
      environment: terminal.environment,
      ...(manifest === undefined ? {} : { manifest }),
      allowDrafts: flags.on('allow-drafts'),
      allowPending: flags.on('allow-pending'),
      files: !flags.on('no-files'),
      onEvent: reporter.onEvent,
    })
    return 0
  } catch (error) {
    const { BuildError } = await import('../core/build-error.ts')
    if (error instanceof BuildError) return error.exitCode
    throw error
  } finally {
    await reporter.done()
    reporter.close()
  }
}
