import type { Note, Problem } from '../core/problems.ts'
import type { RunReport } from './run-report.ts'

/**
 * A run's problems and notes as SARIF 2.1.0, as code scanning takes it. What has no place of its own points at the
 * manifest's first line, for a result without a place is refused there. `fileOf` gives a file as the repository names it.
 */
export function sarifText(
  { end }: RunReport,
  told: { readonly manifest: string; readonly version: string; readonly fileOf: (file: string) => string },
): string {
  const problems = end?.problems ?? []
  const notes = end?.notes ?? []
  const codes = [...new Set([...problems, ...notes].map(({ code }) => code))].sort()
  const results = [
    ...problems.map((problem) => resultOf(problem, 'error', told)),
    ...notes.map((note) => resultOf(note, 'note', told)),
  ]
  const driver = {
    name: 'pixelkiln',
    version: told.version,
    rules: codes.map((id) => ({
      id,
      help: { text: `"${id}" has a heading of its own under "Problems" in pixelkiln's README.` },
    })),
  }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function resultOf(
  { code, message, image, place }: Problem | Note,
  level: 'error' | 'note',
  told: { readonly manifest: string; readonly fileOf: (file: string) => string },
): object {
  const uri = encodeURI(told.fileOf(place?.file ?? told.manifest))
  const region = place ? { startLine: place.line, startColumn: place.column } : { startLine: 1 }
  return {
    ruleId: code,
    level,
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    // The line moves as the manifest grows; the image and the code do not.
    partialFingerprints: { 'pixelkiln/v1': `${code} ${image ?? ''}` },
  }
}
