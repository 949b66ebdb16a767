import { mapAt } from './check-tree.ts'
import { plainBlocks } from './plain-blocks.ts'
import type { PlainBlocks } from './plain-blocks.ts'
import type { Report } from './report.ts'
import { parseYaml } from './parse-yaml.ts'
import type { Tree } from './tree.ts'

/** Parses a manifest into a tree, as `parseYaml` does and with the same problems; of a text with many plain images YAML is parsed only around them. */
export function parseTree(text: string, report: Report): Tree | null {
  const plain = plainBlocks(text)
  const tree = plain && soundly((told) => parseYaml(plain.rest, told, plain.nodes))
  // Copied, for its texts are parts of `rest`, which as long as one of them is kept is kept as a whole.
  return (plain && tree && withBlocks(structuredClone(tree), plain)) ?? parseYaml(text, report)
}

/** The tree of a text; null when anything is wrong with it. */
export function soundTree(text: string): Tree | null {
  return soundly((told) => parseTree(text, told))
}

function soundly(parse: (report: Report) => Tree | null): Tree | null {
  let sound = true
  const tree = parse(() => {
    sound = false
  })
  return sound ? tree : null
}

/**
 * Puts the blocks back in their places. The parser's own word is taken for what stands around them: it must have seen each
 * line at their depth as the name of an image. Null where it saw anything else, or a name stands twice.
 */
function withBlocks(tree: Tree, { rest, blocks, images: { from, to, keyOffset } }: PlainBlocks): Tree | null {
  const images = mapAt(tree, 'images')
  if (tree.kind !== 'map' || images === null) return null
  if (tree.entries.get('images')?.keyOffset !== keyOffset) return null
  const seen = [...images.entries.values()].map((entry) => entry.keyOffset)
  const lines = [...rest.slice(from, to).matchAll(/^ {2}[^\s#]/gm)].map(({ index }) => from + index + 2)
  if (images.offset !== seen[0] || seen.join() !== lines.join()) return null
  const all = [...images.entries, ...blocks].sort(([, one], [, other]) => one.keyOffset - other.keyOffset)
  const value = { ...images, entries: new Map(all) }
  if (value.entries.size < all.length) return null
  return { ...tree, entries: new Map(tree.entries).set('images', { keyOffset, value }) }
}
