import { COMMON_ASPECTS } from '../core/aspect.ts'
import type { Catalog, ModelFacts } from '../core/catalog.ts'
import { APIFRAME_MODELS } from './apiframe/models.ts'

/** The one model of the sketch provider: drawn on this machine, free. */
const SCENE: ModelFacts = {
  id: 'scene',
  paramsKey: 'sketchParams',
  paramsRequired: false,
  params: {},
  promptLimit: 10_000,
  aspects: COMMON_ASPECTS,
  aspectParam: null,
  styles: [],
  styleParam: null,
  countParam: null,
  perJob: { min: 1, max: 1 },
  credits: 0,
  seconds: null,
  transparency: false,
}

/** All models a manifest may name: those of Apiframe as `apiframe/<id>`, and `sketch/scene`. */
export const catalog: Catalog = {
  defaultProvider: 'apiframe',
  models: Object.fromEntries([
    ...APIFRAME_MODELS.map((facts) => [`apiframe/${facts.id}`, facts] as const),
    ['sketch/scene', SCENE] as const,
  ]),
}
