import { describe, expect, it } from 'vitest'
import type { ModelFacts, ParamRule } from '../../src/core/catalog.ts'
import type { Json } from '../../src/core/image.ts'
import { checkParams, inWords } from '../../src/core/param-rules.ts'
import { catalog } from '../../src/providers/catalog.ts'

function model(id: string): ModelFacts {
  const facts = catalog.models[id]
  if (!facts) throw new Error(`no model ${id}`)
  return facts
}

function paths(id: string, params: Readonly<Record<string, Json>>): readonly string[] {
  return checkParams(model(id), params).map((mistake) => mistake.path.join('.'))
}

describe('checkParams', () => {
  it.each<readonly [string, Readonly<Record<string, Json>>]>([
    ['apiframe/dall-e-3', {}],
    ['apiframe/dall-e-3', { style: 'natural', aspect_ratio: '3:2' }],
    ['apiframe/midjourney', { aspect_ratio: '7:5' }],
    ['apiframe/flux-1.1-pro', { guidance: 1.5, seed: -3, raw: true, width: 2048 }],
    ['apiframe/gpt-image-1.5', { input_images: null }],
    ['apiframe/gpt-image-1.5', { input_images: ['https://example.com/a%20b.png?x=1#top'] }],
    ['apiframe/flux-lora', { loraId: '0b9a1f3c-52d4-4e7b-9a53-0c1f2e3d4a5b' }],
  ])('%s accepts %j', (id, params) => {
    expect(paths(id, params)).toEqual([])
  })

  it.each<readonly [string, Readonly<Record<string, Json>>, string]>([
    ['apiframe/dall-e-3', { style: 'Vivid' }, 'style'],
    ['apiframe/dall-e-3', { style: null }, 'style'],
    ['apiframe/dall-e-3', { quality: 'hd' }, 'quality'],
    ['apiframe/dall-e-3', { constructor: 'x' }, 'constructor'],
    ['apiframe/midjourney', { aspect_ratio: '7/5' }, 'aspect_ratio'],
    ['apiframe/flux-1.1-pro', { guidance: 1.49 }, 'guidance'],
    ['apiframe/flux-1.1-pro', { width: 255 }, 'width'],
    ['apiframe/flux-1.1-pro', { width: 256.5 }, 'width'],
    ['apiframe/flux-1.1-pro', { seed: 2 ** 60 }, 'seed'],
    ['apiframe/flux-1.1-pro', { raw: 'true' }, 'raw'],
    ['apiframe/flux-1.1-pro', { input_images: null }, 'input_images'],
    ['apiframe/flux-1.1-pro', { input_images: ['https://a.example', 'a.png'] }, 'input_images.1'],
    [
      'apiframe/ideogram-v2',
      { style_reference_images: Array(4).fill('https://a.example/') },
      'style_reference_images',
    ],
    ['apiframe/ideogram-v2', { image: 'https://a.example/a b.png' }, 'image'],
    ['apiframe/ideogram-character', {}, 'character_reference_image'],
    ['apiframe/flux-lora', { loraId: 'mine' }, 'loraId'],
  ])('%s refuses %j at %s', (id, params, path) => {
    expect(paths(id, params)).toEqual([path])
  })

  it('takes a text up to its limit and no further', () => {
    expect(paths('apiframe/kling-image', { negative_prompt: 'x'.repeat(2500) })).toEqual([])
    expect(paths('apiframe/kling-image', { negative_prompt: 'x'.repeat(2501) })).toEqual(['negative_prompt'])
  })

  it('names every mistake, not only the first', () => {
    expect(paths('apiframe/flux-lora', { seed: 'x', steps: 3 })).toEqual(['seed', 'steps', 'loraId'])
  })

  it('never repeats the refused value', () => {
    const [mistake] = checkParams(model('apiframe/dall-e-3'), { style: 'something private' })
    expect(mistake?.message).not.toContain('private')
    expect(mistake?.message).toContain('`vivid` or `natural`')
  })
})

describe('inWords', () => {
  it.each<readonly [ParamRule, string]>([
    [{ type: 'boolean' }, 'true or false'],
    [{ type: 'integer', minimum: 1, maximum: 10 }, 'a whole number from 1 to 10'],
    [{ type: 'number', minimum: 2 }, 'a number of at least 2'],
    [{ type: 'number', maximum: 2 }, 'a number of at most 2'],
    [{ type: 'integer' }, 'a whole number'],
    [{ type: 'string', values: ['a', 'b', 'c'] }, '`a`, `b` or `c`'],
    [{ type: 'string', maxLength: 500 }, 'text of at most 500 characters'],
    [{ type: 'uris', maxItems: 3 }, 'a list of at most 3 absolute URLs'],
    [{ type: 'uris', nullable: true }, 'a list of absolute URLs, or null'],
  ])('%j is said as "%s"', (rule, words) => {
    expect(inWords(rule)).toBe(words)
  })
})
