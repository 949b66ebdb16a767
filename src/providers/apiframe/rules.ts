import { COMMON_ASPECTS } from '../../core/aspect.ts'
import type { ModelFacts, ParamRule } from '../../core/catalog.ts'

/** What the models of one family share: their params object, and the facts no single model's page corrects. */
export type Family = Omit<ModelFacts, 'id'>

// Written from the service's OpenAPI document (version 2.0.0, July 2026). It declares no defaults, so none stand here.

export const FLAG: ParamRule = { type: 'boolean' }
export const TEXT: ParamRule = { type: 'string' }
export const URI: ParamRule = { type: 'string', format: 'uri' }
export const SEED: ParamRule = { type: 'integer' }
export const SHORT_SEED: ParamRule = { type: 'integer', minimum: 0, maximum: 2_147_483_647 }
export const PERCENT: ParamRule = { type: 'integer', minimum: 0, maximum: 100 }
export const SHARE: ParamRule = { type: 'number', minimum: 0, maximum: 1 }
export const RATIO: ParamRule = { type: 'string', pattern: '^\\d+:\\d+$' }

/** Facts of a model about which nothing is known but its params; every family starts here. */
export const PLAIN: Omit<Family, 'paramsKey' | 'params'> = {
  paramsRequired: false,
  promptLimit: 2000,
  aspects: COMMON_ASPECTS,
  aspectParam: 'aspect_ratio',
  styles: [],
  styleParam: null,
  countParam: null,
  perJob: { min: 1, max: 1 },
  credits: null,
  seconds: null,
  transparency: false,
}

/** Text that is one of these values. */
export function oneOf(...values: readonly string[]): ParamRule {
  return { type: 'string', values }
}

/** Text of at most so many UTF-16 code units. */
export function textUpTo(maxLength: number): ParamRule {
  return { type: 'string', maxLength }
}
