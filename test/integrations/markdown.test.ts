import { expect, it } from 'vitest'
import type { MarkdownImage } from '../../src/markup/markdown-picture.ts'
import { remarkPictures } from '../../src/integrations/markdown.ts'
import type { MarkdownNode } from '../../src/integrations/markdown.ts'

it('remark gets elements in the place of images that name an id, wherever they stand', () => {
  const asked: MarkdownImage[] = []
  const transform = remarkPictures((image) => {
    if (!image.url.startsWith('pixelkiln:')) return null
    asked.push(image)
    return { tag: 'img', attributes: { src: '/a.jpeg' }, children: [] }
  })()
  const photo: MarkdownNode = { type: 'image', url: './photo.jpg', alt: 'Photo' }
  const tree: MarkdownNode = {
    type: 'root',
    children: [
      {
        type: 'paragraph',
        children: [{ type: 'image', url: 'pixelkiln:caf%C3%A9/hero', alt: null, title: 'Seen' }, photo],
      },
    ],
  }
  transform(tree)
  expect(asked).toEqual([{ url: 'pixelkiln:caf%C3%A9/hero', alt: null, title: 'Seen' }])
  expect(tree.children?.[0]?.children).toEqual([
    {
      type: 'paragraph',
      children: [],
      data: { hName: 'img', hProperties: { src: '/a.jpeg' }, hChildren: [] },
    },
    photo,
  ])
})
