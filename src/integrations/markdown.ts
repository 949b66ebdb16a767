import type { MarkupElement } from '../markup/element.ts'
import type { MarkdownImage } from '../markup/markdown-picture.ts'

/** Makes the markup of an image of Markdown that names an id; null for any other. */
export type Draw = (image: MarkdownImage) => MarkupElement | null

/** A node of a Markdown tree, as far as pictures go. */
export interface MarkdownNode {
  readonly type: string
  readonly url?: string
  readonly alt?: string | null
  readonly title?: string | null
  readonly children?: MarkdownNode[]
  readonly data?: unknown
}

/** A plugin for remark, and for all that takes remark plugins (MDX, unified). */
export function remarkPictures(draw: Draw): () => (tree: MarkdownNode) => void {
  return () => (tree) => replaceIn(tree, draw)
}

/** The same for Sätteri, which walks the tree itself. */
export function satteriPictures(draw: Draw): SatteriPlugin {
  return {
    name: 'pixelkiln',
    image(node, context) {
      const drawn = drawnNode(node, draw)
      if (drawn) context.replaceNode(node, drawn)
    },
  }
}

export interface SatteriPlugin {
  readonly name: string
  readonly image: (
    node: MarkdownNode,
    context: { readonly replaceNode: (node: MarkdownNode, drawn: MarkdownNode) => void },
  ) => void
}

function replaceIn({ children }: MarkdownNode, draw: Draw): void {
  for (const [index, child] of (children ?? []).entries()) {
    const drawn = drawnNode(child, draw)
    if (drawn) children?.splice(index, 1, drawn)
    else replaceIn(child, draw)
  }
}

/** Told as data, not as raw HTML, which MDX would refuse. */
function drawnNode({ type, url = '', alt, title }: MarkdownNode, draw: Draw): MarkdownNode | null {
  const drawn = type === 'image' ? draw({ url, alt, title }) : null
  if (drawn === null) return null
  const { tagName, properties, children } = hast(drawn)
  return {
    type: 'paragraph',
    children: [],
    data: { hName: tagName, hProperties: properties, hChildren: children },
  }
}

interface HastElement {
  readonly type: 'element'
  readonly tagName: string
  readonly properties: MarkupElement['attributes']
  readonly children: readonly HastElement[]
}

function hast({ tag, attributes, children }: MarkupElement): HastElement {
  return { type: 'element', tagName: tag, properties: attributes, children: children.map(hast) }
}
