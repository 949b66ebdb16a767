import type { Look, StyleGiven } from './request-of.ts'
import { nearest } from '../nearest.ts'
import { fillWith, filledText } from './fill.ts'
import type { Fill } from './fill.ts'
import { mergeMaps } from './merge-maps.ts'
import type { Report } from './report.ts'
import type { MapTree, Tree } from './tree.ts'
import type { WrittenImage } from './written.ts'

/** What styles are resolved from. */
export interface StyleSources {
  readonly report: Report
  readonly defaults: MapTree | null
  readonly styles: MapTree | null
  /** Styles that some model has of its own. */
  readonly modelStyles: readonly string[]
  /** The defaults with a look over them, by its name: kept between images. */
  readonly underLooks: Map<string, MapTree>
}

/** What an image says, over what its style says, over the defaults. */
export function settingsOf(
  written: WrittenImage,
  context: StyleSources,
): { readonly style: StyleGiven | null; readonly settings: MapTree } {
  const { id, own, variables } = written
  const style = styleOf(written, fillWith(variables, { id, report: context.report }), context)
  return { style, settings: mergeMaps(style?.look ? underLook(style.look, context) : context.defaults, own) }
}

/** The defaults with a look over them: the same tree for all its images, which then have one recipe. */
function underLook({ name, settings }: Look, { defaults, underLooks }: StyleSources): MapTree {
  const styled = underLooks.get(name) ?? mergeMaps(defaults, settings)
  underLooks.set(name, styled)
  return styled
}

/** The style an image names, or the defaults do; a name that means nothing is told. */
function styleOf({ id, own }: WrittenImage, fill: Fill, context: StyleSources): StyleGiven | null {
  const mine = own.entries.get('style')?.value
  const tree = mine ?? context.defaults?.entries.get('style')?.value
  const name = filledText(tree, fill)?.trim() ?? null
  if (name === null || tree === undefined) return null
  const look = lookOf(name, context)
  if (!look) checkStyleName(name, tree, { id, context })
  return { name, look, level: mine ? 'image' : 'defaults' }
}

function lookOf(name: string, { styles }: StyleSources): Look | null {
  const settings = styles?.entries.get(name)?.value
  return settings?.kind === 'map' ? { name, settings } : null
}

/** A style is a look, or one of some model's own; whether this model has it is the model table's complaint. */
function checkStyleName(
  name: string,
  tree: Tree,
  { id, context }: { readonly id: string; readonly context: StyleSources },
): void {
  const { styles, modelStyles, report } = context
  if (modelStyles.includes(name)) return
  const looks = [...(styles?.entries.keys() ?? [])]
  const near = nearest(name, [...looks, ...modelStyles])
  const listed = `Looks: ${looks.length === 0 ? 'none' : looks.join(', ')}; models’ own: ${modelStyles.join(', ')}.`
  const hint = near === null ? '' : ` Did you mean "${near}"?`
  report('image/style-unknown', tree.offset, `There is no style "${name}". ${listed}${hint}`, id)
}
