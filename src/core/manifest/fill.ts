import { nearest } from '../nearest.ts'
import type { Report } from './report.ts'
import type { Tree } from './tree.ts'
import { textOf } from './recipe-of.ts'

/** Puts the values of a matrix cell into a text; `offset` is where the text was written. */
export type Fill = (text: string, offset: number) => string

/** The text of a scalar with its `{{names}}` filled in; null where there is none. */
export function filledText(tree: Tree | undefined, fill: Fill): string | null {
  const text = textOf(tree)
  return text === null || tree === undefined ? null : fill(text, tree.offset)
}

/** Fills `{{name}}` from the axes of a matrix, and tells names that nothing fills. */
export function fillWith(
  variables: Readonly<Record<string, string>>,
  { id, report }: { readonly id: string; readonly report: Report },
): Fill {
  return (text, offset) => {
    if (!text.includes('{{')) return text
    return text.replaceAll(/\{\{([^{}]*)\}\}/g, (whole, inner: string) => {
      const name = inner.trim()
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      if (value === undefined)
        report('image/variable', offset, unfilled(id, name, Object.keys(variables)), id)
      return value ?? whole
    })
  }
}

function unfilled(id: string, name: string, axes: readonly string[]): string {
  const near = nearest(name, axes)
  const axesKnown = axes.length === 0 ? 'It has no matrix.' : `Its matrix has ${axes.join(', ')}.`
  return `"${id}" uses {{${name}}}, and nothing fills it. ${near === null ? axesKnown : `Did you mean {{${near}}}?`}`
}
