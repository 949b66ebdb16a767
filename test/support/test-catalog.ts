import type { Catalog, ModelFacts } from '../../src/core/catalog.ts'

const DALL_E_3: ModelFacts = {
  id: 'dall-e-3',
  paramsKey: 'dalleParams',
  paramsRequired: false,
  params: {
    aspect_ratio: { type: 'string', values: ['1:1', '3:2', '2:3'] },
    style: { type: 'string', values: ['vivid', 'natural'] },
  },
  promptLimit: 2000,
  aspects: ['1:1', '3:2', '2:3'],
  aspectParam: 'aspect_ratio',
  styles: ['vivid', 'natural'],
  styleParam: 'style',
  countParam: null,
  perJob: { min: 1, max: 1 },
  credits: 21,
  seconds: null,
  transparency: false,
}

const GPT_IMAGE: ModelFacts = {
  ...DALL_E_3,
  id: 'gpt-image-1.5',
  paramsKey: 'gptImageParams',
  params: {
    aspect_ratio: { type: 'string', values: ['1:1', '3:2', '2:3'] },
    number_of_images: { type: 'integer', minimum: 1, maximum: 10 },
    quality: { type: 'string', values: ['low', 'medium', 'high'] },
  },
  styles: [],
  styleParam: null,
  countParam: 'number_of_images',
  perJob: { min: 1, max: 10 },
}

const MIDJOURNEY: ModelFacts = {
  ...DALL_E_3,
  id: 'midjourney',
  paramsKey: 'midjourneyParams',
  params: {
    aspect_ratio: { type: 'string', pattern: '^\\d+:\\d+$' },
    seed: { type: 'integer', minimum: 0 },
    stylize: { type: 'integer', minimum: 0, maximum: 1000 },
  },
  aspects: ['1:1', '3:2', '2:3', '4:3', '3:4', '16:9', '9:16'],
  styles: [],
  styleParam: null,
  perJob: { min: 4, max: 4 },
}

/** A small model table, so that no test of the manifest depends on what a service offers today. */
export const testCatalog: Catalog = {
  defaultProvider: 'apiframe',
  models: {
    'apiframe/dall-e-3': DALL_E_3,
    'apiframe/dall-e-2': { ...DALL_E_3, id: 'dall-e-2', retired: 'since May; use dall-e-3.' },
    'apiframe/gpt-image-1.5': GPT_IMAGE,
    'apiframe/midjourney': MIDJOURNEY,
    'apiframe/recraft': { ...GPT_IMAGE, id: 'recraft', styles: ['icon'], styleParam: 'quality' },
    'apiframe/shapeless': { ...GPT_IMAGE, id: 'shapeless', aspects: [], aspectParam: null },
  },
}
