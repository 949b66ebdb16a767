import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BuildError } from '../../src/core/build-error.ts'
import { inject } from '../../src/markup/inject.ts'
import { lockImage, lockOf, recordWith } from '../support/locks.ts'

const SMALL = { formats: ['webp', 'jpeg'], widths: [64] } as const
const LOCK = lockOf({
  'home/hero': lockImage('home/hero', { bought: recordWith('home/hero', SMALL) }),
  mug: lockImage('mug', { alt: 'A "mug" & <tray>', bought: recordWith('mug', SMALL) }),
  silent: lockImage('silent', { alt: null }),
})

const SOURCE = '<source type="image/webp" sizes="auto, 100vw" srcset="/images/home/hero-64.webp 64w">'
const IMG =
  '<img loading="lazy" decoding="async" sizes="auto, 100vw" srcset="/images/home/hero-64.jpeg 64w" src="/images/home/hero-64.jpeg" width="64" height="32" alt="Alt of home/hero">'

/** Every problem as `code line:column`. */
function problemsOf(html: string): readonly string[] {
  try {
    inject(LOCK, html, { file: 'a.html' })
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    return error.problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)
  }
  return []
}

/** Fills twice: the second time nothing may change. */
function filled(html: string): string {
  const once = inject(LOCK, html)
  expect(inject(LOCK, once)).toBe(once)
  return once
}

describe('a marked <picture>', () => {
  it('in a line of text is filled in that line', () => {
    expect(filled('<p>So <picture data-pixelkiln="home/hero"></picture> it is.')).toBe(
      `<p>So <picture data-pixelkiln="home/hero">${SOURCE}${IMG}</picture> it is.`,
    )
  })

  it('on a line of its own is filled with a line for each source, indented like the page', () => {
    expect(filled('<main>\n\t<picture data-pixelkiln="home/hero"></picture>\n</main>\n')).toBe(
      `<main>\n\t<picture data-pixelkiln="home/hero">\n\t\t${SOURCE}\n\t\t${IMG}\n\t</picture>\n</main>\n`,
    )
    expect(filled('<main>\r\n  <picture data-pixelkiln="home/hero">\r\n</picture>\r\n')).toBe(
      `<main>\r\n  <picture data-pixelkiln="home/hero">\r\n    ${SOURCE}\r\n    ${IMG}\r\n  </picture>\r\n`,
    )
  })

  it('is filled anew where other sources stood', () => {
    const page =
      '<p><picture data-pixelkiln="home/hero"><source srcset="old.webp"><img src="old.png"></picture>'
    expect(filled(page)).toBe(`<p><picture data-pixelkiln="home/hero">${SOURCE}${IMG}</picture>`)
  })

  it('says its options in data attributes, in any quoting', () => {
    const page = `<PICTURE class='x > y' DATA-PIXELKILN = home/hero data-sizes='(min-width:\n1px) 50vw' data-priority data-class=wide data-alt='He said &quot;hi&quot; &amp; left'></PICTURE>`
    const html = filled(page)
    expect(html.startsWith(page.slice(0, page.indexOf('></PICTURE') + 1))).toBe(true)
    expect(html).toContain('loading="eager" fetchpriority="high"')
    expect(html).toContain('sizes="(min-width:\n1px) 50vw"')
    expect(html).toContain('alt="He said &quot;hi&quot; &amp; left" class="wide"')
  })

  it('with data-decorative has an empty alt', () => {
    expect(filled('<picture data-pixelkiln="silent" data-decorative></picture>')).toContain('alt=""')
  })
})

describe('a marked <img>', () => {
  it('keeps its other attributes as they are, and its place among them', () => {
    expect(filled(`<img  id=a src='old.png' data-pixelkiln="mug" class="x" fetchpriority=high />`)).toBe(
      `<img  id=a src="/images/mug-64.jpeg" data-pixelkiln="mug" class="x" loading="lazy" decoding="async" sizes="auto, 100vw" srcset="/images/mug-64.jpeg 64w" width="64" height="32" alt="A &quot;mug&quot; &amp; &lt;tray&gt;" />`,
    )
  })

  it('is left alone, byte for byte, where it is right already', () => {
    const once = inject(LOCK, '<img data-pixelkiln="home/hero">')
    const quoted = once.replace('loading="lazy"', 'loading=lazy').replace('width="64"', "width='64'")
    expect(inject(LOCK, quoted)).toBe(quoted)
  })

  it('may ask for another format', () => {
    expect(filled('<img data-pixelkiln="mug" data-format="webp">')).toContain('src="/images/mug-64.webp"')
  })

  it('adds a class to those it has', () => {
    expect(filled('<img class="a b" data-pixelkiln="mug" data-placeholder="class">')).toContain(
      'class="a b pixelkiln-mug"',
    )
  })
})

describe('what is no element to a browser', () => {
  const mark = '<picture data-pixelkiln="home/hero"></picture>'
  it.each([
    `<!-- ${mark} -->`,
    `<!-- --!><!-- ${mark}`,
    `<script>const a = '${mark}'</script>`,
    `<script><!-- <script> </script> ${mark} --></script>`,
    `<style>/* ${mark} */</style >`,
    `<textarea>${mark}</textarea>`,
    `<title>${mark}</title>`,
    `<p title='${mark}'>`,
    `<p title="${mark}`,
    `<?php echo '>' . "${mark}" ?>`,
    `<svg><![CDATA[ ${mark} ]]></svg>`,
    `<plaintext>${mark}`,
    `<script>${mark}`,
    `&lt;picture data-pixelkiln="home/hero">`,
    '< picture data-pixelkiln="home/hero">',
  ])('stays as it is: %s', (page) => {
    expect(inject(LOCK, page)).toBe(page)
  })

  it.each([
    '<!--><b>',
    '<!--->',
    '<!-- --!>',
    '<script><!--></script>',
    '<script></script x>',
    '<svg><title/></svg>',
    '<svg><script/></svg>',
    '<![CDATA[ > ]]>',
    '</>',
    '</ >',
    '<1>',
    '<a =b="<">',
    `<a b='>'c=">"d=>`,
    '<?xml version="1.0"?>',
  ])('ends where a browser ends it: %s', (before) => {
    expect(inject(LOCK, before + mark)).toBe(before + mark.replace('></', `>${SOURCE}${IMG}</`))
  })
})

describe('a marked element that cannot be filled', () => {
  it('is told with its place, all at once', () => {
    const page =
      '<picture data-pixelkiln="home/hreo"></picture>\n' +
      ' <img data-pixelkiln="silent">\n' +
      '<div data-pixelkiln="mug"></div>\n' +
      '<picture data-pixelkiln="mug" data-placeholder="big"></picture>\n' +
      '<picture data-pixelkiln="mug"><!-- why --></picture>\n' +
      '<picture data-pixelkiln="mug"><p>Text</p></picture>\n' +
      '<picture data-pixelkiln="mug"><img>\n'
    expect(problemsOf(page)).toEqual([
      'usage/image-unknown 1:10',
      'markup/alt-missing 2:7',
      'markup/page 3:1',
      'markup/page 4:10',
      'markup/page 5:1',
      'markup/page 6:1',
      'markup/page 7:1',
    ])
  })

  it('does not swallow the page up to the end of another picture', () => {
    expect(problemsOf('<picture data-pixelkiln="mug"><p>Much</p><picture></picture>')).toEqual([
      'markup/page 1:1',
    ])
    expect(problemsOf('<picture data-pixelkiln="mug"/><picture data-pixelkiln="mug"></picture>')).toEqual([
      'markup/page 1:1',
    ])
  })
})

it('whatever a page is, filling it twice changes nothing more, and what is not marked stays', () => {
  const piece = fc.constantFrom(
    '<picture data-pixelkiln="home/hero">',
    '<picture data-pixelkiln=mug data-priority>',
    '</picture>',
    '<img data-pixelkiln=mug alt>',
    '<img src=x>',
    '<source srcset=y>',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    '<title>',
    '</title',
    '\r\n',
    '\n  ',
    ' ',
    '"',
    "'",
    '>',
    '<',
    '/',
    '=',
    'text',
    '<p a="',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const page = pieces.join('')
      let once
      try {
        once = inject(LOCK, page)
      } catch (error) {
        if (error instanceof BuildError) return
        throw error
      }
      expect(inject(LOCK, once)).toBe(once)
      expect(page.includes('data-pixelkiln') ? page : once).toBe(page)
    }),
    { numRuns: 1000 },
  )
})

it('a hostile page takes no more than one pass', () => {
  for (const piece of [
    '<a ',
    '<!--',
    '<a b="',
    '<script>',
    '<picture ',
    '< ',
    '<a b=c ',
    '</x',
    '<!-',
    '   ',
  ]) {
    expect(inject(LOCK, piece.repeat(100_000))).toHaveLength(piece.length * 100_000)
  }
})
