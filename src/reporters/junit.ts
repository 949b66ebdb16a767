import type { Problem } from '../core/problems.ts'
import type { RunReport } from './run-report.ts'

/**
 * A run as JUnit XML, as GitLab, Jenkins and others show it: a case for each image that was worked on or has a
 * problem, and one for what concerns no single image.
 */
export function junitText({ images, end }: RunReport, told: { readonly command: string }): string {
  const problems = end?.problems ?? []
  const ids = new Set([...images.map(({ id }) => id), ...problems.flatMap(({ image }) => image ?? [])])
  const whole = problems.filter(({ image }) => image === undefined)
  const cases = [
    testCase('project', whole, told.command),
    ...[...ids].sort().map((id) => {
      const own = problems.filter(({ image }) => image === id)
      return testCase(id, own, told.command)
    }),
  ]
  const failures = cases.filter(({ failed }) => failed).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" time="${(end?.seconds ?? 0).toFixed(3)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pixelkiln" ${counts}>`,
    `  <testsuite name="pixelkiln ${attribute(told.command)}" ${counts}>`,
    ...cases.map(({ text }) => text),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(
  name: string,
  problems: readonly Problem[],
  command: string,
): { readonly text: string; readonly failed: boolean } {
  const [first] = problems
  const place = problems.find((problem) => problem.place)?.place
  const file = place ? ` file="${attribute(place.file)}" line="${place.line}"` : ''
  const open = `    <testcase name="${attribute(name)}" classname="pixelkiln.${attribute(command)}"${file}`
  if (!first) return { text: `${open} />`, failed: false }
  // One failure a case: most readers show only the first.
  const body = problems.map(({ code, message, place }) => {
    const where = place ? `\n${place.file}:${place.line}:${place.column}` : ''
    return `${code}: ${message}${where}`
  })
  const failure = `      <failure type="${attribute(first.code)}" message="${attribute(first.message)}">${content(body.join('\n\n'))}</failure>`
  return { text: `${open}>\n${failure}\n    </testcase>`, failed: true }
}

/** XML 1.0 knows no way to write these characters. */
const UNSPEAKABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

function content(text: string): string {
  return text
    .replaceAll(UNSPEAKABLE, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;').replaceAll(/\s/g, ' ')
}
