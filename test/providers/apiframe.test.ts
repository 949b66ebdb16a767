import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '../../src/core/catalog.ts'
import type { ImageRequest } from '../../src/core/image.ts'
import { apiframe } from '../../src/providers/apiframe/index.ts'
import { catalog } from '../../src/providers/catalog.ts'
import { loadProvider } from '../../src/providers/index.ts'

function request(model: string, rest: Partial<ImageRequest> = {}): ImageRequest {
  return {
    provider: 'apiframe',
    model,
    prompt: 'A lamp on a desk.',
    aspect: '1:1',
    params: {},
    references: [],
    reroll: 0,
    ...rest,
  }
}

function settings(asked: ImageRequest): readonly string[] {
  return apiframe.check(asked).map(({ setting }) => setting)
}

/** What a field's fixed values and the offered ones do not have in common. */
function difference(facts: ModelFacts, param: string | null, offered: readonly string[]): readonly string[] {
  const rule = param === null ? undefined : facts.params[param]
  if (rule?.type !== 'string' || !rule.values) return []
  const both = new Set([...rule.values, ...offered])
  return [...both].filter((value) => !rule.values?.includes(value) || !offered.includes(value))
}

describe('check', () => {
  it('finds nothing wrong with an ordinary request', () => {
    expect(settings(request('dall-e-3', { aspect: '3:2', params: { style: 'natural' } }))).toEqual([])
  })

  it.each<readonly [string, ImageRequest, readonly string[]]>([
    ['an unknown model', request('dall-e-4'), ['model']],
    ['a ratio the model has not', request('dall-e-3', { aspect: '16:9' }), ['aspect']],
    ['a prompt over the limit', request('dall-e-3', { prompt: 'x'.repeat(2001) }), ['prompt']],
    ['a prompt of blanks', request('dall-e-3', { prompt: ' \n ' }), ['prompt']],
    ['an unknown param', request('dall-e-3', { params: { quality: 'hd' } }), ['params.quality']],
    [
      'a ratio among the params',
      request('dall-e-3', { params: { aspect_ratio: '3:2' } }),
      ['params.aspect_ratio'],
    ],
    [
      'a shape name among the params',
      request('qwen-image', { params: { image_size: 'square' } }),
      ['params.image_size'],
    ],
    [
      'a count among the params',
      request('gpt-image-1.5', { params: { number_of_images: 2 } }),
      ['params.number_of_images'],
    ],
    ['a missing required param', request('flux-lora'), ['params.loraId']],
    ['reference pictures', request('dall-e-3', { references: ['0'.repeat(64)] }), ['references']],
  ])('reports %s', (_, asked, expected) => {
    expect(settings(asked)).toEqual(expected)
  })

  it('counts the prompt as it is sent, with blanks collapsed', () => {
    expect(settings(request('dall-e-3', { prompt: `${'x '.repeat(900)}${' '.repeat(500)}end` }))).toEqual([])
    expect(settings(request('wan-image-2.7', { prompt: 'x'.repeat(5000) }))).toEqual([])
  })
})

describe('prepare', () => {
  it.each<readonly [string, ImageRequest, number, string]>([
    [
      'DALL-E 3 with its ratio, always',
      request('dall-e-3', { aspect: null }),
      1,
      '{"prompt":"A lamp on a desk.","model":"dall-e-3","dalleParams":{"aspect_ratio":"1:1"}}',
    ],
    [
      'params in one order',
      request('dall-e-3', { params: { style: 'vivid' }, aspect: '2:3' }),
      1,
      '{"prompt":"A lamp on a desk.","model":"dall-e-3","dalleParams":{"aspect_ratio":"2:3","style":"vivid"}}',
    ],
    [
      'the count where there is a field',
      request('gpt-image-1.5', { params: { quality: 'low' } }),
      3,
      '{"prompt":"A lamp on a desk.","model":"gpt-image-1.5","gptImageParams":{"aspect_ratio":"1:1","number_of_images":3,"quality":"low"}}',
    ],
    [
      'no count where there is none',
      request('midjourney', { aspect: '16:9' }),
      4,
      '{"prompt":"A lamp on a desk.","model":"midjourney","midjourneyParams":{"aspect_ratio":"16:9"}}',
    ],
    [
      "a shape's name where ratios have names",
      request('qwen-image', { aspect: '9:16' }),
      1,
      '{"prompt":"A lamp on a desk.","model":"qwen-image","qwenImageParams":{"image_size":"portrait_16_9","num_images":1}}',
    ],
    [
      'the prompt in canonical form',
      request('dall-e-2', { prompt: ' Cafe\u0301\n  "au lait" ' }),
      1,
      '{"prompt":"Café \\"au lait\\"","model":"dall-e-2","dalleParams":{"aspect_ratio":"1:1"}}',
    ],
  ])('sends %s', (_, asked, count, body) => {
    expect(apiframe.prepare(asked, count)).toBe(body)
  })

  it('does not depend on the order of params', () => {
    const a = request('flux-2-dev', { params: { seed: 1, go_fast: true } })
    const b = request('flux-2-dev', { params: { go_fast: true, seed: 1 } })
    expect(apiframe.prepare(a, 1)).toBe(apiframe.prepare(b, 1))
  })
})

describe('price and counts', () => {
  it.each<readonly [ImageRequest, number, number | null]>([
    [request('dall-e-3'), 1, 21],
    [request('midjourney'), 4, 16],
    [request('midjourney'), 1, 16],
    [request('gpt-image-1.5'), 2, 48],
    [request('gpt-image-1.5', { params: { quality: 'low' } }), 3, 12],
    [request('gpt-image-1.5', { params: { quality: 'toString' } }), 1, 24],
    [request('gpt-image-2', { params: { quality: 'medium' } }), 1, 9],
    [request('kling-image'), 4, 8],
    [request('imagen-4'), 1, 7],
    [request('nano-banana-pro'), 1, null],
    [request('flux-2-pro'), 1, null],
    [request('nothing'), 1, null],
  ])('%#: credits are the highest documented', (asked, count, credits) => {
    expect(apiframe.price(asked, count)).toBe(credits)
  })

  it('knows how many pictures one job returns', () => {
    expect(apiframe.perJob('dall-e-3')).toEqual({ min: 1, max: 1 })
    expect(apiframe.perJob('midjourney')).toEqual({ min: 4, max: 4 })
    expect(apiframe.perJob('gpt-image-1.5')).toEqual({ min: 1, max: 10 })
  })
})

describe('the catalog', () => {
  it('has every ratio a model is asked for among what its field takes', () => {
    for (const facts of Object.values(catalog.models)) {
      const rule = facts.aspectParam === null ? undefined : facts.params[facts.aspectParam]
      if (rule?.type !== 'string' || !rule.values) continue
      for (const aspect of facts.aspects) {
        expect(rule.values).toContain(facts.aspectNames?.[aspect] ?? aspect)
      }
    }
  })

  it('offers every documented ratio, and every style it names is one that its field takes', () => {
    const differences = Object.values(catalog.models).flatMap((facts) => [
      ...(facts.aspectNames ? [] : difference(facts, facts.aspectParam, facts.aspects)),
      ...difference(facts, facts.styleParam, facts.styles),
    ])
    expect(differences).toEqual([])
  })

  it('has sketches among the models, free', () => {
    expect(Object.keys(catalog.models)).toHaveLength(52)
    expect(catalog.models['sketch/scene']).toMatchObject({ credits: 0, promptLimit: 10_000 })
  })
})

describe('loadProvider', () => {
  it('loads by name, and knows no others', async () => {
    expect((await loadProvider('apiframe'))?.name).toBe('apiframe')
    expect((await loadProvider('sketch'))?.name).toBe('sketch')
    expect(await loadProvider('toString')).toBeNull()
  })
})
