import { describe, expect, it } from 'vitest'
import { codes, codesAt, imageOf, imagesOf, readImages } from '../../support/manifest.ts'

const LOOKS = `styles:
  paper:
    before: " Layered
      paper, "
    after: muted ink.
    aspect: "2:3"
    params: { style: natural }
`

describe('an image that says only what it shows', () => {
  it('has every setting by default', () => {
    expect(imageOf('home/hero: { prompt: A lighthouse }')).toMatchObject({
      id: 'home/hero',
      request: {
        provider: 'apiframe',
        model: 'dall-e-3',
        prompt: 'A lighthouse',
        aspect: '1:1',
        params: {},
        references: [],
        reroll: 0,
      },
      styleName: null,
      alt: null,
      decorative: false,
      candidates: 1,
      pick: 1,
      pin: null,
      from: null,
      recipe: {
        aspect: { width: 1, height: 1 },
        fit: 'cover',
        focus: 'attention',
        content: 'photo',
        formats: ['avif', 'webp', 'jpeg'],
        widths: [480, 960, 1536],
        quality: { avif: 57, webp: 80, jpeg: 78, png: 100 },
        effort: { avif: 3, webp: 4, jpeg: 0, png: 7 },
        filename: '{id}-{width}.{format}',
      },
      policy: { refused: 'keep-previous' },
    })
  })

  it('lies in public/images, and has no public prefix', () => {
    expect(readImages('a: { prompt: x }').manifest).toMatchObject({ out: 'public/images', url: null })
    const placed = readImages('a: { prompt: x }', 'out: ./static//img/\nurl: /img\n')
    expect(placed.manifest).toMatchObject({ out: 'static/img', url: '/img' })
  })

  it('images are sorted by id, whatever the order of the text', () => {
    const ids = Object.keys(imagesOf(readImages('b: { prompt: x }\nB2: { prompt: x }\na: { prompt: x }')))
    expect(ids).toEqual(['B2', 'a', 'b'])
  })
})

describe('defaults < style < image', () => {
  it('the nearest one that says something wins', () => {
    const top = `defaults: { aspect: "3:2", focus: entropy, fit: contain }\n${LOOKS}`
    const images = imagesOf(
      readImages(
        'a: { prompt: x }\nb: { prompt: x, style: paper }\nc: { prompt: x, style: paper, aspect: "16:9" }',
        top,
      ),
    )
    const shapes = Object.values(images).map(({ recipe }) => `${recipe.aspect.width}:${recipe.aspect.height}`)
    expect(shapes).toEqual(['3:2', '2:3', '16:9'])
    expect(images['c']?.recipe).toMatchObject({ focus: 'entropy', fit: 'contain' })
  })

  it('maps merge per key, also a map in a map; lists and numbers replace', () => {
    const top =
      'defaults: { outputs: { formats: [avif, webp], widths: [100], quality: { avif: 50, webp: 60 }, effort: 2 } }\n'
    const { recipe } = imageOf(
      'a: { prompt: x, outputs: { widths: [300, 200, 300], quality: { avif: 70 } } }',
      top,
    )
    expect(recipe).toMatchObject({ formats: ['avif', 'webp'], widths: [200, 300] })
    expect(recipe.quality).toEqual({ avif: 70, webp: 60, jpeg: 78, png: 100 })
    expect(recipe.effort).toEqual({ avif: 2, webp: 2, jpeg: 0, png: 2 })
    expect(imageOf('a: { prompt: x, outputs: { quality: 90, effort: 5 } }', top).recipe).toMatchObject({
      quality: { avif: 90, webp: 90, jpeg: 90, png: 100 },
      effort: { avif: 5, webp: 5, jpeg: 0, png: 5 },
    })
  })

  it('null takes an inherited value back, in maps and for itself', () => {
    const top = `defaults: { style: vivid, aspect: "3:2", outputs: { widths: [100], quality: 50 } }\n`
    const image = imageOf(
      'a: { prompt: x, style: null, aspect: ~, outputs: { quality: null }, params: { style: null } }',
      top,
    )
    expect(image).toMatchObject({ styleName: null, request: { aspect: '1:1', params: {} } })
    expect(image.recipe.widths).toEqual([100])
    expect(image.recipe.quality.avif).toBe(57)
    expect(imageOf('a: { prompt: x, style: paper, params: { style: null } }', LOOKS).request.params).toEqual(
      {},
    )
  })

  it('a cell of a matrix can take back what its image says', () => {
    const images = imagesOf(
      readImages(
        'm: { prompt: "{{c}}", focus: entropy, matrix: { c: [a, b] }, each: { b: { focus: null } } }',
        'defaults: { focus: center }\n',
      ),
    )
    expect(images['m-a']?.recipe.focus).toBe('entropy')
    expect(images['m-b']?.recipe.focus).toBe('attention')
  })
})

describe('styles', () => {
  it('a look puts its text around the prompt, one blank between, and brings settings', () => {
    const image = imageOf('a: { prompt: "  A\n   mug. ", style: paper }', LOOKS)
    expect(image.request).toMatchObject({
      prompt: 'Layered paper, A mug. muted ink.',
      aspect: '2:3',
      params: { style: 'natural' },
    })
    expect(image.styleName).toBe('paper')
  })

  it('a look goes before a style of the model by the same name', () => {
    const image = imageOf('a: { prompt: x, style: vivid }', 'styles: { vivid: { before: Bright } }\n')
    expect(image.request).toMatchObject({ prompt: 'Bright x', params: {} })
  })

  it("a style of the model's own becomes its param", () => {
    expect(imageOf('a: { prompt: x, style: vivid }').request.params).toEqual({ style: 'vivid' })
  })

  it('a look may bring a model', () => {
    const image = imageOf(
      'a: { prompt: x, style: mj }',
      'styles: { mj: { model: midjourney, aspect: "16:9" } }\n',
    )
    expect(image.request).toMatchObject({ model: 'midjourney', aspect: '16:9' })
  })

  it('that are neither are told with both lists and the nearest', () => {
    const reading = readImages('a: { prompt: x, style: papr }', LOOKS)
    expect(codesAt(reading)).toEqual(['image/style-unknown 10:26'])
    for (const name of ['paper', 'vivid', 'natural', 'Did you mean "paper"']) {
      expect(reading.problems[0]?.message).toContain(name)
    }
  })

  it('one written near the image beats a param written far away, and the other way round', () => {
    expect(styleAsked('a: { prompt: x, style: vivid }', 'defaults: { params: { style: natural } }\n')).toBe(
      'vivid',
    )
    expect(styleAsked('a: { prompt: x, params: { style: natural } }\n', 'defaults: { style: vivid }\n')).toBe(
      'natural',
    )
    const both = readImages('a: { prompt: x, style: vivid, params: { style: natural } }')
    expect(both.unsupported.map(({ code }) => code)).toEqual(['image/setting'])
  })
})

describe('the matrix', () => {
  const MUGS = 'mug:\n  prompt: "A {{ size }} {{colour}} mug"\n  alt: "{{colour}} mug"\n'

  it('makes an image of each combination, named by the values in the written order', () => {
    const images = imagesOf(readImages(`${MUGS}  matrix: { size: [S, 2], colour: [sea green, no] }`))
    expect(Object.values(images).map(({ id, alt, request }) => [id, alt, request.prompt])).toEqual([
      ['mug-2-no', 'no mug', 'A 2 no mug'],
      ['mug-2-sea-green', 'sea green mug', 'A 2 sea green mug'],
      ['mug-S-no', 'no mug', 'A S no mug'],
      ['mug-S-sea-green', 'sea green mug', 'A S sea green mug'],
    ])
  })

  it('fills the texts of a look, the style, the model and params, too', () => {
    const top = 'styles: { ink: { after: "on {{paper}}" }, oil: { before: Oil } }\n'
    const images = imagesOf(
      readImages('a: { prompt: x, style: "{{look}}", matrix: { look: [ink, oil], paper: [straw] } }', top),
    )
    expect(images['a-ink-straw']?.request.prompt).toBe('x on straw')
    expect(images['a-oil-straw']?.request.prompt).toBe('Oil x')
    const models = imagesOf(
      readImages(
        'a: { prompt: x, model: "{{m}}", params: { quality: "{{q}}" }, matrix: { m: [gpt-image-1.5], q: [low] } }',
      ),
    )
    expect(models['a-gpt-image-1.5-low']?.request).toMatchObject({
      model: 'gpt-image-1.5',
      params: { quality: 'low' },
    })
  })

  it('each sets what is its own of a cell', () => {
    const pin = 'abcdef0123456789'
    const images = imagesOf(
      readImages(
        `${MUGS}  matrix: { size: [S], colour: [sea green, teal] }\n  candidates: 3\n  each: { S-teal: { reroll: 2, pick: 3, alt: Teal }, S-sea green: { pin: "${pin}", focus: [0, 1] } }`,
      ),
    )
    expect(images['mug-S-teal']).toMatchObject({ request: { reroll: 2 }, pick: 3, alt: 'Teal', pin: null })
    expect(images['mug-S-sea-green']).toMatchObject({
      request: { reroll: 0 },
      pick: 1,
      pin,
      recipe: { focus: [0, 1] },
    })
  })

  it.each([
    ['an axis without values', 'a: { prompt: x, matrix: { c: [] } }', 'image/matrix'],
    ['no axes', 'a: { prompt: x, matrix: {} }', 'image/matrix'],
    ['an empty value', 'a: { prompt: x, matrix: { c: [a, " "] } }', 'image/matrix'],
    ['values that make one id', 'a: { prompt: x, matrix: { c: [b c, b-c] } }', 'image/matrix'],
    ['the same value twice', 'a: { prompt: x, matrix: { c: [b, b] } }', 'image/matrix'],
    [
      'more cells than anyone wants',
      `a: { prompt: x, matrix: { b: [${many(101)}], c: [${many(100)}] } }`,
      'image/matrix',
    ],
    ['each without a matrix', 'a: { prompt: x, each: { b: { pick: 1 } } }', 'image/matrix'],
    [
      'each for no cell',
      'a: { prompt: x, matrix: { c: [teal] }, each: { teel: { pick: 1 } } }',
      'image/matrix',
    ],
    [
      'each with what is not its own',
      'a: { prompt: x, matrix: { c: [b] }, each: { b: { prompt: y } } }',
      'manifest/unknown-key',
    ],
    ['a value that is no single one', 'a: { prompt: x, matrix: { c: [[b]] } }', 'manifest/wrong-type'],
    ['a value that is nothing', 'a: { prompt: x, matrix: { c: [null] } }', 'manifest/wrong-value'],
    ['an axis that is no list', 'a: { prompt: x, matrix: { c: b } }', 'manifest/wrong-type'],
    ['a value that no id may have', 'a: { prompt: x, matrix: { c: ["b?"] } }', 'image/id'],
    [
      'an id that another image has',
      'a-b: { prompt: y }\na: { prompt: x, matrix: { c: [b] } }',
      'image/id-clash',
    ],
    ['a name that nothing fills', 'a: { prompt: "{{colour}} {{c}}", matrix: { c: [b] } }', 'image/variable'],
    ['a name without a matrix', 'a: { prompt: x, alt: "{{c}}" }', 'image/variable'],
    [
      'a name that objects have anyway',
      'a: { prompt: "{{toString}}", matrix: { c: [b] } }',
      'image/variable',
    ],
  ])('%s is refused', (_, images, code) => {
    expect(codes(readImages(images))).toEqual([code])
  })

  it.each(['alt: {{colour}}', 'prompt: {{colour}} mug', 'prompt: {{ colour }}'])(
    'an unquoted %s is told to be quoted, at the braces',
    (line) => {
      const reading = readImages(`a:\n  ${line}\n`)
      expect(codesAt(reading)).toContain(`image/variable 4:${line.indexOf('{') + 5}`)
      const [problem] = reading.problems.filter(({ code }) => code === 'image/variable')
      expect(problem?.message).toContain('quoted')
    },
  )

  it('a name that nothing fills is shown where it is written, also in a look', () => {
    expect(codesAt(readImages('a: { prompt: x, style: s }', 'styles: { s: { after: "{{c}}" } }\n'))).toEqual([
      'image/variable 2:23',
    ])
  })
})

describe('from', () => {
  const BASE =
    'hero: { prompt: x, alt: Hero, aspect: "3:2", candidates: 4, pick: 2, policy: { refused: skip } }\n'

  it("is another crop of that image's original, with its own shape, focus, files and alt", () => {
    const { hero, tall } = imagesOf(
      readImages(
        `tall: { from: hero, aspect: "4:5", focus: [0.1, 0.9], alt: Tall, outputs: { widths: [480] } }\n${BASE}`,
      ),
    )
    expect(tall).toMatchObject({
      from: 'hero',
      alt: 'Tall',
      pick: 2,
      candidates: 4,
      policy: { refused: 'skip' },
      recipe: { aspect: { width: 4, height: 5 }, focus: [0.1, 0.9], widths: [480] },
    })
    expect(tall?.request).toEqual(hero?.request)
    expect(tall?.requestKey).toBe(hero?.requestKey)
    expect(tall?.declared).toBe(hero?.declared)
  })

  it('may cut each cell of a matrix by a matrix of its own', () => {
    const images = imagesOf(
      readImages(
        'mug: { prompt: "{{c}}", matrix: { c: [a, b] } }\nsmall: { from: "mug-{{c}}", matrix: { c: [a, b] }, alt: "{{c}}" }',
      ),
    )
    expect(images['small-b']).toMatchObject({
      from: 'mug-b',
      alt: 'b',
      requestKey: images['mug-b']?.requestKey,
    })
  })

  it.each([
    'prompt: y',
    'style: vivid',
    'model: dall-e-2',
    'params: {}',
    'candidates: 2',
    'pick: 1',
    'reroll: 1',
    'policy: {}',
  ])('cannot have { %s }, for it buys nothing', (setting) => {
    expect(codes(readImages(`${BASE}tall: { from: hero, ${setting} }`))).toEqual(['image/from'])
  })

  it.each([
    ['an image that is not there', 'tall: { from: hera }', 'hero'],
    ['a crop', 'tall: { from: other }\nother: { from: hero }', 'hero'],
    ['itself', 'tall: { from: tall }', 'itself'],
    ['an image with a matrix', 'mug: { prompt: "{{c}}", matrix: { c: [a] } }\ntall: { from: mug }', 'mug-a'],
  ])('cannot name %s', (_, images, hint) => {
    const reading = readImages(`${BASE}${images}`)
    expect(codes(reading)).toEqual(['image/from'])
    expect(reading.problems[0]?.message).toContain(hint)
  })
})

describe('pick', () => {
  it('is at most the number of candidates', () => {
    expect(codesAt(readImages('a: { prompt: x, pick: 2 }'))).toEqual(['image/pick 3:25'])
    expect(imageOf('a: { prompt: x, pick: 4, candidates: 4 }').pick).toBe(4)
  })
})

describe('alt', () => {
  it('that is missing is a note, unless the picture is decorative', () => {
    const { notes } = readImages(
      'a: { prompt: x }\nb: { prompt: x, alt: "" }\nc: { prompt: x, decorative: true }\nd: { prompt: x, alt: D }',
    )
    expect(notes.map(({ code, image }) => `${code} ${image}`)).toEqual(['alt/missing a', 'alt/missing b'])
  })
})

describe('offsets', () => {
  it('point at the id, and at the shape where it was written, in the defaults as well', () => {
    const text = `version: 1\ndefaults: { aspect: "3:2" }\nimages:\n  a: { prompt: hello }\n`
    const [image] = readImages('a: { prompt: hello }', 'defaults: { aspect: "3:2" }\n').manifest?.images ?? []
    expect(text.slice(image?.offset).slice(0, 4)).toBe('a: {')
    expect(text.slice(image?.aspectOffset ?? undefined).slice(0, 5)).toBe('"3:2"')
  })

  it('of what a model does not know point where it was written, in a style as well', () => {
    const { unsupported } = readImages(
      'a: { prompt: x, style: s }\nb: { prompt: x, params: { hue: 1 } }',
      'styles: { s: { params: { tint: 1 } } }\n',
    )
    expect(unsupported.map(({ image, place }) => `${image} ${place?.line}:${place?.column}`)).toEqual([
      'a 2:26',
      'b 5:29',
    ])
  })
})

describe('what images have in common', () => {
  it('is one object for all of them, and what is their own is not', () => {
    const { manifest } = readImages(
      [
        'a: { prompt: x }',
        'b: { prompt: y }',
        'c: { prompt: z, focus: [0.2, 0.5], params: { style: vivid } }',
      ].join('\n'),
      'defaults: { model: dall-e-3, aspect: "3:2", params: { style: natural } }\n',
    )
    const [a, b, c] = manifest?.images ?? []
    expect(b?.recipe).toBe(a?.recipe)
    expect(b?.request.params).toBe(a?.request.params)
    expect(c?.recipe.focus).toEqual([0.2, 0.5])
    expect(c?.recipe.widths).toBe(a?.recipe.widths)
    expect(c?.request.params).toEqual({ style: 'vivid' })
    expect(a?.request.params).toEqual({ style: 'natural' })
  })
})

function many(count: number): string {
  return Array.from({ length: count }, (_, n) => `v${n}`).join(', ')
}

function styleAsked(images: string, top: string): unknown {
  return imageOf(images, top).request.params['style']
}
