import type { ModelFacts } from '../../core/catalog.ts'
import {
  DALL_E,
  GPT_IMAGE,
  GPT_IMAGE_2,
  GROK_IMAGINE,
  IDEOGRAM,
  IDEOGRAM_CHARACTER,
  IMAGEN,
  KLING_IMAGE,
  MIDJOURNEY,
  NANO_BANANA,
  REVE,
  SEEDREAM,
  STABLE_DIFFUSION,
} from './families.ts'
import { FLUX, FLUX_2, FLUX_LORA } from './families-flux.ts'
import { QWEN_IMAGE, QWEN_IMAGE_2, WAN_IMAGE, WAN_IMAGE_27 } from './families-qwen.ts'

// Styles that the model pages name; the field itself takes any text, so others go through `params`.
const IDEOGRAM_V3 = {
  ...IDEOGRAM,
  styles: ['Auto', 'General', 'Realistic', 'Design'],
  styleParam: 'style_type',
} as const
const IDEOGRAM_V2A = { ...IDEOGRAM_V3, styles: [...IDEOGRAM_V3.styles, 'Render_3d', 'Anime'] } as const

/**
 * Every model of `POST /v2/images/generate`, 51 of them. Credits are the highest figure any edition of the price pages
 * gave for the dearest setting; `editions` keeps the figures apart: `older` and `newer` are the service's own pages,
 * `listed` a copy of its price list of August 2026. Seconds are the product pages' averages. No source says of any of
 * them that it was retired.
 */
export const APIFRAME_MODELS: readonly ModelFacts[] = [
  {
    ...MIDJOURNEY,
    id: 'midjourney',
    credits: 16,
    editions: { older: '10 a job of four', newer: '16 a job of four', listed: '10' },
  },
  { ...NANO_BANANA, id: 'nano-banana', credits: 5, editions: { listed: '5' }, seconds: 15 },
  { ...NANO_BANANA, id: 'nano-banana-pro' },
  { ...NANO_BANANA, id: 'nano-banana-2' },
  { ...NANO_BANANA, id: 'nano-banana-2-lite', credits: 4, editions: { listed: '4' } },
  { ...FLUX, id: 'flux-1.1-pro', credits: 5, editions: { listed: '5' }, seconds: 10 },
  { ...FLUX, id: 'flux-1.1-pro-ultra', credits: 8, editions: { listed: '8' }, seconds: 15 },
  // The price follows the pixels, and only one point of that line is known: unknown, then.
  { ...FLUX_2, id: 'flux-2-pro', editions: { seen: 'about 4 at 1MP' } },
  { ...FLUX, id: 'flux-2-dev', credits: 2, editions: { listed: '2' } },
  { ...FLUX_2, id: 'flux-2-flex' },
  { ...FLUX_2, id: 'flux-2-max' },
  { ...FLUX_LORA, id: 'flux-lora' },
  { ...SEEDREAM, id: 'seedream-3' },
  { ...SEEDREAM, id: 'seedream-3.1' },
  { ...SEEDREAM, id: 'seedream-4' },
  { ...SEEDREAM, id: 'seedream-4.5', credits: 4, editions: { older: '4' }, seconds: 15 },
  { ...SEEDREAM, id: 'seedream-5-lite' },
  { ...SEEDREAM, id: 'seedream-5-pro' },
  { ...IDEOGRAM, id: 'ideogram-v2' },
  { ...IDEOGRAM, id: 'ideogram-v2-turbo' },
  { ...IDEOGRAM_V2A, id: 'ideogram-v2a' },
  { ...IDEOGRAM_V2A, id: 'ideogram-v2a-turbo', credits: 3, editions: { older: '3', listed: '3' } },
  { ...IDEOGRAM_V3, id: 'ideogram-v3-balanced' },
  { ...IDEOGRAM_V3, id: 'ideogram-v3-turbo', credits: 3, editions: { older: '3' }, seconds: 15 },
  { ...IDEOGRAM_V3, id: 'ideogram-v3-quality' },
  { ...IDEOGRAM, id: 'ideogram-v4-balanced' },
  { ...IDEOGRAM, id: 'ideogram-v4-turbo', credits: 4, editions: { listed: '4' } },
  { ...IDEOGRAM, id: 'ideogram-v4-quality' },
  { ...IDEOGRAM_CHARACTER, id: 'ideogram-character' },
  { ...STABLE_DIFFUSION, id: 'stable-diffusion-3.5-large' },
  { ...STABLE_DIFFUSION, id: 'stable-diffusion-3.5-large-turbo' },
  { ...STABLE_DIFFUSION, id: 'stable-diffusion-3.5-medium' },
  { ...STABLE_DIFFUSION, id: 'stable-diffusion-3' },
  { ...IMAGEN, id: 'imagen-3' },
  { ...IMAGEN, id: 'imagen-3-fast' },
  { ...IMAGEN, id: 'imagen-4', credits: 7, editions: { older: '4', newer: '7', listed: '5' }, seconds: 15 },
  { ...IMAGEN, id: 'imagen-4-ultra' },
  { ...IMAGEN, id: 'imagen-4-fast', credits: 2, editions: { listed: '2' } },
  { ...DALL_E, id: 'dall-e-3', credits: 21, editions: { older: '12', newer: '21' }, seconds: 20 },
  { ...DALL_E, id: 'dall-e-2', credits: 2, editions: { listed: '2' } },
  {
    ...GPT_IMAGE,
    id: 'gpt-image-1.5',
    credits: { param: 'quality', by: { low: 4, medium: 9, high: 24, auto: 24 }, default: 24 },
    editions: {
      older: 'low 2, medium 5, high and auto 14, each × pictures',
      newer: 'low 4, medium 9, high and auto 24, each × pictures',
    },
    seconds: 15,
  },
  {
    ...GPT_IMAGE_2,
    id: 'gpt-image-2',
    credits: { param: 'quality', by: { low: 4, medium: 9, high: 23, auto: 23 }, default: 23 },
    editions: { older: 'low 4, medium 9, high and auto 23, each × pictures' },
  },
  { ...KLING_IMAGE, id: 'kling-image', credits: 2, editions: { older: '2 × pictures' } },
  { ...QWEN_IMAGE, id: 'qwen-image' },
  { ...QWEN_IMAGE_2, id: 'qwen-image-2', credits: 3, editions: { older: '3' } },
  { ...QWEN_IMAGE_2, id: 'qwen-image-2-pro' },
  { ...WAN_IMAGE, id: 'wan-image-2.6' },
  { ...WAN_IMAGE_27, id: 'wan-image-2.7' },
  { ...WAN_IMAGE_27, id: 'wan-image-2.7-pro' },
  { ...GROK_IMAGINE, id: 'grok-imagine-image', credits: 2, editions: { listed: '2' } },
  { ...REVE, id: 'reve-create', seconds: 15 },
]
