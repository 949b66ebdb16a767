import { describe, expect, it } from 'vitest'
import { codesAt, imageOf, imagesOf, readImages } from '../../support/manifest.ts'

const HERO = `home/hero:
  prompt: A lighthouse
  style: vivid
  aspect: "16:9"
  alt: A lighthouse
  reroll: 2
  variants:
`

describe('a variant with a shape only', () => {
  const images = imagesOf(
    readImages(
      `${HERO}    - { media: "(max-width:  40em)", aspect: "4:5", focus: [0.4, 0.5], name: tall }
    - { media: print, outputs: { formats: [jpeg] } }`,
      'defaults: { outputs: { widths: [64] } }\n',
    ),
  )
  const { 'home/hero': hero, 'home/hero.tall': tall, 'home/hero.2': print } = images

  it('is another crop of the original, and never buys', () => {
    expect([tall?.from, tall?.requestKey]).toEqual(['home/hero', hero?.requestKey])
    expect(tall?.recipe).toMatchObject({ aspect: { width: 4, height: 5 }, focus: [0.4, 0.5], widths: [64] })
  })

  it('inherits what it does not say, and is called by its number', () => {
    expect(print?.recipe).toMatchObject({
      aspect: { width: 16, height: 9 },
      formats: ['jpeg'],
      widths: [64],
    })
    expect([print?.alt, print?.variants]).toEqual(['A lighthouse', []])
  })

  it('is named by the image, in written order', () => {
    expect(hero?.variants).toEqual([
      { media: '(max-width: 40em)', id: 'home/hero.tall' },
      { media: 'print', id: 'home/hero.2' },
    ])
  })

  it('changes nothing of what the image itself asks for', () => {
    const alone = imageOf(HERO.replace('  variants:\n', ''))
    expect([hero?.requestKey, hero?.declared]).toEqual([alone.requestKey, alone.declared])
  })
})

describe('a variant with words of its own', () => {
  const images = imagesOf(
    readImages(`${HERO}    - { media: "(prefers-color-scheme: dark)", name: dark, prompt: The same at night }
    - { media: "(max-width: 40em) and (prefers-color-scheme: dark)", name: dim, model: flux-schnell, style: null }`),
  )
  it('is a picture of its own in the look of the image', () => {
    const dark = images['home/hero.dark']
    expect(dark).toMatchObject({
      from: null,
      alt: 'A lighthouse',
      request: { prompt: 'The same at night', params: { style: 'vivid' }, reroll: 0 },
      recipe: { aspect: { width: 16, height: 9 } },
    })
    expect(images['home/hero']?.request.reroll).toBe(2)
  })

  it('keeps the words of the image where it names only another model', () => {
    expect(images['home/hero.dim']?.request).toMatchObject({ model: 'flux-schnell', prompt: 'A lighthouse' })
  })
})

it('each cell of a matrix has its own variants', () => {
  const images = imagesOf(
    readImages(`mug:
  prompt: A {{colour}} mug
  alt: "{{colour}} mug"
  matrix: { colour: [white, teal] }
  variants: [{ media: print, aspect: "2:1", name: wide }]`),
  )
  expect(Object.keys(images)).toEqual(['mug-teal', 'mug-teal.wide', 'mug-white', 'mug-white.wide'])
  expect([images['mug-teal.wide']?.from, images['mug-teal.wide']?.alt]).toEqual(['mug-teal', 'teal mug'])
})

it('a look’s shape and files reach its variants', () => {
  const images = imagesOf(
    readImages(
      'a: { prompt: x, style: paper, variants: [{ media: print, focus: center }] }',
      'styles: { paper: { before: y, aspect: "3:1", outputs: { widths: [77] } } }\n',
    ),
  )
  expect(images['a.1']?.recipe).toMatchObject({
    aspect: { width: 3, height: 1 },
    widths: [77],
    focus: 'center',
  })
})

it('a missing alt is told once, not for every variant', () => {
  const reading = readImages('a: { prompt: x, variants: [{ media: print }, { media: screen, prompt: y }] }')
  expect(reading.notes.map(({ image }) => image)).toEqual(['a'])
})

describe('refused, at its place, is', () => {
  it.each([
    ['two variants for one media', '[{ media: print }, { media: " PRINT" }]', 'image/variant 3:48'],
    ['two of one name', '[{ media: print, name: x }, { media: tv, name: x }]', 'image/variant 3:57'],
    ['one without media', '[{ aspect: "1:1" }]', 'manifest/missing-key 3:30'],
    ['a name that is no part of an id', '[{ media: print, name: a/b }]', 'manifest/wrong-value 3:52'],
    ['an empty list', '[]', 'manifest/wrong-value 3:29'],
    ['a map', '{ media: print }', 'manifest/wrong-type 3:29'],
    ['variants of a variant', '[{ media: print, variants: [] }]', 'manifest/unknown-key 3:46'],
  ])('%s', (_, variants, expected) => {
    const reading = readImages(`a: { prompt: x, variants: ${variants} }`)
    expect(codesAt(reading).join()).toBe(expected)
  })

  it('variants of another crop', () => {
    const reading = readImages('a: { prompt: x }\nb: { from: a, variants: [{ media: print }] }')
    expect(codesAt(reading)).toEqual(['image/from 4:17'])
  })

  it('an id that another image has', () => {
    const reading = readImages('a: { prompt: x, variants: [{ media: print, name: b }] }\na.b: { prompt: y }')
    expect(codesAt(reading)).toEqual(['image/id-clash 4:3'])
  })

  it('a crop where "fit: refuse" forbids it', () => {
    const reading = readImages(
      'a: { prompt: x, fit: refuse, aspect: "3:2", variants: [{ media: print, aspect: "7:1" }] }',
    )
    expect(reading.unsupported.map(({ code, image }) => `${code} ${image}`)).toEqual(['image/aspect a.1'])
  })
})
