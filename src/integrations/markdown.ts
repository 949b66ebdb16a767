import type { MarkupElement } from '../markup/element.ts'

const SCHEME = 'pixelkiln:'

/** The id that an address in Markdown names, `![Keeper](pixelkiln:home/hero)`; null for any other address. */
export function idInMarkdown(address: string): string | null {
  return address.startsWith(SCHEME) ? decodeURI(address.slice(SCHEME.length)) : null
}

/** Makes the markup of a picture for the text that Markdown gives it; an empty one is the manifest's. */
export type Draw = (id: string, alt: string) => MarkupElement

/** A node of a Markdown tree, as far as pictures go. */
export interface MarkdownNode {
  readonly type: string
  readonly url?: string
  readonly alt?: string | null
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
function drawnNode({ type, url = '', alt }: MarkdownNode, draw: Draw): MarkdownNode | null {
  const id = type === 'image' ? idInMarkdown(url) : null
  if (id === null) return null
  const { tagName, properties, children } = hast(draw(id, alt ?? ''))
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
