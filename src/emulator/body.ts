import type { ModelFacts } from '../core/catalog.ts'
import type { Json } from '../core/image.ts'
import { checkParams } from '../core/param-rules.ts'
import { APIFRAME_MODELS } from '../providers/apiframe/models.ts'
import { type Details, noneOf, refusalOf, tooLong, tooShort, unknownKeys, wrongType } from './words.ts'

/** A body that the service takes. */
export interface GenerateBody {
  readonly facts: ModelFacts
  readonly prompt: string
  readonly params: Readonly<Record<string, Json>>
  /** As sent, without webhook fields. */
  readonly input: Readonly<Record<string, Json>>
  readonly webhook: { readonly url: string; readonly events: readonly string[] } | null
}

const EVENTS = ['progress', 'completed', 'failed'] as const
const URL_RULE = { type: 'string', format: 'uri' } as const

/** Checks the body of `POST /v2/images/generate` as strictly as the service's schema does; every mistake at once. */
export function checkBody(value: unknown): GenerateBody | { readonly details: Details } {
  const body = fieldsOf(value)
  if (body === null) return { details: { '': [wrongType('object', value)] } }
  const facts = APIFRAME_MODELS.find((known) => known.id === body['model'])
  if (facts === undefined) return { details: { model: [noneOf(APIFRAME_MODELS.map(({ id }) => id))] } }
  const details: Record<string, readonly string[]> = {
    ...unknownIn(body, ['prompt', 'model', facts.paramsKey, 'webhookUrl', 'webhookEvents']),
    ...checkPrompt(body['prompt'], facts.promptLimit),
    ...checkOwnParams(facts, body[facts.paramsKey]),
    ...checkWebhook(body),
  }
  const { webhookUrl, webhookEvents, ...input } = body
  if (Object.keys(details).length > 0 || typeof input['prompt'] !== 'string') return { details }
  return {
    facts,
    prompt: input['prompt'],
    params: fieldsOf(body[facts.paramsKey]) ?? {},
    input,
    webhook:
      typeof webhookUrl === 'string'
        ? {
            url: webhookUrl,
            events: Array.isArray(webhookEvents) ? webhookEvents.map(String) : EVENTS.slice(1),
          }
        : null,
  }
}

type Found = Readonly<Record<string, readonly string[]>>

function unknownIn(body: Readonly<Record<string, Json>>, known: readonly string[]): Found {
  const strange = Object.keys(body).filter((key) => !known.includes(key))
  return strange.length === 0 ? {} : { '': [unknownKeys(strange)] }
}

function checkPrompt(prompt: Json | undefined, limit: number): Found {
  if (typeof prompt !== 'string') return { prompt: [wrongType('string', prompt)] }
  if (prompt.length < 1) return { prompt: [tooShort(1)] }
  return prompt.length > limit ? { prompt: [tooLong(limit)] } : {}
}

function checkOwnParams(facts: ModelFacts, value: Json | undefined): Found {
  const key = facts.paramsKey
  if (value === undefined && !facts.paramsRequired) return {}
  const params = fieldsOf(value)
  if (params === null) return { [key]: [wrongType('object', value)] }
  const found: Record<string, string[]> = {}
  const strange = Object.keys(params).filter((name) => !Object.hasOwn(facts.params, name))
  if (strange.length > 0) found[key] = [unknownKeys(strange)]
  for (const { path } of checkParams(facts, params)) {
    const [name = '', position] = path
    const rule = facts.params[name]
    if (rule === undefined || strange.includes(name)) continue
    const list = params[name]
    const item = Array.isArray(list) && position !== undefined ? list[Number(position)] : null
    const text = position === undefined ? refusalOf(rule, params[name]) : refusalOf(URL_RULE, item)
    found[[key, ...path].join('.')] = [text]
  }
  return found
}

function checkWebhook(body: Readonly<Record<string, Json>>): Found {
  const found: Record<string, string[]> = {}
  const { webhookUrl, webhookEvents } = body
  if (webhookUrl !== undefined && !(typeof webhookUrl === 'string' && URL.canParse(webhookUrl))) {
    found['webhookUrl'] = [refusalOf(URL_RULE, webhookUrl)]
  }
  if (webhookEvents === undefined) return found
  if (!Array.isArray(webhookEvents)) return { ...found, webhookEvents: [wrongType('array', webhookEvents)] }
  if (webhookEvents.length === 0) {
    found['webhookEvents'] = ['Too small: expected array to have >=1 items']
  }
  for (const [at, event] of webhookEvents.entries()) {
    if (!EVENTS.some((known) => known === event)) found[`webhookEvents.${at}`] = [noneOf(EVENTS)]
  }
  return found
}

/** Bodies come from JSON.parse, so members are Json. */
function fieldsOf(value: unknown): Readonly<Record<string, Json>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : null
}
