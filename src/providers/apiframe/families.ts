import { FLAG, PERCENT, PLAIN, RATIO, SEED, SHARE, TEXT, URI, oneOf, textUpTo, type Family } from './rules.ts'

export const MIDJOURNEY: Family = {
  ...PLAIN,
  paramsKey: 'midjourneyParams',
  params: { aspect_ratio: RATIO },
  perJob: { min: 4, max: 4 },
}

export const NANO_BANANA: Family = {
  ...PLAIN,
  paramsKey: 'nanoBananaParams',
  params: {
    aspect_ratio: TEXT,
    google_search: FLAG,
    image_input: { type: 'uris', maxItems: 14 },
    image_search: FLAG,
    output_format: oneOf('jpg', 'png', 'webp'),
    resolution: oneOf('512px', '1K', '2K', '4K'),
  },
}

export const SEEDREAM: Family = {
  ...PLAIN,
  paramsKey: 'seedreamParams',
  params: {
    aspect_ratio: TEXT,
    enhance_prompt: FLAG,
    guidance_scale: { type: 'number', minimum: 1, maximum: 10 },
    height: { type: 'integer', minimum: 512, maximum: 4096 },
    image_input: { type: 'uris', maxItems: 14 },
    output_format: oneOf('jpg', 'png'),
    resolution: TEXT,
    seed: SEED,
    size: TEXT,
    use_pre_llm: FLAG,
    width: { type: 'integer', minimum: 512, maximum: 4096 },
  },
}

export const IDEOGRAM: Family = {
  ...PLAIN,
  paramsKey: 'ideogramParams',
  params: {
    aspect_ratio: TEXT,
    character_reference_image: URI,
    image: URI,
    magic_prompt_option: oneOf('Auto', 'On', 'Off'),
    mask: URI,
    negative_prompt: TEXT,
    rendering_speed: oneOf('default', 'turbo', 'quality'),
    resolution: TEXT,
    seed: SEED,
    style_preset: TEXT,
    style_reference_images: { type: 'uris', maxItems: 3 },
    style_type: TEXT,
  },
}

export const IDEOGRAM_CHARACTER: Family = {
  ...IDEOGRAM,
  paramsRequired: true,
  params: {
    ...IDEOGRAM.params,
    character_reference_image: { type: 'string', format: 'uri', required: true },
  },
}

export const STABLE_DIFFUSION: Family = {
  ...PLAIN,
  paramsKey: 'stableDiffusionParams',
  params: {
    aspect_ratio: oneOf('1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '9:16', '9:21'),
    cfg: { type: 'number', minimum: 0, maximum: 20 },
    image: URI,
    negative_prompt: textUpTo(2000),
    output_format: oneOf('webp', 'jpg', 'png'),
    output_quality: PERCENT,
    prompt_strength: SHARE,
    seed: SEED,
    steps: { type: 'integer', minimum: 1, maximum: 40 },
  },
  aspects: ['1:1', '3:2', '2:3', '16:9', '9:16', '5:4', '4:5', '21:9', '9:21'],
}

export const IMAGEN: Family = {
  ...PLAIN,
  paramsKey: 'imagenParams',
  params: {
    aspect_ratio: oneOf('1:1', '9:16', '16:9', '3:4', '4:3'),
    image_size: oneOf('1K', '2K'),
    output_format: oneOf('jpg', 'png'),
  },
  aspects: ['1:1', '4:3', '3:4', '16:9', '9:16'],
}

export const DALL_E: Family = {
  ...PLAIN,
  paramsKey: 'dalleParams',
  params: { aspect_ratio: oneOf('1:1', '3:2', '2:3'), style: oneOf('vivid', 'natural') },
  aspects: ['1:1', '3:2', '2:3'],
  styles: ['vivid', 'natural'],
  styleParam: 'style',
}

export const GPT_IMAGE: Family = {
  ...PLAIN,
  paramsKey: 'gptImageParams',
  params: {
    aspect_ratio: oneOf('1:1', '3:2', '2:3'),
    background: oneOf('auto', 'transparent', 'opaque'),
    input_fidelity: oneOf('low', 'high'),
    input_images: { type: 'uris', nullable: true },
    number_of_images: { type: 'integer', minimum: 1, maximum: 10 },
    output_format: oneOf('png', 'jpeg', 'webp'),
    quality: oneOf('low', 'medium', 'high', 'auto'),
  },
  aspects: ['1:1', '3:2', '2:3'],
  countParam: 'number_of_images',
  perJob: { min: 1, max: 10 },
  transparency: true,
}

export const GPT_IMAGE_2: Family = {
  ...PLAIN,
  paramsKey: 'gptImage2Params',
  params: {
    aspect_ratio: oneOf('1:1', '3:2', '2:3'),
    background: oneOf('auto', 'opaque'),
    input_images: { type: 'uris', nullable: true },
    moderation: oneOf('auto', 'low'),
    number_of_images: { type: 'integer', minimum: 1, maximum: 10 },
    output_format: oneOf('png', 'jpeg', 'webp'),
    quality: oneOf('low', 'medium', 'high', 'auto'),
  },
  aspects: ['1:1', '3:2', '2:3'],
  countParam: 'number_of_images',
  perJob: { min: 1, max: 10 },
}

export const KLING_IMAGE: Family = {
  ...PLAIN,
  paramsKey: 'klingImageParams',
  params: {
    aspect_ratio: oneOf('16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'),
    image: URI,
    image_fidelity: SHARE,
    model_name: oneOf('kling-v1', 'kling-v1-5', 'kling-v2'),
    n: { type: 'integer', minimum: 1, maximum: 4 },
    negative_prompt: textUpTo(2500),
  },
  countParam: 'n',
  perJob: { min: 1, max: 4 },
}

export const GROK_IMAGINE: Family = {
  ...PLAIN,
  paramsKey: 'grokImagineParams',
  params: { aspect_ratio: oneOf('1:1', '2:3', '3:2', '16:9', '9:16'), image: URI },
  aspects: ['1:1', '2:3', '3:2', '16:9', '9:16'],
}

export const REVE: Family = {
  ...PLAIN,
  paramsKey: 'reveParams',
  params: {
    aspect_ratio: oneOf('16:9', '9:16', '3:2', '2:3', '4:3', '3:4', '1:1'),
    seed: SEED,
    version: TEXT,
  },
}
