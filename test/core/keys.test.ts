import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Image, ImageRequest, Recipe } from '../../src/core/image.ts'
import {
  canonicalJson,
  canonicalText,
  declaredDigest,
  outputKey,
  purchaseKey,
  recipeDigest,
  requestKey,
  requestParts,
} from '../../src/core/keys.ts'
import type { Declaration } from '../../src/core/keys.ts'
import type { Marks } from '../../src/core/provenance.ts'
import { readManifest } from '../../src/core/manifest/read-manifest.ts'
import { catalog } from '../../src/providers/catalog.ts'

const REQUEST: ImageRequest = {
  provider: 'apiframe',
  model: 'dall-e-3',
  prompt: 'A calm sea',
  aspect: '3:2',
  params: { style: 'natural' },
  references: [],
  reroll: 0,
}

const DECLARATION: Declaration = {
  provider: 'apiframe',
  model: 'dall-e-3',
  prompt: 'A calm sea',
  style: { before: 'Paper,', after: 'no text', params: { style: 'natural' } },
  aspect: '16:9',
  params: { style: 'natural' },
  references: [],
  reroll: 0,
}

const RECIPE: Recipe = {
  aspect: { width: 16, height: 9 },
  fit: 'cover',
  focus: [0.5, 0.25],
  content: 'photo',
  formats: ['avif', 'webp', 'jpeg', 'png'],
  widths: [480, 960],
  quality: { avif: 58, webp: 80, jpeg: 78, png: 100 },
  effort: { avif: 3, webp: 4, jpeg: 0, png: 7 },
  maxBytes: { all: null, formats: {}, widths: {} },
  placeholder: 'auto',
  provenance: { level: 'iptc', credit: null, prompt: false },
  filename: '{id}-{width}.{format}',
}

const MARKS: Marks = {
  source: 'trainedAlgorithmicMedia',
  system: 'apiframe',
  model: 'dall-e-3',
  description: null,
  credit: null,
  prompt: null,
}

const ORIGINAL = '0123456789abcdef'.repeat(4)

// A change of any of these vectors makes every committed lock and store out of date: people would pay again.
describe('golden vectors', () => {
  it.each([
    ['', ''],
    ['  a\t\r\n b  ', 'a b'],
    ['\uFEFFa\u00A0\u2003\u2028b\u3000', 'a b'],
    ['cafe\u0301', 'caf\u00E9'],
    ['\u212Bngstro\u0308m', '\u00C5ngstr\u00F6m'],
    ['zero\u200Bwidth', 'zero\u200Bwidth'],
  ])('canonicalText(%j) is %j', (text, canonical) => {
    expect(canonicalText(text)).toBe(canonical)
  })

  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ '\uFFFF': 1, '\u{1F600}': 2, Z: 3, a: 4 }, '{"Z":3,"a":4,"\u{1F600}":2,"\uFFFF":1}'],
    [{ 'e\u0301': 'e\u0301' }, '{"\u00E9":"\u00E9"}'],
    [[0.1, -0, 1e21, 1e-7, 100], '[0.1,0,1e+21,1e-7,100]'],
    [{ 10: 'x', 9: 'y' }, '{"10":"x","9":"y"}'],
    [{}, '{}'],
  ])('canonicalJson(%j)', (value, bytes) => {
    expect(canonicalJson(value)).toBe(bytes)
  })

  it.each([NaN, Infinity, -Infinity])('%d has no canonical bytes', (number) => {
    expect(() => canonicalJson({ a: [number] })).toThrow(RangeError)
  })

  it('requestKey', () => {
    expect(requestKey(REQUEST)).toBe('78ce41b2293465da1527fd063cb734bb')
    expect(requestKey({ ...REQUEST, aspect: null, references: ['ab'], reroll: 2 })).toBe(
      hashOf(
        'request/1\n{"aspect":null,"model":"dall-e-3","params":{"style":"natural"},"prompt":"A calm sea","provider":"apiframe","references":["ab"],"reroll":2}',
        32,
      ),
    )
  })

  it('declaredDigest', () => {
    expect(declaredDigest(DECLARATION)).toBe('7e2f333f6be5d411')
  })

  it('requestParts', () => {
    expect(requestParts(DECLARATION)).toEqual({
      model: '94d5e5',
      prompt: '7370f9',
      style: '04b544',
      aspect: 'bcd2c2',
      params: 'ac4166',
      reroll: 'bcc8c8',
    })
  })

  it.each([
    ['avif', '66197ef5be43', 'ea719de074513f2cec14256f645096e6'],
    ['webp', '8ead8e60291b', '3ad312175b4548ea824b4286ad3f146b'],
    ['jpeg', '67643fd9dd5f', '2e474b71a1755615f4624b408482a873'],
    ['png', 'ca7a82c3f866', 'e08fcfa87b87df806ecad9b9ca59e9ea'],
  ] as const)('recipeDigest and outputKey of %s', (format, digest, key) => {
    expect(recipeDigest(RECIPE, format, MARKS)).toBe(digest)
    expect(outputKey(ORIGINAL, RECIPE, { format, width: 480, height: 270 }, MARKS)).toBe(key)
  })

  it('purchaseKey', () => {
    const request = '78ce41b2293465da1527fd063cb734bb'
    expect(purchaseKey({ request, firstTake: 1, count: 1, epoch: 0 })).toBe(
      'a42379edb575a4f1ea3f454ff924ce95007e2316726f4b2353302d457155c666',
    )
    expect(purchaseKey({ request, firstTake: 5, count: 4, epoch: 2 })).toBe(
      '61029224d90058e0470cb03d120b95f30e3c80b5c371f972dca81a1ce27b822f',
    )
  })
})

describe('what a key holds', () => {
  it('changes the RequestKey with each part of a request', () => {
    const changes: readonly Partial<ImageRequest>[] = [
      { provider: 'sketch' },
      { model: 'dall-e-2' },
      { prompt: 'A calm lake' },
      { prompt: 'a calm sea' },
      { aspect: '2:3' },
      { aspect: null },
      { params: {} },
      { params: { style: 'vivid' } },
      { references: ['ab'] },
      { reroll: 1 },
    ]
    const keys = [REQUEST, ...changes.map((change) => ({ ...REQUEST, ...change }))].map(requestKey)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('never lets one part run into the next', () => {
    const split = requestKey({ ...REQUEST, provider: 'a', model: 'b/c' })
    expect(requestKey({ ...REQUEST, provider: 'a/b', model: 'c' })).not.toBe(split)
    expect(requestKey({ ...REQUEST, aspect: null })).not.toBe(requestKey({ ...REQUEST, aspect: 'null' }))
  })

  it('changes the OutputKey with the original, the size and whatever the encoder is told, and with nothing else', () => {
    const output = { format: 'avif', width: 480, height: 270 } as const
    const changed = [
      outputKey(ORIGINAL, RECIPE, output, MARKS),
      outputKey(ORIGINAL.replace('0', '1'), RECIPE, output, MARKS),
      outputKey(ORIGINAL, RECIPE, { ...output, width: 481 }, MARKS),
      outputKey(ORIGINAL, RECIPE, { ...output, height: 271 }, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, aspect: { width: 3, height: 2 } }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, fit: 'contain' }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, focus: 'entropy' }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, content: 'text' }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, quality: { ...RECIPE.quality, avif: 59 } }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, effort: { ...RECIPE.effort, avif: 4 } }, output, MARKS),
      outputKey(ORIGINAL, { ...RECIPE, maxBytes: { ...RECIPE.maxBytes, all: 9 } }, output, MARKS),
      outputKey(
        ORIGINAL,
        { ...RECIPE, maxBytes: { ...RECIPE.maxBytes, formats: { avif: 9 } } },
        output,
        MARKS,
      ),
      outputKey(ORIGINAL, { ...RECIPE, maxBytes: { ...RECIPE.maxBytes, widths: { 480: 9 } } }, output, MARKS),
      outputKey(ORIGINAL, RECIPE, output, null),
      outputKey(ORIGINAL, RECIPE, output, { ...MARKS, model: 'dall-e-2' }),
      outputKey(ORIGINAL, RECIPE, output, { ...MARKS, description: 'A calm sea' }),
    ]
    expect(new Set(changed).size).toBe(changed.length)
    const elsewhere: Recipe = {
      ...RECIPE,
      formats: ['avif'],
      widths: [480],
      filename: '{id}.{hash}.{format}',
      quality: { ...RECIPE.quality, webp: 1 },
      effort: { ...RECIPE.effort, webp: 1 },
      maxBytes: { ...RECIPE.maxBytes, formats: { webp: 9 } },
    }
    expect(outputKey(ORIGINAL, elsewhere, output, MARKS)).toBe(changed[0])
  })

  it('canonical text and JSON are the same when made twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(canonicalText(canonicalText(text))).toBe(canonicalText(text))
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '~', ' ', '\t', '\u00A0', 'e\u0301') }), (text) => {
        expect(canonicalText(text)).toBe(text.normalize('NFC').replace(/\s+/gu, ' ').trim())
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = canonicalJson(value as Parameters<typeof canonicalJson>[0])
        expect(canonicalJson(JSON.parse(json) as Parameters<typeof canonicalJson>[0])).toBe(json)
      }),
    )
  })
})

/** What a manifest of one image says, as far as its words go. */
interface Said {
  readonly prompt: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly model: string
  readonly aspect: string
  readonly seed: number | null
  readonly reroll: number
}

/** How it is written. */
interface Hand {
  readonly reversed: boolean
  readonly crlf: boolean
  readonly decomposed: boolean
  readonly trailing: boolean
  readonly folded: boolean
  readonly wrapAt: number
}

const WORD = fc.constantFrom('café', 'Ångström', 'sea', 'A', 'no. 12', 'it’s', '日本', 'ﬁre', 'naïve', 'x')
const WORDS = fc.array(WORD, { minLength: 1, maxLength: 12 })
const SAID: fc.Arbitrary<Said> = fc.record({
  prompt: WORDS,
  before: WORDS,
  after: WORDS,
  model: fc.constantFrom('flux-1.1-pro', 'apiframe/flux-1.1-pro', 'ideogram-v2'),
  aspect: fc.constantFrom('1:1', '3:2', '16:9'),
  seed: fc.option(fc.integer({ min: 0, max: 1000 })),
  reroll: fc.nat(3),
})
const HAND: fc.Arbitrary<Hand> = fc.record({
  reversed: fc.boolean(),
  crlf: fc.boolean(),
  decomposed: fc.boolean(),
  trailing: fc.boolean(),
  folded: fc.boolean(),
  wrapAt: fc.integer({ min: 1, max: 6 }),
})
const PLAIN: Hand = {
  reversed: false,
  crlf: false,
  decomposed: false,
  trailing: false,
  folded: false,
  wrapAt: 99,
}

describe('a RequestKey', () => {
  it('does not change with the order of keys, line ends, composition, trailing blanks or wrapping', () => {
    fc.assert(
      fc.property(SAID, HAND, (said, hand) => {
        const plain = imageOf(manifest(said, PLAIN))
        const other = imageOf(manifest(said, hand))
        expect(other.requestKey).toBe(plain.requestKey)
        expect(other.declared).toBe(plain.declared)
        expect(other.parts).toEqual(plain.parts)
        expect(other.request.prompt).toBe(plain.request.prompt)
      }),
    )
  })

  it('changes with the words, the style’s words, model, aspect asked for, params and reroll', () => {
    fc.assert(
      fc.property(SAID, WORD, (said, word) => {
        const { requestKey: before } = imageOf(manifest(said, PLAIN))
        const changes: readonly Said[] = [
          { ...said, prompt: [...said.prompt, word] },
          { ...said, before: [word, ...said.before] },
          { ...said, after: [...said.after, word] },
          { ...said, model: said.model.endsWith('pro') ? 'ideogram-v2' : 'flux-1.1-pro' },
          { ...said, aspect: said.aspect === '1:1' ? '3:2' : '1:1' },
          { ...said, seed: said.seed === null ? 7 : said.seed + 1 },
          { ...said, reroll: said.reroll + 1 },
        ]
        for (const changed of changes) {
          expect(imageOf(manifest(changed, PLAIN)).requestKey).not.toBe(before)
        }
      }),
    )
  })

  it('does not change with alt, outputs, focus, candidates, policy, pin, the id or the look’s name', () => {
    fc.assert(
      fc.property(SAID, (said) => {
        const text = manifest(said, PLAIN)
        const { requestKey: before } = imageOf(text)
        for (const [from, to] of [
          ['    reroll', '    alt: other words\n    reroll'],
          ['    reroll', '    outputs: { widths: [100], quality: 5, formats: [png] }\n    reroll'],
          ['    reroll', '    focus: [0.1, 0.9]\n    reroll'],
          ['    reroll', '    fit: contain\n    content: text\n    reroll'],
          ['    reroll', '    policy: { refused: skip }\n    pin: 0123456789ab\n    reroll'],
          ['  hero:', '  another/place:'],
          ['version: 1', 'version: 1\nout: elsewhere\nurl: /pictures'],
        ] as const) {
          expect(imageOf(text.replace(from, to)).requestKey).toBe(before)
        }
        expect(imageOf(text.replaceAll('paper', 'card')).requestKey).toBe(before)
      }),
      { numRuns: 30 },
    )
  })

  it('does not change with an aspect that is asked for as the same ratio, and the declared digest does', () => {
    const wide = shaped('16:9')
    expect(wide.request.aspect).toBe('3:2')
    expect(wide.requestKey).toBe(shaped('3:2').requestKey)
    expect(wide.declared).not.toBe(shaped('3:2').declared)
    expect(wide.declared).toBe(shaped('32:18').declared)
  })
})

function manifest(said: Said, hand: Hand): string {
  const text = (words: readonly string[], indent: number): string => {
    const lead = ' '.repeat(indent)
    if (!hand.folded) return JSON.stringify(words.join(' '))
    const lines = words.map((word, at) => (at % hand.wrapAt === 0 ? `\n${lead}${word}` : ` ${word}`))
    return `>${lines.join('')}`
  }
  const ordered = (lines: readonly string[]): string =>
    (hand.reversed ? lines.toReversed() : lines).join('\n')
  const params = [`guidance: 2`, ...(said.seed === null ? [] : [`seed: ${said.seed}`])]
  const knobs = said.model.includes('flux') ? params : params.slice(1)
  const image = ordered([
    `    prompt: ${text(said.prompt, 6)}`,
    '    style: paper',
    `    model: ${said.model}`,
    `    aspect: "${said.aspect}"`,
    `    params: { ${(hand.reversed ? knobs.toReversed() : knobs).join(', ')} }`,
    `    reroll: ${said.reroll}`,
  ])
  const look = ordered([`    before: ${text(said.before, 6)}`, `    after: ${text(said.after, 6)}`])
  const all = ordered(['version: 1', `styles:\n  paper:\n${look}`, `images:\n  hero:\n${image}`])
  const composed = hand.decomposed ? all.normalize('NFD') : all.normalize('NFC')
  const trailed = hand.trailing ? composed.replaceAll(/$/gm, '  ') : composed
  return hand.crlf ? trailed.replaceAll('\n', '\r\n') : `${trailed}\n`
}

function shaped(aspect: string): Image {
  return imageOf(`version: 1\nimages:\n  a: { prompt: x, aspect: "${aspect}" }\n`)
}

function imageOf(text: string): Image {
  const { manifest, problems } = readManifest({ file: 'pixelkiln.yaml', text }, catalog)
  const [image] = manifest?.images ?? []
  if (!image) throw new Error(`${problems.map(({ message }) => message).join('\n')}\n${text}`)
  return image
}

function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
