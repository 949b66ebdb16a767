import { COMMON_ASPECTS, nearestAspect, parseAspect, printAspect } from '../aspect.ts'
import type { Catalog, ModelFacts } from '../catalog.ts'
import type { ImageRequest, Json } from '../image.ts'
import { canonicalText } from '../keys.ts'
import type { Declaration } from '../keys.ts'
import { nearest } from '../nearest.ts'
import { checkParams } from '../param-rules.ts'
import type { ProblemCode } from '../problems.ts'
import { filledText } from './fill.ts'
import type { Fill } from './fill.ts'
import { numberOf, textOf } from './recipe-of.ts'
import { DEFAULT_MODEL } from './table.ts'
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
  /** The declaration as its parts are compared: a look's params belong to the style alone. */
  readonly compared: Declaration
  /** What the model tables complain of; `key` names the setting. */
  readonly complaints: readonly {
    readonly code: ProblemCode
    readonly key: string
    readonly message: string
  }[]
}

type Complaint = Requested['complaints'][number]

/** The style of one image: its name with the variables filled in, its look where it is one, and where it was written. */
export interface StyleGiven {
  readonly name: string
  readonly look: Look | null
  readonly level: Level
}

/** Where a setting was written; an image's own goes before the defaults. */
type Level = 'image' | 'defaults'

/** What is asked of the provider for one image, from its merged settings; `fill` puts the matrix values into a text. */
export function requestOf(
  settings: MapTree,
  given: {
    /** The image's own settings, and those over the defaults, a look left aside. */
    readonly own: MapTree
    readonly unstyled: MapTree
    readonly style: StyleGiven | null
    readonly fill: Fill
    readonly catalog: Catalog
    readonly shared: SharedParams
  },
): Requested {
  const { own, style, fill, catalog, shared } = given
  const text = (key: string): string | null => filledText(settings.entries.get(key)?.value, fill)
  const [provider, model] = modelName(text('model') ?? DEFAULT_MODEL, catalog)
  const facts = catalog.models[`${provider}/${model}`] ?? null
  const prompt = text('prompt') ?? ''
  const look = style?.look ? lookValue(style.look, fill) : null
  const parts = look ? [look.before, prompt, look.after] : [prompt]
  const final = canonicalText(parts.map(canonicalText).join(' '))
  const aspect = parseAspect(text('aspect')?.trim() ?? '1:1') ?? { width: 1, height: 1 }
  const asked = nearestAspect(aspect, facts?.aspects ?? COMMON_ASPECTS)
  const params = paramsOf(settings, fill)
  const styled = style && !look ? ownStyle(style, { facts, params, own }) : { params, complaints: [] }
  const reroll = numberOf(settings.entries.get('reroll')?.value) ?? 0
  const request: ImageRequest = {
    provider,
    model,
    prompt: final,
    aspect: asked,
    params: sharedOf(styled.params, shared),
    references: NO_REFERENCES,
    reroll,
  }
  const exact = asked === printAspect(aspect)
  const complaints = facts
    ? complaintsOf(request, { facts, settings, exact })
    : unknownModel(provider, model, { catalog, style: look ? null : (style?.name ?? null) })
  const declaration: Declaration = {
    ...request,
    prompt,
    style: look ?? style?.name ?? null,
    aspect: printAspect(aspect),
    params,
  }
  return {
    request,
    complaints: [...styled.complaints, ...complaints],
    declaration,
    compared: look ? { ...declaration, params: paramsOf(given.unstyled, fill) } : declaration,
  }
}

/** The params of requests by their text, so that images with equal ones have one object. */
export type SharedParams = Map<string, ImageRequest['params']>

function sharedOf(params: ImageRequest['params'], known: SharedParams): ImageRequest['params'] {
  const text = JSON.stringify(params)
  const shared = known.get(text) ?? params
  known.set(text, shared)
  return shared
}

const NO_REFERENCES: ImageRequest['references'] = []

/** The merged params, variables filled into those that are text. */
function paramsOf(settings: MapTree, fill: Fill): Readonly<Record<string, Json>> {
  const tree = settings.entries.get('params')?.value
  if (tree?.kind !== 'map') return {}
  return Object.fromEntries(
    [...tree.entries].map(([name, { value }]) => {
      const plain = valueOf(value)
      return [name, typeof plain === 'string' ? fill(plain, value.offset) : plain]
    }),
  )
}

/** A look as declared. Its params count among the merged ones, too; here they make its change a change of the style. */
function lookValue(look: Look, fill: Fill): LookValue {
  const part = (key: string): string =>
    canonicalText(filledText(look.settings.entries.get(key)?.value, fill) ?? '')
  return { before: part('before'), after: part('after'), params: paramsOf(look.settings, fill) }
}

type LookValue = {
  readonly before: string
  readonly after: string
  readonly params: Readonly<Record<string, Json>>
}

/** A style of the model's own goes into its param. The same param written under `params` wins when it stands nearer to the image, and contradicts when it stands as near. */
function ownStyle(
  style: StyleGiven,
  given: {
    readonly facts: ModelFacts | null
    readonly params: Readonly<Record<string, Json>>
    readonly own: MapTree
  },
): Pick<Requested, 'complaints'> & { readonly params: Readonly<Record<string, Json>> } {
  const { facts, params, own } = given
  if (!facts) return { params, complaints: [] }
  const { styleParam } = facts
  if (styleParam === null || !facts.styles.includes(style.name))
    return { params, complaints: [foreignStyle(style.name, facts)] }
  const written = Object.hasOwn(params, styleParam) ? params[styleParam] : style.name
  if (written === style.name) return { params: { ...params, [styleParam]: style.name }, complaints: [] }
  const ownParams = own.entries.get('params')?.value
  const level: Level = ownParams?.kind === 'map' && ownParams.entries.has(styleParam) ? 'image' : 'defaults'
  if (level !== style.level)
    return { params: level === 'image' ? params : { ...params, [styleParam]: style.name }, complaints: [] }
  const message = `"style" and "params.${styleParam}" name two styles. Keep one of them.`
  return {
    params: { ...params, [styleParam]: style.name },
    complaints: [{ code: 'image/setting', key: `params.${styleParam}`, message }],
  }
}

function modelName(written: string, catalog: Catalog): readonly [provider: string, model: string] {
  const name = written.trim()
  const slash = name.indexOf('/')
  return slash === -1 ? [catalog.defaultProvider, name] : [name.slice(0, slash), name.slice(slash + 1)]
}

function unknownModel(
  provider: string,
  model: string,
  { catalog, style }: { readonly catalog: Catalog; readonly style: string | null },
): Complaint[] {
  const names = Object.keys(catalog.models)
  // A provider written in code brings its own models, which the table cannot know.
  const elsewhere =
    provider !== '' &&
    model !== '' &&
    provider !== catalog.defaultProvider &&
    !names.some((name) => name.startsWith(`${provider}/`))
  if (elsewhere) {
    const message = `${provider}/${model} is not in the model table, so "style: ${style}" cannot be handed to it. Write its style under "params".`
    return style === null ? [] : [{ code: 'image/setting', key: 'style', message }]
  }
  const lead = `${catalog.defaultProvider}/`
  const short = (name: string): string => (name.startsWith(lead) ? name.slice(lead.length) : name)
  const wrong = short(`${provider}/${model}`)
  const near = nearModel(wrong, names.map(short))
  const hint = near === null ? '"pixelkiln models" lists them.' : `Did you mean "${near}"?`
  return [{ code: 'image/model-unknown', key: 'model', message: `There is no model "${wrong}". ${hint}` }]
}

/** The model most like a wrong name; where several are, the default model. `dalle` and `gpt-image` are near what they begin. */
function nearModel(wrong: string, names: readonly string[]): string | null {
  const defaultFirst = [DEFAULT_MODEL, ...names.filter((name) => name !== DEFAULT_MODEL)]
  const near = nearest(wrong, defaultFirst)
  if (near !== null) return near
  const start = bare(wrong)
  return start.length < 3 ? null : (defaultFirst.find((name) => bare(name).startsWith(start)) ?? null)
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function foreignStyle(style: string, facts: ModelFacts): Complaint {
  const own =
    facts.styles.length === 0 ? 'it has no styles of its own' : `its styles are ${facts.styles.join(', ')}`
  return {
    code: 'image/setting',
    key: 'style',
    message: `${facts.id} does not know the style "${style}": ${own}. Name one of "styles", or another model.`,
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
    if (Object.hasOwn(request.params, name)) {
      const message = `"${name}" is not set under "params"; use "${instead}" beside the prompt.`
      complaints.push({ code: 'image/setting', key: `params.${name}`, message })
    }
  }
  const candidates = numberOf(settings.entries.get('candidates')?.value) ?? 1
  // What a model always returns together comes of one seed.
  if (candidates > facts.perJob.min && Object.hasOwn(request.params, 'seed')) {
    const message = `A fixed seed makes the same picture again, so ${candidates} candidates would be paid for in vain. Take "seed" or "candidates" out.`
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
    const hint = Object.hasOwn(facts.params, name) ? '' : paramHint(name, facts)
    return { code: 'image/setting', key: `params.${name}`, message: `${message}${hint}` }
  })
}

function paramHint(name: string, facts: ModelFacts): string {
  const reserved = reservedParams(facts)
  const known = Object.keys(facts.params).filter((param) => !reserved.has(param))
  const near = nearest(name, known)
  if (near !== null) return ` Did you mean "${near}"?`
  return known.length === 0 ? ' It has none.' : ` Known: ${known.join(', ')}.`
}
