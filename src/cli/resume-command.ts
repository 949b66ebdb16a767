import type { Terminal } from '../cli.ts'
import { resume } from '../resume.ts'
import { isInCi, runAndTell } from './build-command.ts'
import type { Call } from './parse-arguments.ts'

/** `pixelkiln resume`: settles the journal; buys only what `--resubmit` and `--retry` name. */
export function resumeCommand({ flags }: Call, terminal: Terminal): Promise<number> {
  const [resubmit, forget, retry] = ['resubmit', 'forget', 'retry'].map((name) => flags.texts(name))
  return runAndTell({ command: 'resume', flags }, terminal, (given) =>
    resume({
      ...given,
      resubmit: resubmit ?? [],
      forget: forget ?? [],
      retry: retry ?? [],
      budgetOnly: isInCi(terminal) && given.emulator !== true,
    }),
  )
}
