import { nearestAspect, parseAspect, printAspect } from '../aspect.ts'
import { COMMON_ASPECTS } from '../aspect.ts'
import type { Catalog, ModelFacts } from '../catalog.ts'
import type { ImageRequest, Json } from '../image.ts'
import { canonicalText } from '../keys.ts'
import type { Declaration } from '../keys.ts'
import { nearest } from '../nearest.ts'
import { checkParams } from '../param-rules.ts'
import type { ProblemCode } from '../problems.ts'
import { numberOf, textOf } from './recipe-of.ts'
import { valueOf } from './tree.ts'
import type { MapTree } from './tree.ts'

/** A named look, or null where the style is the model's own or there is none. */
export interface Look {
  readonly name: string
  readonly settings: MapTree
}

export interface Requested {
  readonly request: ImageRequest
  readonly declaration: Declaration
  /** What the model tables complain of; `key` names the setting. */
  readonly complaints: readonly {
    readonly code: ProblemCode
    readonly key: string
    readonly message: string
  }[]
}

type Complaint = Requested['complaints'][number]

/** What is asked of the provider for one image, from its merged settings; `fill` puts the matrix values into a text. */
export function requestOf(
  settings: MapTree,
  given: {
    readonly own: MapTree
    readonly look: Look | null
    readonly styleName: string | null
    readonly fill: (text: string) => string
    readonly catalog: Catalog
  },
): Requested {
  const { look, styleName, fill, catalog } = given
  const text = (key: string): string | null => textOf(settings.entries.get(key)?.value)
  const [provider, model] = modelName(text('model') ?? 'dall-e-3', catalog)
  const facts = catalog.models[`${provider}/${model}`] ?? null
  const prompt = fill(text('prompt') ?? '')
  const parts = [
    textOf(look?.settings.entries.get('before')?.value),
    prompt,
    textOf(look?.settings.entries.get('after')?.value),
  ]
  const final = canonicalText(
    parts.flatMap((part) => (part === null ? [] : [canonicalText(fill(part))])).join(' '),
  )
  const aspect = parseAspect(text('aspect')?.trim() ?? '1:1') ?? { width: 1, height: 1 }
  const asked = nearestAspect(aspect, facts?.aspects ?? COMMON_ASPECTS)
  const complaints: Complaint[] = facts ? [] : unknownModel(`${provider}/${model}`, catalog)
  const params = { ...paramsOf(settings) }
  if (styleName !== null && !look) {
    if (facts?.styleParam && facts.styles.includes(styleName)) params[facts.styleParam] = styleName
    else if (facts) complaints.push(foreignStyle(styleName, facts))
  }
  const reroll = numberOf(settings.entries.get('reroll')?.value) ?? 0
  const request = { provider, model, prompt: final, aspect: asked, params, references: [], reroll }
  if (facts)
    complaints.push(...complaintsOf(request, { facts, settings, exact: asked === printAspect(aspect) }))
  const declaredParams = paramsOf(given.own)
  const style: Json = look ? lookValue(look, fill) : styleName
  return {
    request,
    complaints,
    declaration: {
      provider,
      model,
      prompt,
      style,
      aspect: printAspect(aspect),
      params: declaredParams,
      references: [],
      reroll,
    },
  }
}

function paramsOf(settings: MapTree): Readonly<Record<string, Json>> {
  const tree = settings.entries.get('params')?.value
  if (tree?.kind !== 'map') return {}
  return Object.fromEntries([...tree.entries].map(([name, { value }]) => [name, valueOf(value)]))
}

function lookValue(look: Look, fill: (text: string) => string): Json {
  const part = (key: string): string =>
    canonicalText(fill(textOf(look.settings.entries.get(key)?.value) ?? ''))
  return { before: part('before'), after: part('after'), params: paramsOf(look.settings) }
}

function modelName(written: string, catalog: Catalog): readonly [provider: string, model: string] {
  const name = written.trim()
  const slash = name.indexOf('/')
  return slash === -1 ? [catalog.defaultProvider, name] : [name.slice(0, slash), name.slice(slash + 1)]
}

function unknownModel(name: string, catalog: Catalog): Complaint[] {
  const provider = name.split('/')[0] ?? ''
  const known = Object.keys(catalog.models)
  // A provider written in code brings its own models, which the table cannot know.
  if (!known.some((model) => model.startsWith(`${provider}/`)) && provider !== catalog.defaultProvider)
    return []
  const short = name.startsWith(`${catalog.defaultProvider}/`)
    ? name.slice(catalog.defaultProvider.length + 1)
    : name
  const names = known.map((model) => model.replace(`${catalog.defaultProvider}/`, ''))
  const first = ['dall-e-3', ...names.filter((model) => model !== 'dall-e-3')]
  const near = nearest(short, first)
  const hint = near === null ? '"pixelkiln models" lists them.' : `Did you mean "${near}"?`
  return [{ code: 'image/model-unknown', key: 'model', message: `There is no model "${short}". ${hint}` }]
}

function foreignStyle(style: string, facts: ModelFacts): Complaint {
  const own =
    facts.styles.length === 0 ? 'it has no styles of its own' : `its styles are ${facts.styles.join(', ')}`
  return {
    code: 'image/setting',
    key: 'style',
    message: `${facts.id} does not know the style "${style}": ${own}.`,
  }
}

function complaintsOf(
  request: ImageRequest,
  given: { readonly facts: ModelFacts; readonly settings: MapTree; readonly exact: boolean },
): Complaint[] {
  const { facts, settings, exact } = given
  const complaints: Complaint[] = []
  const { length } = request.prompt
  if (length > facts.promptLimit) {
    const message = `The prompt has ${length} characters with its style, and ${facts.id} takes ${facts.promptLimit}. Shorten it by ${length - facts.promptLimit}.`
    complaints.push({ code: 'image/prompt-length', key: 'prompt', message })
  }
  if (facts.retired !== undefined)
    complaints.push({
      code: 'image/model-unknown',
      key: 'model',
      message: `${facts.id} is retired: ${facts.retired}`,
    })
  const fit = textOf(settings.entries.get('fit')?.value)
  if (fit === 'refuse' && !exact) {
    const offered =
      facts.aspects.length === 0 ? 'it takes no shape at all' : `it offers ${facts.aspects.join(', ')}`
    const message = `${facts.id} cannot make this shape (${offered}), and "fit: refuse" forbids a crop.`
    complaints.push({ code: 'image/aspect', key: 'aspect', message })
  }
  const reserved = reservedParams(facts)
  for (const [name, instead] of reserved) {
    if (name in request.params) {
      const message = `"${name}" is not set under "params"; use "${instead}" beside the prompt.`
      complaints.push({ code: 'image/setting', key: `params.${name}`, message })
    }
  }
  const candidates = numberOf(settings.entries.get('candidates')?.value) ?? 1
  if (candidates > 1 && 'seed' in request.params && facts.perJob.max === 1) {
    const message = `A fixed seed makes the same picture again, so ${candidates} candidates would be paid for in vain. Take one of the two out.`
    complaints.push({ code: 'image/setting', key: 'params.seed', message })
  }
  const free = Object.fromEntries(Object.entries(request.params).filter(([name]) => !reserved.has(name)))
  return [...complaints, ...paramComplaints(facts, free)]
}

function reservedParams(facts: ModelFacts): ReadonlyMap<string, string> {
  const reserved = new Map<string, string>()
  if (facts.aspectParam !== null) reserved.set(facts.aspectParam, 'aspect')
  if (facts.countParam !== null) reserved.set(facts.countParam, 'candidates')
  return reserved
}

function paramComplaints(facts: ModelFacts, params: Readonly<Record<string, Json>>): Complaint[] {
  return checkParams(facts, params).map(({ path, message }) => {
    const name = path[0] ?? ''
    const near = name in facts.params ? null : nearest(name, Object.keys(facts.params))
    const known = Object.keys(facts.params).join(', ')
    const hint = name in facts.params ? '' : near === null ? ` Known: ${known}.` : ` Did you mean "${near}"?`
    return { code: 'image/setting', key: `params.${name}`, message: `${message}${hint}` }
  })
}
