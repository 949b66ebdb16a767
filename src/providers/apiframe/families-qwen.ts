import { FLAG, PLAIN, SEED, SHARE, SHORT_SEED, URI, oneOf, textUpTo, type Family } from './rules.ts'

/** Shapes have names here instead of ratios; `square`, the smaller of two squares, has no ratio of its own. */
export const QWEN_IMAGE: Family = {
  ...PLAIN,
  paramsKey: 'qwenImageParams',
  params: {
    acceleration: oneOf('none', 'regular', 'high'),
    guidance_scale: { type: 'number', minimum: 0, maximum: 20 },
    image_size: oneOf(
      'square',
      'square_hd',
      'portrait_4_3',
      'portrait_16_9',
      'landscape_4_3',
      'landscape_16_9',
    ),
    image_url: URI,
    negative_prompt: textUpTo(500),
    num_images: { type: 'integer', minimum: 1, maximum: 4 },
    num_inference_steps: { type: 'integer', minimum: 2, maximum: 250 },
    output_format: oneOf('png', 'jpeg'),
    seed: SEED,
    strength: SHARE,
    task_type: oneOf('text-to-image', 'image-to-image', 'image-edit'),
  },
  aspects: ['1:1', '4:3', '3:4', '16:9', '9:16'],
  aspectParam: 'image_size',
  aspectNames: {
    '1:1': 'square_hd',
    '4:3': 'landscape_4_3',
    '3:4': 'portrait_4_3',
    '16:9': 'landscape_16_9',
    '9:16': 'portrait_16_9',
  },
  countParam: 'num_images',
  perJob: { min: 1, max: 4 },
}

const QWEN_2_ASPECTS = ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9', '2:1', '1:2']

export const QWEN_IMAGE_2: Family = {
  ...PLAIN,
  paramsKey: 'qwenImage2Params',
  params: {
    aspect_ratio: oneOf(...QWEN_2_ASPECTS),
    image: URI,
    negative_prompt: textUpTo(500),
    seed: SEED,
  },
  aspects: QWEN_2_ASPECTS,
}

const WAN_ASPECTS = ['1:1', '2:3', '3:2', '3:4', '4:3', '9:16', '16:9', '21:9']

export const WAN_IMAGE: Family = {
  ...PLAIN,
  paramsKey: 'wanImageParams',
  params: {
    aspect_ratio: oneOf(...WAN_ASPECTS),
    image: URI,
    negative_prompt: textUpTo(500),
    prompt_extend: FLAG,
    seed: SHORT_SEED,
  },
  aspects: WAN_ASPECTS,
}

export const WAN_IMAGE_27: Family = {
  ...PLAIN,
  paramsKey: 'wanImage27Params',
  params: { aspect_ratio: oneOf(...WAN_ASPECTS), image: URI, seed: SHORT_SEED, thinking_mode: FLAG },
  promptLimit: 5000,
  aspects: WAN_ASPECTS,
}
