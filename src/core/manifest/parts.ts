import { MEANT_ELSEWHERE } from './blocks.ts'
import { mapAt } from './check-tree.ts'
import type { Path, Setting } from './setting.ts'
import type { Tree } from './tree.ts'

/** A stretch of a manifest's text that can be edited without the rest. */
export interface Part {
  readonly from: number
  readonly to: number
  /** 0 for the whole text; 1 for one image's lines, whose paths begin with its name. */
  readonly depth: 0 | 1
  /** What is to be written there, in order, and the numbers of these settings among all. */
  readonly settings: readonly Setting[]
  readonly indices: readonly number[]
}

/**
 * Cuts a manifest into the lines of the images that are to be edited, in the order of the text: one edit in ten thousand
 * images then parses ten lines more, not all of them. Where lines mean something elsewhere as well (an anchor, an alias)
 * or are not an image's own (JSON), the whole text is one part.
 */
export function partsOf(text: string, tree: Tree, settings: readonly Setting[]): readonly Part[] {
  const whole: Part = { from: 0, to: text.length, depth: 0, settings, indices: [...settings.keys()] }
  if (MEANT_ELSEWHERE.test(text)) return [whole]
  const lines = linesOfImages(text, tree)
  const parts = new Map<string, { settings: Setting[]; indices: number[] }>()
  for (const [index, { path, value }] of settings.entries()) {
    const [top, name, ...rest] = path
    if (top !== 'images' || typeof name !== 'string' || !lines.has(name)) return [whole]
    const part = parts.get(name) ?? { settings: [], indices: [] }
    const own: Path = [name, ...rest]
    part.settings.push({ path: own, value })
    part.indices.push(index)
    parts.set(name, part)
  }
  return [...parts]
    .flatMap(([name, part]): Part[] => {
      const [from, to] = lines.get(name) ?? [0, 0]
      return [{ from, to, depth: 1, ...part }]
    })
    .sort((a, b) => a.from - b.from)
}

/** From the line of each image's name up to that of what follows. */
function linesOfImages(text: string, tree: Tree): ReadonlyMap<string, readonly [from: number, to: number]> {
  const top = tree.kind === 'map' ? [...tree.entries.values()] : []
  const map = mapAt(tree, 'images')
  if (map === null || text[map.offset] === '{') return new Map()
  const images = map.entries
  const starts = [...top, ...images.values()]
    .map(({ keyOffset }) => text.lastIndexOf('\n', keyOffset - 1) + 1)
    .sort((a, b) => a - b)
  const next = new Map(starts.map((start, index) => [start, starts[index + 1] ?? text.length]))
  const lines = new Map<string, readonly [number, number]>()
  for (const [name, { keyOffset }] of images) {
    const from = text.lastIndexOf('\n', keyOffset - 1) + 1
    if (text.slice(from, keyOffset).trim() === '') lines.set(name, [from, next.get(from) ?? text.length])
  }
  return lines
}
