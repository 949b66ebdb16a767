import { expect, it } from 'vitest'
import { remarkPictures } from '../../src/integrations/markdown.ts'
import type { MarkdownNode } from '../../src/integrations/markdown.ts'

it('remark gets elements in the place of images that name an id, wherever they stand', () => {
  const asked: [string, string][] = []
  const transform = remarkPictures((id, alt) => {
    asked.push([id, alt])
    return { tag: 'img', attributes: { src: '/a.jpeg' }, children: [] }
  })()
  const photo: MarkdownNode = { type: 'image', url: './photo.jpg', alt: 'Photo' }
  const tree: MarkdownNode = {
    type: 'root',
    children: [
      { type: 'paragraph', children: [{ type: 'image', url: 'pixelkiln:caf%C3%A9/hero', alt: null }, photo] },
    ],
  }
  transform(tree)
  expect(asked).toEqual([['café/hero', '']])
  expect(tree.children?.[0]?.children).toEqual([
    {
      type: 'paragraph',
      children: [],
      data: { hName: 'img', hProperties: { src: '/a.jpeg' }, hChildren: [] },
    },
    photo,
  ])
})
