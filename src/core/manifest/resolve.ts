import type { Catalog } from '../catalog.ts'
import type { Image } from '../image.ts'
import { declaredDigest, requestKey, requestParts } from '../keys.ts'
import { nearest } from '../nearest.ts'
import type { Note, Problem } from '../problems.ts'
import type { Place } from '../source.ts'
import { filenameMistake } from './ids.ts'
import { numberOf, policyOf, recipeOf, textOf } from './recipe-of.ts'
import type { Report } from './report.ts'
import { requestOf } from './request-of.ts'
import type { Look } from './request-of.ts'
import { FROM_KEYS } from './table.ts'
import type { MapTree, Tree } from './tree.ts'
import { mergeMaps } from './written.ts'
import type { WrittenImage } from './written.ts'

export interface ResolveContext {
  readonly report: Report
  readonly catalog: Catalog
  readonly place: (offset: number) => Place
  readonly defaults: MapTree | null
  readonly styles: MapTree | null
}

export interface Resolved {
  readonly images: readonly Image[]
  readonly unsupported: readonly (Problem & { readonly image: string })[]
  readonly notes: readonly Note[]
}

/** Resolves every written image: defaults, style, matrix values, request and recipe; `from` images last, on those they are cut from. */
export function resolveImages(written: readonly WrittenImage[], context: ResolveContext): Resolved {
  const unsupported: (Problem & { readonly image: string })[] = []
  const resolved = new Map<string, Image>()
  const bases = written.filter(({ own }) => !own.entries.has('from'))
  for (const one of bases) resolved.set(`${one.id} ${one.offset}`, resolveOwn(one, context, unsupported))
  const byId = new Map([...resolved.values()].map((image) => [image.id, image]))
  const images = written.flatMap((one) =>
    one.own.entries.has('from')
      ? (resolveCrop(one, byId, context) ?? [])
      : (resolved.get(`${one.id} ${one.offset}`) ?? []),
  )
  const notes = images.flatMap((image) => missingAlt(image, context))
  return { images, unsupported, notes }
}

function resolveOwn(
  written: WrittenImage,
  context: ResolveContext,
  unsupported: (Problem & { readonly image: string })[],
): Image {
  const { id, own, variables, offset } = written
  const { report, catalog, defaults } = context
  const styleTree = own.entries.get('style')?.value ?? defaults?.entries.get('style')?.value
  const given = isUnset(own, 'style') ? null : textOf(styleTree)
  const look = given === null ? null : lookOf(given, context)
  const ownParams = mergeMaps(defaults, own)
  const settings = mergeMaps(mergeMaps(defaults, look?.settings ?? null), own)
  if (given !== null && !look) checkStyleName(given, styleTree, { id, context })
  if (!own.entries.has('prompt')) {
    report(
      'manifest/missing-key',
      offset,
      `"${id}" needs a "prompt" (or "from", for another crop of an image).`,
      id,
    )
  }
  const fill = fillWith(variables, { id, own, report })
  const asked = requestOf(settings, { own: ownParams, look, styleName: given, fill, catalog })
  const offsets = offsetsOf(settings)
  for (const { code, key, message } of asked.complaints) {
    const at = offsets[key] ?? offsets[key.split('.')[0] ?? ''] ?? offset
    unsupported.push({ code, message: `${id}: ${message}`, image: id, place: context.place(at) })
  }
  checkPick(settings, { id, offset, report })
  const recipe = checkedRecipe(settings, { id, offset, report })
  return {
    id,
    offset,
    offsets,
    request: asked.request,
    requestKey: requestKey(asked.request),
    declared: declaredDigest(asked.declaration),
    parts: requestParts(asked.declaration),
    styleName: given,
    ...ownWords(settings, fill),
    candidates: numberOf(settings.entries.get('candidates')?.value) ?? 1,
    pick: numberOf(settings.entries.get('pick')?.value) ?? 1,
    pin: textOf(settings.entries.get('pin')?.value),
    from: null,
    recipe,
    policy: policyOf(settings),
  }
}

/** Another crop of an image: its original, with a shape, focus, files and alt of its own. */
function resolveCrop(
  written: WrittenImage,
  byId: ReadonlyMap<string, Image>,
  context: ResolveContext,
): Image | null {
  const { id, own, offset, variables } = written
  const { report } = context
  const entry = own.entries.get('from')
  const from = textOf(entry?.value) ?? ''
  for (const [key, { keyOffset }] of own.entries) {
    if (FROM_KEYS.includes(key)) continue
    report(
      'image/from',
      keyOffset,
      `"${id}" is a crop of "${from}" and buys nothing, so it has no "${key}". It may have ${FROM_KEYS.slice(1).join(', ')}.`,
      id,
    )
  }
  const base = byId.get(from)
  if (!base) {
    const near = nearest(from, [...byId.keys()])
    const hint =
      near === null ? 'It must name an image that has a prompt of its own.' : `Did you mean "${near}"?`
    report(
      'image/from',
      entry?.value.offset ?? offset,
      `"${id}" is cut from "${from}", which is not such an image. ${hint}`,
      id,
    )
    return null
  }
  const settings = mergeMaps(context.defaults, own)
  const fill = fillWith(variables, { id, own, report })
  return {
    ...base,
    id,
    offset,
    offsets: offsetsOf(settings),
    ...ownWords(own, fill),
    from,
    recipe: checkedRecipe(settings, { id, offset, report }),
  }
}

function ownWords(settings: MapTree, fill: (text: string) => string): Pick<Image, 'alt' | 'decorative'> {
  const alt = textOf(settings.entries.get('alt')?.value)
  const decorative = settings.entries.get('decorative')?.value
  return {
    alt: alt === null || alt.trim() === '' ? null : fill(alt).normalize('NFC').trim(),
    decorative: decorative?.kind === 'scalar' && decorative.value === true,
  }
}

function isUnset(own: MapTree, key: string): boolean {
  const value = own.entries.get(key)?.value
  return value?.kind === 'scalar' && value.value === null
}

function lookOf(name: string, { styles }: ResolveContext): Look | null {
  const settings = styles?.entries.get(name)?.value
  return settings?.kind === 'map' ? { name, settings } : null
}

/** A style is a look, or one of some model's own; whether this model has it is the model table's complaint. */
function checkStyleName(
  name: string,
  tree: Tree | undefined,
  { id, context }: { readonly id: string; readonly context: ResolveContext },
): void {
  const { styles, catalog, report } = context
  const models = Object.values(catalog.models)
  if (models.some((facts) => facts.styles.includes(name))) return
  const looks = [...(styles?.entries.keys() ?? [])]
  const own = [...new Set(models.flatMap((facts) => facts.styles))]
  const near = nearest(name, [...looks, ...own])
  const listed = `Looks: ${looks.length === 0 ? 'none' : looks.join(', ')}; models’ own: ${own.join(', ')}.`
  const hint = near === null ? '' : ` Did you mean "${near}"?`
  report('image/style-unknown', tree?.offset ?? 0, `There is no style "${name}". ${listed}${hint}`, id)
}

function fillWith(
  variables: Readonly<Record<string, string>>,
  { id, own, report }: { readonly id: string; readonly own: MapTree; readonly report: Report },
): (text: string) => string {
  const told = new Set<string>()
  return (text) =>
    text.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      if (value !== undefined) return value
      if (!told.has(name)) {
        told.add(name)
        const axes = Object.keys(variables)
        const known = axes.length === 0 ? 'It has no matrix.' : `Its matrix has ${axes.join(', ')}.`
        const at = own.entries.get('prompt')?.value.offset ?? own.offset
        report('image/variable', at, `"${id}" uses {{${name}}}, and nothing fills it. ${known}`, id)
      }
      return whole
    })
}

function checkPick(
  settings: MapTree,
  { id, offset, report }: { readonly id: string; readonly offset: number; readonly report: Report },
): void {
  const pick = numberOf(settings.entries.get('pick')?.value) ?? 1
  const candidates = numberOf(settings.entries.get('candidates')?.value) ?? 1
  if (pick <= candidates) return
  const at = settings.entries.get('pick')?.value.offset ?? offset
  report(
    'image/pick',
    at,
    `"${id}" picks candidate ${pick} of ${candidates}. Raise "candidates" or pick one that is there.`,
    id,
  )
}

function checkedRecipe(
  settings: MapTree,
  { id, offset, report }: { readonly id: string; readonly offset: number; readonly report: Report },
): Image['recipe'] {
  const recipe = recipeOf(settings)
  const mistake = filenameMistake(recipe.filename)
  if (mistake !== null) {
    const outputs = settings.entries.get('outputs')?.value
    const at = outputs?.kind === 'map' ? outputs.entries.get('filename')?.value.offset : offset
    report('manifest/wrong-value', at ?? offset, `"filename" ${mistake}.`, id)
  }
  return recipe
}

function offsetsOf(settings: MapTree): Readonly<Record<string, number>> {
  const offsets: Record<string, number> = {}
  for (const [key, { value }] of settings.entries) {
    offsets[key] = value.offset
    if (key !== 'params' || value.kind !== 'map') continue
    for (const [name, param] of value.entries) offsets[`params.${name}`] = param.keyOffset
  }
  return offsets
}

function missingAlt(image: Image, { place }: ResolveContext): readonly Note[] {
  if (image.alt !== null || image.decorative) return []
  const message = `${image.id} has no "alt". Markup needs one (or "decorative: true").`
  return [{ code: 'alt/missing', message, image: image.id, place: place(image.offset) }]
}
