import { parseAspect } from '../aspect.ts'
import { FORMATS } from '../image.ts'
import type { Fit, Focus, Format, Image, MaxBytes, Provenance, Recipe } from '../image.ts'
import { DEFAULT_FILENAME } from '../recipes.ts'
import type { MapTree, Tree } from './tree.ts'

/** A photograph's land at one perceptual score; flat colours and letters show their artefacts sooner. */
const QUALITY: Readonly<Record<Recipe['content'], Recipe['quality']>> = {
  photo: { avif: 57, webp: 80, jpeg: 78, png: 100 },
  illustration: { avif: 59, webp: 82, jpeg: 82, png: 100 },
  text: { avif: 66, webp: 88, jpeg: 86, png: 100 },
}
const EFFORT: Recipe['effort'] = { avif: 3, webp: 4, jpeg: 0, png: 7 }

/** What a recipe has from `outputs` alone. */
type OutputSettings = Pick<
  Recipe,
  'formats' | 'widths' | 'effort' | 'maxBytes' | 'placeholder' | 'provenance' | 'filename'
>

/** What a recipe has from beside them. */
interface Cut extends Pick<Recipe, 'fit' | 'focus' | 'content'> {
  readonly aspect: string
}

/** What was read of `outputs`, and the recipes that have it, by their cut as text. */
export type SharedRecipes = Map<
  MapTree | null,
  { readonly files: OutputSettings; readonly recipes: Map<string, Recipe> }
>

/**
 * The recipe of a merged map of settings that was checked; what is not there has its built-in default. Whoever makes many
 * keeps `known` between them: most images have their `outputs` from the defaults or a style, and those that are made
 * alike have one recipe.
 */
export function recipeOf(settings: MapTree, known: SharedRecipes = new Map()): Recipe {
  const outputs = mapOf(settings, 'outputs')
  const shared = known.get(outputs) ?? { files: outputSettingsOf(outputs), recipes: new Map() }
  known.set(outputs, shared)
  const cut: Cut = {
    aspect: textOf(settings.entries.get('aspect')?.value)?.trim() ?? '',
    fit: wordOf(settings, 'fit', FITS) ?? 'cover',
    focus: focusOf(settings.entries.get('focus')?.value),
    content: wordOf(settings, 'content', CONTENTS) ?? 'photo',
  }
  const text = JSON.stringify(cut)
  const quality = outputs?.entries.get('quality')?.value
  const recipe = shared.recipes.get(text) ?? recipeWith(cut, shared.files, quality)
  shared.recipes.set(text, recipe)
  return recipe
}

function recipeWith(cut: Cut, files: OutputSettings, quality: Tree | undefined): Recipe {
  return {
    aspect: parseAspect(cut.aspect) ?? { width: 1, height: 1 },
    fit: cut.fit,
    focus: cut.focus,
    content: cut.content,
    formats: files.formats,
    widths: files.widths,
    quality: byFormat(quality, QUALITY[cut.content], 'png'),
    effort: files.effort,
    maxBytes: files.maxBytes,
    placeholder: files.placeholder,
    provenance: files.provenance,
    filename: files.filename,
  }
}

function outputSettingsOf(outputs: MapTree | null): OutputSettings {
  return {
    formats: formatsOf(outputs) ?? ['avif', 'webp', 'jpeg'],
    widths: widthsOf(outputs) ?? [480, 960, 1536],
    effort: byFormat(outputs?.entries.get('effort')?.value, EFFORT, 'jpeg'),
    maxBytes: maxBytesOf(outputs?.entries.get('maxBytes')?.value),
    placeholder: (outputs && wordOf(outputs, 'placeholder', PLACEHOLDERS)) ?? 'auto',
    provenance: provenanceOf(outputs),
    filename: textOf(outputs?.entries.get('filename')?.value) ?? DEFAULT_FILENAME,
  }
}

/** The policy of a merged map of settings that was checked. */
export function policyOf(settings: MapTree): Image['policy'] {
  const policy = mapOf(settings, 'policy')
  const refused = (policy && wordOf(policy, 'refused', REFUSED)) ?? 'keep-previous'
  return POLICIES[refused]
}

/** Text of a scalar: as a string, or as written where YAML reads a number. */
export function textOf(tree: Tree | undefined): string | null {
  if (tree?.kind !== 'scalar' || tree.value === null) return null
  return typeof tree.value === 'string' ? tree.value : tree.source
}

export function numberOf(tree: Tree | undefined): number | null {
  return tree?.kind === 'scalar' && typeof tree.value === 'number' ? tree.value : null
}

const FITS: readonly Fit[] = ['cover', 'contain', 'refuse']
const PLACEHOLDERS: readonly Recipe['placeholder'][] = ['auto', 'off']
const LEVELS: readonly Provenance['level'][] = ['off', 'iptc', 'full']
const CONTENTS: readonly Recipe['content'][] = ['photo', 'illustration', 'text']
const REFUSED: readonly Image['policy']['refused'][] = ['keep-previous', 'placeholder', 'fail', 'skip']
const POLICIES: Readonly<Record<Image['policy']['refused'], Image['policy']>> = {
  'keep-previous': { refused: 'keep-previous' },
  placeholder: { refused: 'placeholder' },
  fail: { refused: 'fail' },
  skip: { refused: 'skip' },
}
const SPOTS = ['attention', 'entropy', 'center'] as const

function mapOf(settings: MapTree, key: string): MapTree | null {
  const value = settings.entries.get(key)?.value
  return value?.kind === 'map' ? value : null
}

function wordOf<Word extends string>(settings: MapTree, key: string, words: readonly Word[]): Word | null {
  const text = textOf(settings.entries.get(key)?.value)
  return words.find((word) => word === text) ?? null
}

function focusOf(tree: Tree | undefined): Focus {
  if (tree?.kind === 'list') {
    const [x, y] = tree.items.map(numberOf)
    return [x ?? 0.5, y ?? 0.5]
  }
  const text = textOf(tree)
  return SPOTS.find((spot) => spot === text) ?? 'attention'
}

function formatsOf(outputs: MapTree | null): readonly Format[] | null {
  const tree = outputs?.entries.get('formats')?.value
  if (tree?.kind !== 'list') return null
  const names = new Set(tree.items.map(textOf))
  const written = [...names].flatMap((name) => FORMATS.find((format) => format === name) ?? [])
  return written.length > 0 ? written : null
}

function widthsOf(outputs: MapTree | null): readonly number[] | null {
  const tree = outputs?.entries.get('widths')?.value
  if (tree?.kind !== 'list') return null
  const widths = new Set(tree.items.flatMap((item) => numberOf(item) ?? []))
  return [...widths].sort((a, b) => a - b)
}

/** A level alone, or a level (`full` where only more is asked for) with what else is told. */
function provenanceOf(outputs: MapTree | null): Provenance {
  const own = outputs && mapOf(outputs, 'provenance')
  if (!outputs || !own)
    return {
      level: (outputs && wordOf(outputs, 'provenance', LEVELS)) ?? 'iptc',
      credit: null,
      prompt: false,
    }
  const prompt = own.entries.get('prompt')?.value
  return {
    level: wordOf(own, 'level', LEVELS) ?? 'full',
    credit: textOf(own.entries.get('credit')?.value),
    prompt: prompt?.kind === 'scalar' && prompt.value === true,
  }
}

/** A number for every file, or limits by format and by width. */
function maxBytesOf(tree: Tree | undefined): MaxBytes {
  const formats: Partial<Record<Format, number>> = {}
  const widths: Record<string, number> = {}
  for (const [name, { value }] of tree?.kind === 'map' ? tree.entries : []) {
    const format = FORMATS.find((known) => known === name)
    const limit = numberOf(value)
    if (limit !== null && format) formats[format] = limit
    else if (limit !== null) widths[name] = limit
  }
  return { all: numberOf(tree), formats, widths }
}

/** A number for all formats, or one per format; it means nothing to the format without such a setting. */
function byFormat(tree: Tree | undefined, defaults: Recipe['quality'], without: Format): Recipe['quality'] {
  const all = numberOf(tree)
  const own = tree?.kind === 'map' ? tree.entries : null
  const value = (format: Format): number =>
    format === without ? defaults[format] : (all ?? numberOf(own?.get(format)?.value) ?? defaults[format])
  return { avif: value('avif'), webp: value('webp'), jpeg: value('jpeg'), png: value('png') }
}
