import type { ModelFacts } from '../../core/catalog.ts'
import type { ImageRequest, Json } from '../../core/image.ts'
import { canonicalJson, canonicalText } from '../../core/keys.ts'
import { checkParams } from '../../core/param-rules.ts'
import type { Unsupported } from '../../core/provider.ts'
import { APIFRAME_MODELS } from './models.ts'

const FACTS: ReadonlyMap<string, ModelFacts> = new Map(APIFRAME_MODELS.map((facts) => [facts.id, facts]))

/** The table's row of a model, or undefined for an id the service does not have. */
export function factsOf(model: string): ModelFacts | undefined {
  return FACTS.get(model)
}

/**
 * Everything in a request that its model cannot honour. A request without any is one whose prepared body the service's
 * own schema accepts.
 */
export function check(request: ImageRequest): readonly Unsupported[] {
  const facts = factsOf(request.model)
  if (!facts) return [{ setting: 'model', message: `Apiframe has no image model \`${request.model}\`.` }]
  return [
    ...checkModel(facts, request),
    ...checkPrompt(facts, request.prompt),
    ...checkAspect(facts, request.aspect),
    ...checkOwnParams(facts, request.params),
  ]
}

function checkModel(facts: ModelFacts, request: ImageRequest): readonly Unsupported[] {
  const found: Unsupported[] = []
  if (facts.retired !== undefined) {
    found.push({ setting: 'model', message: `${facts.id} is retired: ${facts.retired}.` })
  }
  if (request.references.length > 0) {
    found.push({ setting: 'references', message: 'Reference pictures cannot be sent to Apiframe yet.' })
  }
  return found
}

function checkPrompt(facts: ModelFacts, prompt: string): readonly Unsupported[] {
  const length = canonicalText(prompt).length
  if (length === 0) return [{ setting: 'prompt', message: 'The prompt is empty.' }]
  if (length <= facts.promptLimit) return []
  const message = `The prompt is ${length} characters long with its style; ${facts.id} takes ${facts.promptLimit}.`
  return [{ setting: 'prompt', message }]
}

function checkAspect(facts: ModelFacts, aspect: string | null): readonly Unsupported[] {
  if (aspect === null || facts.aspects.includes(aspect)) return []
  const offer = facts.aspects.length === 0 ? 'no ratio' : facts.aspects.join(', ')
  return [{ setting: 'aspect', message: `${facts.id} cannot be asked for ${aspect}; it takes ${offer}.` }]
}

function checkOwnParams(facts: ModelFacts, params: Readonly<Record<string, Json>>): readonly Unsupported[] {
  return [
    ...ownedBy(facts.aspectParam, 'aspect', params),
    ...ownedBy(facts.countParam, 'candidates', params),
    ...checkParams(facts, params).map(({ path, message }) => ({
      setting: `params.${path.join('.')}`,
      message,
    })),
  ]
}

/** Ratio and count have one home each; a second one in `params` would silently contradict it. */
function ownedBy(
  param: string | null,
  setting: string,
  params: Readonly<Record<string, Json>>,
): readonly Unsupported[] {
  if (param === null || !Object.hasOwn(params, param)) return []
  return [{ setting: `params.${param}`, message: `\`${param}\` is set by \`${setting}\`: write it there.` }]
}

/**
 * Credits of one job that returns `count` pictures: the highest documented figure, times the count where the model has
 * a count field. Null when no source names a price.
 */
export function price(request: ImageRequest, count: number): number | null {
  const facts = factsOf(request.model)
  if (!facts || facts.credits === null) return null
  const each = typeof facts.credits === 'number' ? facts.credits : creditsBy(facts.credits, request.params)
  const times = facts.countParam === null ? Math.ceil(count / facts.perJob.max) : count
  return each * times
}

function creditsBy(
  credits: Extract<ModelFacts['credits'], { param: string }>,
  params: Readonly<Record<string, Json>>,
): number {
  const value = params[credits.param]
  const known = typeof value === 'string' && Object.hasOwn(credits.by, value) ? credits.by[value] : undefined
  return known ?? credits.default
}

/**
 * The body of `POST /v2/images/generate`: prompt, model, then the model's params object with sorted keys, so that one
 * request always gives the same bytes. The ratio is always sent where the model has a field for it, its own first ratio
 * when none was asked for. Expects a request that `check` accepts.
 */
export function prepare(request: ImageRequest, count: number): string {
  const facts = factsOf(request.model)
  const members = [
    `"prompt":${canonicalJson(canonicalText(request.prompt))}`,
    `"model":${JSON.stringify(request.model)}`,
  ]
  if (facts) {
    const params = { ...request.params, ...aspectField(facts, request.aspect), ...countField(facts, count) }
    if (facts.paramsRequired || Object.keys(params).length > 0) {
      members.push(`${JSON.stringify(facts.paramsKey)}:${canonicalJson(params)}`)
    }
  }
  return `{${members.join(',')}}`
}

function aspectField(facts: ModelFacts, asked: string | null): Readonly<Record<string, string>> {
  const aspect = asked ?? facts.aspects[0]
  if (facts.aspectParam === null || aspect === undefined) return {}
  return { [facts.aspectParam]: facts.aspectNames?.[aspect] ?? aspect }
}

function countField(facts: ModelFacts, count: number): Readonly<Record<string, number>> {
  return facts.countParam === null ? {} : { [facts.countParam]: count }
}
