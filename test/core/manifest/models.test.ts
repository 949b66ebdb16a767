import { describe, expect, it } from 'vitest'
import type { RequestParts } from '../../../src/core/image.ts'
import type { ManifestReading } from '../../../src/core/manifest/read-tree.ts'
import { imageOf, imagesOf, readImages } from '../../support/manifest.ts'

function complaints(reading: ManifestReading): readonly string[] {
  if (!reading.manifest) throw new Error('the manifest itself is wrong')
  return reading.unsupported.map(
    ({ code, image, place }) => `${image} ${code} ${place?.line}:${place?.column}`,
  )
}

describe('complaints of the model table', () => {
  it.each([
    ['a model it does not know', 'model: dalle-3', 'image/model-unknown 3:26'],
    ['a retired model', 'model: dall-e-2', 'image/model-unknown 3:26'],
    ['a model of nobody', 'model: /x', 'image/model-unknown 3:26'],
    ["another model's style", 'style: icon', 'image/setting 3:26'],
    ['a style where there are none', 'style: vivid, model: midjourney', 'image/setting 3:26'],
    ['a style for a provider of your own', 'style: vivid, model: mine/x', 'image/setting 3:26'],
    ['an unknown param', 'params: { styel: vivid }', 'image/setting 3:29'],
    ['a param that objects have anyway', 'params: { toString: vivid }', 'image/setting 3:29'],
    ['a wrong value of a param', 'params: { style: bold }', 'image/setting 3:29'],
    ['a param out of range', 'model: midjourney, params: { stylize: 1001 }', 'image/setting 3:48'],
    ['the ratio as a param', 'params: { aspect_ratio: "3:2" }', 'image/setting 3:29'],
    ['the count as a param', 'model: gpt-image-1.5, params: { number_of_images: 2 }', 'image/setting 3:51'],
    ['a shape that cannot be had without a crop', 'fit: refuse, aspect: "16:9"', 'image/aspect 3:40'],
    ['a shape of a model that takes none', 'fit: refuse, model: shapeless', 'image/aspect 3:3'],
    [
      'a fixed seed with candidates beyond a job',
      'model: midjourney, candidates: 5, params: { seed: 1 }',
      'image/setting 3:63',
    ],
  ])('%s', (_, settings, expected) => {
    expect(complaints(readImages(`a: { prompt: x, ${settings} }`))).toEqual([`a ${expected}`])
  })

  it.each([
    ['a shape that is offered exactly', 'fit: refuse, aspect: "30:20"'],
    ['a seed with what one job always returns', 'model: midjourney, candidates: 4, params: { seed: 1 }'],
    ['a model of a provider written in code', 'model: mine/x, params: { anything: [1, { b: 2 }] }'],
    ['a provider that is named', 'model: apiframe/dall-e-3'],
  ])('are not about %s', (_, settings) => {
    expect(complaints(readImages(`a: { prompt: x, ${settings} }`))).toEqual([])
  })

  it('count the canonical prompt with its style, in UTF-16 code units', () => {
    const styles = 'styles: { s: { before: "ab" } }\n'
    expect(complaints(readImages(promptOf(1997), styles))).toEqual([])
    const long = readImages(promptOf(1998), styles)
    expect(complaints(long)).toEqual(['a image/prompt-length 4:16'])
    expect(long.unsupported[0]?.message).toMatch(/2001.*2000/)
    expect(complaints(readImages(`a: { prompt: "${'x   '.repeat(1000)}" }`))).toEqual([])
  })

  it('are told of every image they touch', () => {
    const reading = readImages('a: { prompt: x }\nb: { prompt: y }', 'defaults: { model: dalle-3 }\n')
    expect(complaints(reading)).toEqual(['a image/model-unknown 2:20', 'b image/model-unknown 2:20'])
  })

  it('about a crop that "fit: refuse" forbids name the crop', () => {
    const reading = readImages('a: { prompt: x, aspect: "3:2" }\nb: { from: a, aspect: "1:1", fit: refuse }')
    expect(complaints(reading)).toEqual(['b image/aspect 4:25'])
  })
})

describe('a near model name', () => {
  it.each([
    ['dalle-3', 'dall-e-3'],
    ['dall-e-4', 'dall-e-3'],
    ['DALLE', 'dall-e-3'],
    ['dall-e-1', 'dall-e-3'],
    ['gpt-image', 'gpt-image-1.5'],
    ['midjurney', 'midjourney'],
  ])('of %s is %s', (wrong, near) => {
    const [complaint] = readImages(`a: { prompt: x, model: ${wrong} }`).unsupported
    expect(complaint?.message).toContain(`"${near}"`)
  })

  it('of something else altogether is none', () => {
    const [complaint] = readImages('a: { prompt: x, model: zzzzzzzz }').unsupported
    expect(complaint?.message).not.toContain('Did you mean')
  })
})

describe('what is asked of the provider', () => {
  it.each([
    ['dall-e-3', '16:9', '3:2'],
    ['dall-e-3', '9:16', '2:3'],
    ['dall-e-3', '5:4', '3:2'],
    ['dall-e-3', '6:5', '1:1'],
    ['midjourney', '16:9', '16:9'],
    ['midjourney', '7:3', '16:9'],
    ['shapeless', '16:9', null],
    ['unheard-of', '7:3', '16:9'],
    ['mine/x', '4:5', '3:4'],
  ])('%s for %s is %s', (model, aspect, asked) => {
    const image = imageOf(`a: { prompt: x, model: ${model}, aspect: "${aspect}" }`)
    expect(image.request.aspect).toBe(asked)
    expect(`${image.recipe.aspect.width}:${image.recipe.aspect.height}`).toBe(aspect)
  })

  it('an unknown model still has a request, so that a lock can satisfy it', () => {
    const image = imageOf('a: { prompt: x, model: gone/model-1, style: vivid }')
    expect(image.request).toMatchObject({ provider: 'gone', model: 'model-1', params: {} })
  })
})

describe('what was declared', () => {
  const look = 'styles: { s: { before: b, params: { style: natural } } }\n'

  it('does not hang on how a model rounds the shape or takes its style', () => {
    expect(declared('prompt: x, aspect: "32:18"')).toBe(declared('prompt: " x", aspect: "16:9"'))
    expect(declared('prompt: x, model: dall-e-3')).toBe(declared('prompt: x, model: apiframe/dall-e-3'))
  })

  it('differs for shapes that are asked for alike', () => {
    const images = imagesOf(readImages('a: { prompt: x, aspect: "16:9" }\nb: { prompt: x, aspect: "3:2" }'))
    expect(images['a']?.requestKey).toBe(images['b']?.requestKey)
    expect(images['a']?.declared).not.toBe(images['b']?.declared)
  })

  it('differs where an image takes back what its look says', () => {
    expect(declared('prompt: x, style: s', look)).not.toBe(
      declared('prompt: x, style: s, params: { style: null }', look),
    )
  })

  it('takes a renamed look for the same', () => {
    expect(declared('prompt: x, style: s', look)).toBe(
      declared('prompt: x, style: t', look.replace('{ s:', '{ t:')),
    )
  })

  it('names a changed look as the style, not as params', () => {
    const before = partsOf(look)
    const after = partsOf(look.replace('natural', 'vivid'))
    expect(after.style).not.toBe(before.style)
    expect(after).toEqual({ ...before, style: after.style })
  })
})

function promptOf(length: number): string {
  return `a: { prompt: "${'x'.repeat(length - 2)}😀", style: s }`
}

function declared(settings: string, top = ''): string {
  return imageOf(`a: { ${settings} }`, top).declared
}

function partsOf(top: string): RequestParts {
  return imageOf('a: { prompt: x, style: s }', top).parts
}
