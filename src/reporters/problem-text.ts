import type { Problem } from '../core/problems.ts'

/** One problem as people read it: code, place, what happened and what to do, and the line with a caret. Ends with a line break. */
export function problemText(problem: Pick<Problem, 'code' | 'message' | 'place'>): string {
  const { code, place } = problem
  const message = harmless(problem.message)
  if (!place) return `${code}: ${message}\n`
  const excerpt = place.excerpt
    .split('\n')
    .map((line) => `    ${harmless(line)}`)
    .join('\n')
  return `${code}: ${message}\n  ${place.file}:${place.line}:${place.column}\n${excerpt}\n`
}

/** A message may quote a manifest or a service: nothing in it may steer the terminal. */
function harmless(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]/gu, '\uFFFD')
}
