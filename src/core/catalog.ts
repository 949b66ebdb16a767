/** What the validator, the plan and the emulator know of models: plain data, no code. */
export interface Catalog {
  /** The provider that bare model names belong to. */
  readonly defaultProvider: string
  /** Keyed `provider/model`. */
  readonly models: Readonly<Record<string, ModelFacts>>
}

/** The rule for one field of a model's params object. */
export type ParamRule =
  | {
      readonly type: 'string'
      readonly values?: readonly string[]
      readonly pattern?: string
      readonly format?: 'uri' | 'uuid'
      readonly minLength?: number
      readonly maxLength?: number
      readonly required?: true
    }
  | {
      readonly type: 'integer' | 'number'
      readonly minimum?: number
      readonly maximum?: number
      readonly required?: true
    }
  | { readonly type: 'boolean'; readonly required?: true }
  | {
      readonly type: 'uris'
      readonly maxItems?: number
      readonly nullable?: true
      readonly required?: true
    }

/**
 * Documented credits: a number for one picture or one job, or by the value of a param
 * (`quality: { low: 4 }`, with `default` for a param that is absent). Null is "unknown", not free.
 */
export type Credits =
  | number
  | null
  | { readonly param: string; readonly by: Readonly<Record<string, number>>; readonly default: number }

export interface ModelFacts {
  /** The model's id at its provider. */
  readonly id: string
  /** Key of the params object in the request body, `dalleParams`. */
  readonly paramsKey: string
  /** True when the request is refused without that object. */
  readonly paramsRequired: boolean
  readonly params: Readonly<Record<string, ParamRule>>
  /** Longest prompt in UTF-16 code units. */
  readonly promptLimit: number
  /** Ratios that may be asked for, best known first; empty when the model takes none. */
  readonly aspects: readonly string[]
  /** The param that carries the ratio, and, where it takes names instead of ratios, the name per ratio. */
  readonly aspectParam: string | null
  readonly aspectNames?: Readonly<Record<string, string>>
  /** Names the manifest's `style` may use for this model, and the param that carries them. */
  readonly styles: readonly string[]
  readonly styleParam: string | null
  /** The param that asks for several pictures, or null. */
  readonly countParam: string | null
  /** Pictures that one job can return: Midjourney always 4, DALL-E always 1. */
  readonly perJob: { readonly min: number; readonly max: number }
  /** Credits of one job of one picture (or of the fixed number it returns); multiplied by the count where there is a count field. The highest of the documented editions. */
  readonly credits: Credits
  /** Every documented edition, for people: `{ older: 12, newer: 21 }`. */
  readonly editions?: Readonly<Record<string, string>>
  /** Usual seconds of a job where documented. */
  readonly seconds: number | null
  /** True when the picture may have transparency on request. */
  readonly transparency: boolean
  /** Says since when and what to use instead, for models the service no longer runs. */
  readonly retired?: string
}
