import type { Manifest } from '../image.ts'
import { LOCK_NAME } from '../lock.ts'
import { cleanFolder, folded, outMistake } from './ids.ts'
import { textOf } from './recipe-of.ts'
import type { Report } from './report.ts'
import type { MapTree } from './tree.ts'

const ENDINGS = {
  data: { pattern: /\.json$/, says: 'must end in .json' },
  module: { pattern: /(?<!\.d)\.(ts|mts|js|mjs)$/, says: 'must end in .ts, .mts, .js or .mjs' },
} as const

/** The files that the manifest asks to be emitted; what is wrong with their paths is told. */
export function emitOf(
  emit: MapTree | null,
  { out, report }: { readonly out: string; readonly report: Report },
): Manifest['emit'] {
  const taken = new Map([[folded(`${out}/${LOCK_NAME}`), 'the lock']])
  const pathOf = (key: keyof typeof ENDINGS): string | null => {
    const tree = emit?.entries.get(key)?.value
    const written = textOf(tree)
    if (tree === undefined || written === null) return null
    const path = cleanFolder(written)
    const { pattern, says } = ENDINGS[key]
    const wrong = outMistake(written)?.replace('a folder', 'a file') ?? (pattern.test(path) ? null : says)
    const mistake = wrong ?? clash(path, taken)
    if (mistake !== null) report('emit/path', tree.offset, `"emit.${key}" ${mistake}.`)
    taken.set(folded(path), `"emit.${key}"`)
    return path
  }
  return { data: pathOf('data'), module: pathOf('module') }
}

/** One path may be neither another one nor in it. */
function clash(path: string, taken: ReadonlyMap<string, string>): string | null {
  const own = folded(path)
  for (const [other, what] of taken) {
    if (other === own) return `is the same file as ${what}`
    if (own.startsWith(`${other}/`) || other.startsWith(`${own}/`)) return `cannot be where ${what} is`
  }
  return null
}
