import { FLAG, PERCENT, PLAIN, RATIO, SEED, SHARE, TEXT, URI, oneOf, type Family } from './rules.ts'

/** flux-1.1-pro, its ultra, and flux-2-dev: the resolution is free text. */
export const FLUX: Family = {
  ...PLAIN,
  paramsKey: 'fluxParams',
  params: {
    aspect_ratio: RATIO,
    go_fast: FLAG,
    guidance: { type: 'number', minimum: 1.5, maximum: 10 },
    height: { type: 'integer', minimum: 256, maximum: 2048 },
    image_prompt: URI,
    image_prompt_strength: SHARE,
    input_images: { type: 'uris', maxItems: 10 },
    output_format: oneOf('jpg', 'png', 'webp'),
    output_quality: PERCENT,
    prompt_upsampling: FLAG,
    raw: FLAG,
    resolution: TEXT,
    seed: SEED,
    steps: { type: 'integer', minimum: 1, maximum: 50 },
    width: { type: 'integer', minimum: 256, maximum: 2048 },
  },
}

/** flux-2-pro, -flex and -max: the resolution is one of five. */
export const FLUX_2: Family = {
  ...FLUX,
  params: { ...FLUX.params, resolution: oneOf('0.5MP', '1MP', '2MP', '4MP', 'match_input_image') },
}

export const FLUX_LORA: Family = {
  ...PLAIN,
  paramsKey: 'fluxLoraParams',
  paramsRequired: true,
  params: {
    aspect_ratio: oneOf('1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'),
    guidance_scale: { type: 'number', minimum: 1, maximum: 10 },
    loraId: { type: 'string', format: 'uuid', required: true },
    lora_strength: { type: 'number', minimum: 0, maximum: 1.5 },
    num_inference_steps: { type: 'integer', minimum: 4, maximum: 50 },
    num_outputs: { type: 'integer', minimum: 1, maximum: 4 },
    output_format: oneOf('png', 'jpg', 'webp'),
    seed: SEED,
  },
  countParam: 'num_outputs',
  perJob: { min: 1, max: 4 },
}
