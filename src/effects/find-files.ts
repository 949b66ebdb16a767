import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { globExpression } from '../core/match-ids.ts'

/**
 * The files that the patterns name, absolute, each once: a path, a folder (every HTML file below it) or a glob. Folders
 * that begin with a dot and `node_modules` are not searched. `missing` are the patterns that name nothing.
 */
export function findFiles(
  cwd: string,
  patterns: readonly string[],
): { readonly files: readonly string[]; readonly missing: readonly string[] } {
  const files = new Set<string>()
  const missing: string[] = []
  for (const pattern of patterns) {
    const found = filesOf(cwd, pattern.replaceAll('\\', '/'))
    for (const file of found) files.add(file)
    if (found.length === 0) missing.push(pattern)
  }
  return { files: [...files], missing }
}

function filesOf(cwd: string, pattern: string): readonly string[] {
  const stat = statSync(resolve(cwd, pattern), { throwIfNoEntry: false })
  if (stat?.isFile() === true) return [resolve(cwd, pattern)]
  if (stat?.isDirectory() === true) return filesOf(cwd, `${pattern.replace(/\/+$/, '')}/**/*.html`)
  const fixed = /^[^*?]*\//.exec(pattern)?.[0] ?? ''
  if (fixed.length === pattern.length || !/[*?]/.test(pattern)) return []
  const expression = globExpression(pattern)
  return below(resolve(cwd, fixed))
    .filter((path) => expression.test(fixed + path))
    .map((path) => resolve(cwd, fixed, path))
}

/** Every file below a folder, relative, forward slashes, sorted. */
function below(folder: string, prefix = ''): readonly string[] {
  let entries
  try {
    entries = readdirSync(join(folder, prefix), { withFileTypes: true })
  } catch {
    return []
  }
  const names = entries.map((entry) => entry.name).sort()
  const folders = new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name))
  return names.flatMap((name) => {
    if (!folders.has(name)) return [prefix + name]
    return name.startsWith('.') || name === 'node_modules' ? [] : below(folder, `${prefix}${name}/`)
  })
}
