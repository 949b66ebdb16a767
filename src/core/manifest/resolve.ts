import type { Catalog } from '../catalog.ts'
import type { Image, ImageWords } from '../image.ts'
import { printAspect } from '../aspect.ts'
import { canonicalText, declaredDigest, requestKey, requestParts } from '../keys.ts'
import { nearest } from '../nearest.ts'
import type { Note, Problem } from '../problems.ts'
import type { Place } from '../source.ts'
import { DEFAULT_FILENAME } from '../recipes.ts'
import { fillWith, filledText } from './fill.ts'
import type { Fill } from './fill.ts'
import { filenameMistake } from './ids.ts'
import { numberOf, policyOf, recipeOf, textOf } from './recipe-of.ts'
import type { SharedRecipes } from './recipe-of.ts'
import type { Report } from './report.ts'
import { requestOf } from './request-of.ts'
import type { SharedParams } from './request-of.ts'
import { settingsOf } from './styled.ts'
import type { StyleSources } from './styled.ts'
import { FROM_KEYS } from './table.ts'
import type { MapTree } from './tree.ts'
import { isNull, mergeMaps } from './merge-maps.ts'
import { addLimits, reportStrayLimits } from './width-limits.ts'
import type { WidthLimits } from './width-limits.ts'
import type { WrittenImage } from './written.ts'

export interface Sources {
  readonly report: Report
  readonly catalog: Catalog
  readonly place: (offset: number) => Place
  readonly defaults: MapTree | null
  readonly styles: MapTree | null
}

interface ResolveContext extends Sources, StyleSources {
  /** What each crop is cut from, by id. */
  readonly crops: ReadonlyMap<string, string>
  /** Images that are no variants, by id. */
  readonly named: ReadonlyMap<string, WrittenImage>
  /** By the id in whose place they stand. */
  readonly variants: ReadonlyMap<string, ImageWords['variants']>
  readonly limits: WidthLimits
  /** What most images have in common, found once. */
  readonly shared: {
    /** Short digests of the parts of requests, by their bytes. */
    readonly parts: Map<string, string>
    readonly params: SharedParams
    readonly recipes: SharedRecipes
  }
}

export interface Resolved {
  readonly images: readonly Image[]
  readonly unsupported: readonly (Problem & { readonly image: string })[]
  readonly notes: readonly Note[]
}

/** Resolves every written image: defaults, style, matrix values, request and recipe; `from` images last, on those they are cut from. */
export function resolveImages(written: readonly WrittenImage[], sources: Sources): Resolved {
  const unsupported: (Problem & { readonly image: string })[] = []
  const crops = written.filter(isCrop)
  const named = new Map(written.filter(({ variant }) => !variant).map((one) => [one.id, one]))
  const context: ResolveContext = {
    ...sources,
    modelStyles: [...new Set(Object.values(sources.catalog.models).flatMap(({ styles }) => styles))],
    crops: new Map(crops.map(({ id, own }) => [id, textOf(own.entries.get('from')?.value) ?? ''])),
    named,
    variants: variantsIn(written),
    limits: new Map(),
    underLooks: new Map(),
    shared: { parts: new Map(), params: new Map(), recipes: new Map() },
  }
  const bought = new Map<WrittenImage, Image>()
  for (const one of written) {
    if (!isCrop(one)) bought.set(one, resolveOwn(one, context, unsupported))
  }
  const bases = new Map([...bought.values()].map((image) => [image.id, image]))
  const images = written.flatMap(
    (one) => bought.get(one) ?? resolveCrop(one, bases, context, unsupported) ?? [],
  )
  reportStrayLimits(context.limits, sources.report)
  const notes = images.filter(({ id }) => named.has(id)).flatMap((image) => missingAlt(image, context))
  return { images, unsupported, notes }
}

/** What stands in for each image, in written order. */
function variantsIn(written: readonly WrittenImage[]): ResolveContext['variants'] {
  const variants = new Map<string, ImageWords['variants']>()
  for (const { id, variant } of written) {
    if (!variant) continue
    const { of, media } = variant
    variants.set(of, [...(variants.get(of) ?? []), { media, id }])
  }
  return variants
}

function isCrop({ own }: WrittenImage): boolean {
  const from = own.entries.get('from')?.value
  return from !== undefined && !isNull(from)
}

function resolveOwn(
  written: WrittenImage,
  context: ResolveContext,
  unsupported: (Problem & { readonly image: string })[],
): Image {
  const { id, own, variables, offset } = written
  const { report, catalog, defaults } = context
  const fill = fillWith(variables, { id, report })
  const { style, settings } = settingsOf(written, context)
  checkPrompt(settings, { id, offset, report })
  const unstyled = style?.look ? mergeMaps(defaults, own) : settings
  const { shared } = context
  const asked = requestOf(settings, { own, unstyled, style, fill, catalog, shared: shared.params })
  for (const { code, key, message } of asked.complaints) {
    const at = offsetOf(settings, key) ?? offset
    unsupported.push({ code, message: `${id}: ${message}`, image: id, place: context.place(at) })
  }
  const { provider, model } = asked.request
  const together = catalog.models[`${provider}/${model}`]?.perJob.min ?? 1
  checkPick(settings, { id, report, together })
  const { alt, decorative } = ownWords(settings, fill)
  // Written out, and with the parts that are equal shared: there may be ten thousand of it.
  return {
    id,
    offset,
    aspectOffset: offsetOf(settings, 'aspect'),
    request: asked.request,
    requestKey: requestKey(asked.request),
    declared: declaredDigest(asked.declaration),
    parts: requestParts(asked.compared, shared.parts),
    styleName: style?.name ?? null,
    alt,
    decorative,
    variants: context.variants.get(id) ?? NO_VARIANTS,
    candidates: numberOf(settings.entries.get('candidates')?.value) ?? 1,
    pick: numberOf(settings.entries.get('pick')?.value) ?? 1,
    pin: textOf(settings.entries.get('pin')?.value),
    from: null,
    recipe: checkedRecipe(settings, written, context),
    policy: policyOf(settings),
  }
}

function checkPrompt(
  settings: MapTree,
  { id, offset, report }: { readonly id: string; readonly offset: number; readonly report: Report },
): void {
  if (settings.entries.has('prompt')) return
  const message = `"${id}" needs a "prompt" (or "from", for another crop of an image).`
  report('manifest/missing-key', offset, message, id)
}

/** Another crop of an image: its original, with a shape, focus, files and alt of its own. */
function resolveCrop(
  written: WrittenImage,
  bases: ReadonlyMap<string, Image>,
  context: ResolveContext,
  unsupported: (Problem & { readonly image: string })[],
): Image | null {
  const { id, own, offset, variables } = written
  const { report } = context
  const fill = fillWith(variables, { id, report })
  const tree = own.entries.get('from')?.value
  const from = filledText(tree, fill)?.trim() ?? ''
  for (const [key, { keyOffset, value }] of own.entries) {
    if (FROM_KEYS.includes(key) || isNull(value)) continue
    const message = `A crop of "${from}" buys nothing, so it has no "${key}". It may have ${FROM_KEYS.slice(1).join(', ')}.`
    report('image/from', keyOffset, message, id)
  }
  const base = bases.get(from)
  if (!base) {
    report(
      'image/from',
      tree?.offset ?? offset,
      `"${id}" is cut from "${from}". ${fromHint(from, bases, context)}`,
      id,
    )
    return null
  }
  const whole = written.variant ? context.named.get(from) : undefined
  const inherited = whole ? settingsOf(whole, context).settings : context.defaults
  const settings = mergeMaps(inherited, own)
  const recipe = checkedRecipe(settings, written, context)
  const aspectOffset = offsetOf(settings, 'aspect')
  if (recipe.fit === 'refuse' && base.request.aspect !== printAspect(recipe.aspect)) {
    const message = `${id}: "${from}" is asked for in ${base.request.aspect ?? 'no certain shape'}, and "fit: refuse" forbids a crop.`
    unsupported.push({
      code: 'image/aspect',
      message,
      image: id,
      place: context.place(aspectOffset ?? offset),
    })
  }
  return { ...base, id, offset, aspectOffset, ...ownWords(own, fill), from, recipe }
}

function fromHint(from: string, bases: ReadonlyMap<string, Image>, { crops }: ResolveContext): string {
  const further = crops.get(from)
  if (further !== undefined) return `That is itself a crop, of "${further}": write "from: ${further}".`
  const names = [...bases.keys()]
  const near = nearest(from, names) ?? names.find((name) => name.startsWith(`${from}-`)) ?? null
  const hint = near === null ? 'It must name an image that has a prompt.' : `Did you mean "${near}"?`
  return `There is no such image. ${hint}`
}

function ownWords(settings: MapTree, fill: Fill): ImageWords {
  const alt = canonicalText(filledText(settings.entries.get('alt')?.value, fill) ?? '')
  const decorative = settings.entries.get('decorative')?.value
  return {
    alt: alt === '' ? null : alt,
    decorative: decorative?.kind === 'scalar' && decorative.value === true,
    variants: NO_VARIANTS,
  }
}

const NO_VARIANTS: ImageWords['variants'] = []

/** What a model always returns together may be picked from without asking for it. */
function checkPick(
  settings: MapTree,
  { id, report, together }: { readonly id: string; readonly report: Report; readonly together: number },
): void {
  const tree = settings.entries.get('pick')?.value
  const pick = numberOf(tree)
  const candidates = numberOf(settings.entries.get('candidates')?.value) ?? 1
  if (tree === undefined || pick === null || candidates < 1 || pick <= Math.max(candidates, together)) return
  const message = `"${id}" picks candidate ${pick} of ${candidates}. Raise "candidates" or pick one that is there.`
  report('image/pick', tree.offset, message, id)
}

function checkedRecipe(
  settings: MapTree,
  { id, offset }: WrittenImage,
  { report, limits, shared }: ResolveContext,
): Image['recipe'] {
  const recipe = recipeOf(settings, shared.recipes)
  addLimits(limits, settings, recipe)
  const mistake = recipe.filename === DEFAULT_FILENAME ? null : filenameMistake(recipe.filename)
  if (mistake === null) return recipe
  const outputs = settings.entries.get('outputs')?.value
  const at = outputs?.kind === 'map' ? outputs.entries.get('filename')?.value.offset : offset
  report('manifest/wrong-value', at ?? offset, `"filename" ${mistake}.`, id)
  return { ...recipe, filename: DEFAULT_FILENAME }
}

/** Where a setting was written, `params.seed` as well, in the defaults or a style if it came from there; null where it was not. */
function offsetOf(settings: MapTree, key: string): number | null {
  const [name = '', ...param] = key.split('.')
  const value = settings.entries.get(name)?.value
  const inside = value?.kind === 'map' ? value.entries.get(param.join('.'))?.keyOffset : undefined
  return inside ?? value?.offset ?? null
}

function missingAlt(image: Image, { place }: ResolveContext): readonly Note[] {
  if (image.alt !== null || image.decorative) return []
  const message = `${image.id} has no "alt". Markup needs one (or "decorative: true").`
  return [{ code: 'alt/missing', message, image: image.id, place: place(image.offset) }]
}
