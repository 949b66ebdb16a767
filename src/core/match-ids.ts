import { nearest } from './nearest.ts'
import type { Problem } from './problems.ts'

/**
 * The ids that any of the patterns names: an id, or a glob where `*` is anything but a slash and `**` anything. No
 * pattern is "all", told by null; a pattern that names nothing is a problem.
 */
export function matchIds(
  patterns: readonly string[],
  ids: readonly string[],
): { readonly ids: ReadonlySet<string> | null } | { readonly problem: Problem } {
  if (patterns.length === 0) return { ids: null }
  const matched = new Set<string>()
  for (const pattern of patterns) {
    const expression = globExpression(pattern)
    const found = ids.filter((id) => id === pattern || expression.test(id))
    if (found.length === 0) return { problem: nothing(pattern, ids) }
    for (const id of found) matched.add(id)
  }
  return { ids: matched }
}

/** A glob as an expression: `*` is anything but a slash, `**` anything, `**` with a slash behind it also no folder at all. */
export function globExpression(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?'
      if (part === '**') return '.*'
      if (part === '*') return '[^/]*'
      if (part === '?') return '[^/]'
      return part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    })
    .join('')
  return new RegExp(`^${source}$`, 'u')
}

function nothing(pattern: string, ids: readonly string[]): Problem {
  const near = nearest(pattern, ids)
  const hint = near === null ? '' : ` The nearest id is "${near}".`
  return { code: 'usage/image-unknown', message: `No image is named "${pattern}".${hint}` }
}
