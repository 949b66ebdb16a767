import type { Manifest } from './image.ts'

/** The names of the files that will be emitted. */
export function emittedPaths({ data, module }: Manifest['emit']): readonly string[] {
  const declaration = module === null ? null : declarationPath(module)
  return [data, module, declaration].filter((path) => path !== null)
}

/** Where the types of a JavaScript module lie; null for TypeScript, which has its own. */
export function declarationPath(module: string): string | null {
  const match = /\.(m?)js$/.exec(module)
  return match ? `${module.slice(0, match.index)}.d.${match[1] ?? ''}ts` : null
}
