import type { Recipe } from '../core/image.ts'
import type { OutputSpec } from '../core/recipes.ts'
import { encodeCostMs } from './encode-raw.ts'

/** Outputs of one size, costliest first. */
export interface SizeGroup {
  readonly width: number
  readonly height: number
  readonly outputs: readonly OutputSpec[]
  /** Of its costliest encode. */
  readonly costMs: number
}

/** Outputs by size, costliest size first: on a free machine the order in which they are begun. */
export function groupBySize(all: readonly OutputSpec[], effort: Recipe['effort']): readonly SizeGroup[] {
  const costMs = (output: OutputSpec): number =>
    encodeCostMs(output.format, effort[output.format], output.width * output.height)
  const bySize = new Map<string, OutputSpec[]>()
  for (const output of all) {
    const size = `${output.width}x${output.height}`
    bySize.set(size, [...(bySize.get(size) ?? []), output])
  }
  return [...bySize.values()]
    .flatMap((members) => {
      const outputs = members.toSorted((a, b) => costMs(b) - costMs(a))
      const [first] = outputs
      return first ? [{ width: first.width, height: first.height, outputs, costMs: costMs(first) }] : []
    })
    .sort((a, b) => b.costMs - a.costMs)
}
