import { expect, it } from 'vitest'
import { markdownPicture } from '../../src/markup/markdown-picture.ts'
import { publishedFiles } from '../../src/markup/published-files.ts'
import { toHtml } from '../../src/markup/to-html.ts'
import { lockImage, lockOf, recordWith } from '../support/locks.ts'

const SMALL = { formats: ['webp', 'jpeg'], widths: [64] } as const
const LOCK = lockOf({
  'home/hero': lockImage('home/hero', { bought: recordWith('home/hero', SMALL) }),
  maß: lockImage('maß'),
})

function html(url: string, more: { readonly alt?: string; readonly title?: string } = {}): string | null {
  const element = markdownPicture(LOCK, { url, ...more })
  return element && toHtml(element)
}

it('an image of Markdown becomes the picture, with its own text before the manifest’s', () => {
  expect(html('pixelkiln:home/hero', { alt: 'Keeper' })).toMatch(/^<picture>.* alt="Keeper"><\/picture>$/)
  expect(html('pixelkiln:home/hero', { alt: '' })).toContain('alt="Alt of home/hero"')
  expect(html('pixelkiln:ma%C3%9F')).toContain('alt="Alt of maß"')
  expect(html('pixelkiln:home/hero', { title: 'At "night"' })).toContain('title="At &quot;night&quot;"')
})

it('an address says how it is shown', () => {
  const shown = html('pixelkiln:home/hero?sizes=(min-width:60em) 40rem,100vw&class=wide&priority')
  expect(shown).toContain('sizes="(min-width:60em) 40rem,100vw"')
  expect(shown).toContain('class="wide"')
  expect(shown).toContain('loading="eager"')
  expect(html('pixelkiln:home/hero?decorative')).toContain('alt=""')
  expect(() => html('pixelkiln:home/hero?size=1')).toThrow('sizes, class, priority, decorative')
})

it('an unknown id fails with the nearest, and other addresses are nobody’s business', () => {
  expect(() => html('pixelkiln:home/hreo')).toThrow('Did you mean "home/hero"?')
  expect(() => html('pixelkiln:%')).toThrow('No image is named "%"')
  expect(html('https://example.com/a.png')).toBeNull()
})

it('the files of a site are those that markup may name, and never the lock', () => {
  const draft = { ...recordWith('draft', SMALL), by: 'sketch' as const }
  const lock = lockOf({
    b: lockImage('b', { draft, bought: recordWith('b', SMALL) }),
    a: lockImage('a', { draft, bought: null }),
    c: lockImage('c', { bought: null }),
  })
  expect(publishedFiles(lock)).toEqual(['b-64.jpeg', 'b-64.webp', 'draft-64.jpeg', 'draft-64.webp'])
})
