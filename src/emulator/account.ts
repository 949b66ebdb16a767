import { APIFRAME_MODELS } from '../providers/apiframe/models.ts'
import { type Reply, json } from './reply.ts'
import { type Caller, type Service, uuidFrom } from './service.ts'
import { costRange } from './terms.ts'
import { noneOf } from './words.ts'

/** Answers `GET /v2/me`. */
export function showCaller(service: Service, caller: Caller): Reply {
  const { settings, records } = service
  return json(200, {
    user: {
      id: uuidFrom(`user ${caller.user}`),
      email: `${caller.user}@emulator.invalid`,
      role: settings.role,
    },
    team: {
      id: uuidFrom('team'),
      name: 'Emulator',
      credits: records.balance(settings.clock.now()),
      plan: 'pro',
      customerId: null,
    },
    apiKey: { id: uuidFrom(`key ${caller.account}`), name: 'Default', prefix: caller.key.slice(0, 8) },
  })
}

const MODALITIES = ['image', 'video', 'music']

/** Answers `GET /v2/models`: the image models of our table, and nothing for video and music. */
export function showModels(service: Service, query: URLSearchParams): Reply {
  const modality = query.get('modality')
  if (modality !== null && !MODALITIES.includes(modality)) {
    return json(400, { error: 'Invalid query parameters', details: { modality: [noneOf(MODALITIES)] } })
  }
  const shown = modality === null || modality === 'image' ? APIFRAME_MODELS : []
  return json(200, {
    models: shown.map((facts) => {
      const { min, max } = costRange(facts, service.settings.prices)
      return {
        id: facts.id,
        label: labelOf(facts.id),
        modality: 'image',
        pricingMode: facts.countParam === null ? 'flat' : 'per-output',
        costMin: min,
        costMax: max,
      }
    }),
  })
}

/** `dall-e-3` as people would write it: `Dall E 3`. */
function labelOf(id: string): string {
  const words = id.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return words.join(' ')
}
