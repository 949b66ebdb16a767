import { expect, it } from 'vitest'
import { changedBlocks } from '../../../src/core/manifest/blocks.ts'

const HEAD = `# images: of a café
styles:
  ink: { before: "Ink, é" }
images:
`
const IMAGES = ['hero', 'lamp', 'shelf/cup'].map(
  (id) => `  ${id}:\n    prompt: A ${id} by a café – ☕.\n    alt: A ${id}\n`,
)
const TEXT = HEAD + IMAGES.join('')

function change(from: string, to: string): ReturnType<typeof changedBlocks> {
  return changedBlocks(Buffer.from(TEXT), Buffer.from(TEXT.replace(from, to)))
}

it.each(IMAGES.map((block, index): [number, string] => [index, block]))(
  'image %i alone is found to be another, whatever letters stand around it',
  (index, block) => {
    const now = block.replace('alt: A', 'alt: Ein schönes')
    const changed = change(block, now)
    expect(changed?.text).toBe(HEAD + now)
    expect(changed?.head).toBe(HEAD.length)
    expect(changed?.start).toBe(Buffer.byteLength(HEAD + IMAGES.slice(0, index).join('')))
  },
)

it('letters that begin with the same byte are no part of what is alike', () => {
  expect(change('alt: A lamp', 'alt: A lämp')?.text).toContain('    alt: A lämp\n')
  expect(change('A hero by a café', 'A hero by a cafè')?.text).toContain('by a cafè – ☕.')
})

it.each([
  ['a style above the images', '"Ink, é"', '"Chalk"'],
  ['a remark above them', '# images: of', '# images: from'],
  ['an id', '  lamp:', '  light:'],
  ['an image more', '  lamp:', '  new:\n    prompt: New.\n  lamp:'],
  ['an anchor', 'alt: A lamp', 'alt: &x A lamp'],
])('%s is nothing that could be read alone', (_, from, to) => {
  expect(change(from, to)).toBeNull()
})
