import { appendFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { Terminal } from '../cli.ts'
import { asDiskError, writeWhole } from '../effects/files.ts'
import { githubAnnotations, githubSummary } from '../reporters/github.ts'
import { junitText } from '../reporters/junit.ts'
import type { Reporter } from '../reporters/reporter.ts'
import { createRunReport } from '../reporters/run-report.ts'
import type { RunReport } from '../reporters/run-report.ts'
import { sarifText } from '../reporters/sarif.ts'
import { VERSION } from '../tool.ts'

/** Which reports to write, and what they are told beside the run. */
export interface ReportsWanted {
  /** `github`, `junit:PATH`, `sarif:PATH`; a path is relative to where the command runs. */
  readonly reports: readonly string[]
  readonly command: string
  /** The manifest as the person gave it. */
  readonly manifest: string
}

/** A reporter that speaks as `speaker` does, and writes the reports that were asked for when the run has ended. */
export function createReports(speaker: Reporter, terminal: Terminal, wanted: ReportsWanted): Reporter {
  const { onEvent, report } = createRunReport()
  return {
    onEvent: (event) => {
      speaker.onEvent(event)
      onEvent(event)
    },
    done: async () => {
      await speaker.done()
      for (const kind of wanted.reports) await writeReport(kind, report(), { terminal, wanted })
    },
    close: speaker.close,
  }
}

/** A report that cannot be written is said and fails nothing: the run is over, and what it did is saved. */
async function writeReport(
  kind: string,
  report: RunReport,
  { terminal, wanted }: { readonly terminal: Terminal; readonly wanted: ReportsWanted },
): Promise<void> {
  const { command, manifest } = wanted
  const fileOf = repositoryPath(terminal)
  const path = kind.slice(kind.indexOf(':') + 1)
  try {
    if (kind === 'github') tellGithub(report, terminal, fileOf)
    else {
      const text = kind.startsWith('junit:')
        ? junitText(report, { command })
        : sarifText(report, { manifest, version: VERSION, fileOf })
      await writeWhole(resolve(terminal.cwd, path), text, { durable: false })
    }
  } catch (error) {
    terminal.writeError(`A report was not written: ${asDiskError(path, error).message}.\n`)
  }
}

function tellGithub(report: RunReport, terminal: Terminal, fileOf: (file: string) => string): void {
  terminal.write(githubAnnotations(report, fileOf))
  const summary = terminal.environment['GITHUB_STEP_SUMMARY'] ?? ''
  if (summary !== '') appendFileSync(summary, githubSummary(report))
}

/** Files are told relative to where the command runs; their repository may begin further up. */
function repositoryPath({ environment, cwd }: Terminal): (file: string) => string {
  const root = environment['GITHUB_WORKSPACE'] ?? environment['CI_PROJECT_DIR'] ?? cwd
  return (file) => relative(root, resolve(cwd, file)).split(sep).join('/')
}
