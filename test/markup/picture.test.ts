import { describe, expect, it } from 'vitest'
import { BuildError } from '../../src/core/build-error.ts'
import type { MarkupElement } from '../../src/markup/element.ts'
import { picture } from '../../src/markup/picture.ts'
import { toHtml } from '../../src/markup/to-html.ts'
import { lockImage, lockOf, recordWith } from '../support/locks.ts'

const LOCK = lockOf({ 'home/hero': lockImage('home/hero') })

function imgOf(element: MarkupElement): MarkupElement {
  const img = element.tag === 'img' ? element : element.children.at(-1)
  if (img?.tag !== 'img') throw new Error('no img')
  return img
}

function sourcesIn(element: MarkupElement): readonly MarkupElement['attributes'][] {
  return element.children.filter(({ tag }) => tag === 'source').map(({ attributes }) => attributes)
}

/** The problem that a call ends with. */
function refusal(call: () => unknown): { readonly code: string | undefined; readonly message: string } {
  try {
    call()
  } catch (error) {
    if (error instanceof BuildError) return { code: error.problems[0]?.code, message: error.message }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the markup of a picture', () => {
  it('offers AVIF before WebP before the fallback, each with sizes', () => {
    expect(toHtml(picture(LOCK, 'home/hero'))).toBe(
      '<picture>' +
        '<source type="image/avif" sizes="auto, 100vw" srcset="/images/home/hero-480.avif 480w, /images/home/hero-960.avif 960w, /images/home/hero-1536.avif 1536w">' +
        '<source type="image/webp" sizes="auto, 100vw" srcset="/images/home/hero-480.webp 480w, /images/home/hero-960.webp 960w, /images/home/hero-1536.webp 1536w">' +
        '<img loading="lazy" decoding="async" sizes="auto, 100vw" srcset="/images/home/hero-960.jpeg 960w, /images/home/hero-1536.jpeg 1536w" src="/images/home/hero-960.jpeg" width="1536" height="768" alt="Alt of home/hero">' +
        '</picture>',
    )
  })

  it('is an img alone where one format is all there is, with all its widths', () => {
    const lock = lockOf({ a: lockImage('a', { bought: recordWith('a', { formats: ['jpeg'] }) }) })
    const element = picture(lock, 'a')
    expect(element.tag).toBe('img')
    expect(element.attributes['srcset']).toBe(
      '/images/a-480.jpeg 480w, /images/a-960.jpeg 960w, /images/a-1536.jpeg 1536w',
    )
  })

  it('with priority is loaded at once, first, and without auto sizes', () => {
    const element = picture(LOCK, 'home/hero', { priority: true, sizes: 'auto, 50vw' })
    expect(imgOf(element).attributes).toMatchObject({
      loading: 'eager',
      fetchpriority: 'high',
      sizes: '50vw',
    })
    expect(sourcesIn(element).map(({ sizes }) => sizes)).toEqual(['50vw', '50vw'])
  })

  it.each([
    ['(min-width: 60em) 40rem, 100vw', 'auto, (min-width: 60em) 40rem, 100vw'],
    ['auto', 'auto, 100vw'],
    ['Auto, 30vw', 'auto, 30vw'],
    ['  ', 'auto, 100vw'],
  ])('lazy, takes the sizes "%s" as "%s"', (sizes, expected) => {
    expect(imgOf(picture(LOCK, 'home/hero', { sizes })).attributes['sizes']).toBe(expected)
  })

  it('shows a better format only if it has the widest file', () => {
    const record = recordWith('a')
    const outputs = record.outputs.filter(({ format, width }) => format !== 'avif' || width < 1000)
    const lock = lockOf({ a: lockImage('a', { bought: { ...record, outputs } }) })
    expect(sourcesIn(picture(lock, 'a')).map(({ type }) => type)).toEqual(['image/webp'])
  })

  it('falls back to PNG for a transparent picture and to JPEG for an opaque one', () => {
    const formats = ['webp', 'jpeg', 'png'] as const
    const lock = lockOf({
      clear: lockImage('clear', { bought: recordWith('clear', { formats, alpha: true }) }),
      opaque: lockImage('opaque', { bought: recordWith('opaque', { formats }) }),
    })
    expect(imgOf(picture(lock, 'clear')).attributes['src']).toBe('/images/clear-960.png')
    expect(imgOf(picture(lock, 'opaque')).attributes['src']).toBe('/images/opaque-960.jpeg')
    expect(sourcesIn(picture(lock, 'opaque')).map(({ type }) => type)).toEqual(['image/webp'])
  })

  it('puts other crops first, with their media, size and every format', () => {
    const variants = [{ media: '(max-width: 40em)', id: 'a.tall' }]
    const tall = recordWith('a.tall', { formats: ['avif', 'jpeg'], widths: [480], ratio: 0.5 })
    const lock = lockOf({ a: lockImage('a', { variants }), 'a.tall': lockImage('a.tall', { bought: tall }) })
    const sources = sourcesIn(picture(lock, 'a'))
    expect(sources.map(({ media, type }) => [media, type])).toEqual([
      ['(max-width: 40em)', 'image/avif'],
      ['(max-width: 40em)', 'image/jpeg'],
      [undefined, 'image/avif'],
      [undefined, 'image/webp'],
    ])
    expect(sources[0]).toMatchObject({ width: 480, height: 960, srcset: '/images/a.tall-480.avif 480w' })
  })

  it('shows the general picture where another crop has no files yet', () => {
    const variants = [{ media: '(max-width: 40em)', id: 'a.tall' }]
    const lock = lockOf({ a: lockImage('a', { variants }) })
    expect(sourcesIn(picture(lock, 'a')).map(({ media }) => media)).toEqual([undefined, undefined])
  })

  it('shows a stand-in until the picture is bought, and then the picture', () => {
    const draft = { ...recordWith('draft'), by: 'sketch' as const }
    const drafted = lockOf({ a: lockImage('a', { bought: null, draft }) })
    expect(imgOf(picture(drafted, 'a')).attributes['src']).toBe('/images/draft-960.jpeg')
    const both = lockOf({ a: lockImage('a', { draft }) })
    expect(imgOf(picture(both, 'a')).attributes['src']).toBe('/images/a-960.jpeg')
  })

  it('takes another public prefix, and none', () => {
    const bare = { ...LOCK, url: null }
    const srcOf = (lock: typeof LOCK, url?: string): unknown =>
      imgOf(picture(lock, 'home/hero', { url })).attributes['src']
    expect(srcOf(LOCK, 'https://cdn.example/p/')).toBe('https://cdn.example/p/home/hero-960.jpeg')
    expect(srcOf(bare)).toBe('home/hero-960.jpeg')
    expect(srcOf(LOCK, '')).toBe('home/hero-960.jpeg')
    expect(srcOf(LOCK, '/my files')).toBe('/my%20files/home/hero-960.jpeg')
  })

  it('offers only the formats and widths asked for', () => {
    const element = picture(LOCK, 'home/hero', { formats: ['webp', 'jpeg'], widths: [480, 960] })
    expect(sourcesIn(element).map(({ srcset }) => srcset)).toEqual([
      '/images/home/hero-480.webp 480w, /images/home/hero-960.webp 960w',
    ])
    expect(refusal(() => picture(LOCK, 'home/hero', { widths: [7] })).code).toBe('usage/wrong')
  })
})

describe('the alt text', () => {
  const lock = lockOf({
    silent: lockImage('silent', { alt: null }),
    ornament: lockImage('ornament', { alt: null, decorative: true }),
    hero: lockImage('hero'),
  })
  const altOf = (id: string, options = {}): unknown => imgOf(picture(lock, id, options)).attributes['alt']

  it('is required', () => {
    expect(refusal(() => picture(lock, 'silent'))).toMatchObject({
      code: 'markup/alt-missing',
      message: expect.stringContaining('"silent"') as unknown,
    })
    expect(refusal(() => altOf('silent', { alt: ' ' })).code).toBe('markup/alt-missing')
    expect(refusal(() => altOf('ornament', { decorative: false })).code).toBe('markup/alt-missing')
  })

  it('is empty only when said so, by manifest or page', () => {
    expect(altOf('ornament')).toBe('')
    expect(altOf('hero', { decorative: true })).toBe('')
  })

  it('may be another on a page', () => {
    expect(altOf('hero', { alt: 'A keeper' })).toBe('A keeper')
    expect(altOf('silent', { alt: 'A keeper' })).toBe('A keeper')
  })

  it('cannot break out of its attribute', () => {
    const alt = `"><script>alert('1')</script> & more`
    const html = toHtml(picture(LOCK, 'home/hero', { alt }))
    expect(html).toContain('alt="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; more">')
    expect(html.match(/</g)).toHaveLength(5)
  })
})

describe('an image that cannot be shown', () => {
  it('that nobody knows is told with the nearest id', () => {
    expect(refusal(() => picture(LOCK, 'home/hreo'))).toEqual({
      code: 'usage/image-unknown',
      message: 'No image is named "home/hreo". Did you mean "home/hero"?',
    })
  })

  it('without files is told with what makes them', () => {
    const lock = lockOf({ a: lockImage('a', { bought: null }) })
    expect(refusal(() => picture(lock, 'a')).code).toBe('stale/pending')
  })
})
