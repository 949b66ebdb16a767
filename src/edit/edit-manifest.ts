import { missingManifest } from '../build/read-world.ts'
import type { Project } from '../build/project.ts'
import type { Image, Json, Manifest } from '../core/image.ts'
import { flowText } from '../core/manifest/flow-text.ts'
import { readManifest } from '../core/manifest/read-manifest.ts'
import { writeSettings } from '../core/manifest/write-settings.ts'
import type { Place, Setting } from '../core/manifest/write-settings.ts'
import { mapAt } from '../core/manifest/check-tree.ts'
import { parseTree } from '../core/manifest/tree.ts'
import type { MapTree } from '../core/manifest/tree.ts'
import { slug } from '../core/manifest/written.ts'
import type { Note, Problem } from '../core/problems.ts'
import { placeAt } from '../core/source.ts'
import { readIfThere, replaceWhole } from '../effects/files.ts'
import { catalog } from '../providers/catalog.ts'

/** One setting that was changed in the manifest, and where. */
export interface Change {
  readonly id: string
  /** As people see it: relative to where they stand. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The value that stood there as YAML; null where the key was not written there. */
  readonly before: string | null
  /** The value that stands there now; null where the key was taken out. */
  readonly after: string | null
  /** What was changed and where, for people. */
  readonly sentence: string
}

/** What an edit came to. With a problem nothing was written. */
export interface Edited {
  readonly changes: readonly Change[]
  readonly notes: readonly Note[]
  readonly problems: readonly Problem[]
}

/** A setting of one image that is to be written, or (undefined) taken out. */
export interface Wanted {
  readonly image: Image
  readonly key: 'reroll' | 'pick' | 'pin' | 'focus' | 'candidates'
  readonly value: Json | undefined
}

/** What is wanted of a manifest, once it was read; problems stop it. */
export type Wish = (manifest: Manifest) => {
  readonly wanted: readonly Wanted[]
  readonly notes?: readonly Note[]
  readonly problems?: readonly Problem[]
}

/**
 * Writes settings of images into the manifest and leaves everything else as it is, byte for byte. The new text is
 * checked before it takes the old one's place, whole. Throws `DiskError`.
 */
export async function editManifest(project: Project, wish: Wish): Promise<Edited> {
  for (;;) {
    const before = readIfThere(project.manifestPath)
    if (before === null) return stopped(missingManifest(project))
    const edited = editText({ file: project.manifestShown, text: before.toString('utf8') }, wish)
    const { text, ...result } = edited
    if (text === null || result.problems.length > 0) return result
    // Someone saved it meanwhile: their text counts, and the edit is made in that.
    if (await replaceWhole(project.manifestPath, before, text)) return result
  }
}

const UNDER_VARIANTS = 'It is a variant: write it into its own entry under "variants" by hand.'

function isVariant({ id }: Image, { images }: Manifest): boolean {
  return images.some(({ variants }) => variants.some((variant) => variant.id === id))
}
const FOR_ALL_CELLS = 'All cells of a matrix have as many candidates: raise "candidates" there first.'

type Source = { readonly file: string; readonly text: string }

function editText(source: Source, wish: Wish): Edited & { readonly text: string | null } {
  const { manifest, problems } = readManifest(source, catalog)
  if (!manifest) return { ...stopped(...problems), text: null }
  const { wanted, notes = [], problems: refused = [] } = wish(manifest)
  if (refused.length > 0) return { ...stopped(...refused), text: null }
  if (wanted.length === 0) return { changes: [], notes, problems: [], text: null }
  const variant = wanted.find(({ image }) => isVariant(image, manifest))
  if (variant) return { ...stopped(notPossible(source, [variant], UNDER_VARIANTS)), text: null }
  const settings = settingsOf(source.text, wanted)
  if (settings.some(({ path }) => path.length > 3 && path.at(-1) === 'candidates'))
    return { ...stopped(notPossible(source, wanted, FOR_ALL_CELLS)), text: null }
  const written = writeSettings(source.text, settings)
  if ('refused' in written) return { ...stopped(notPossible(source, wanted, written.refused)), text: null }
  const after = { ...source, text: written.text }
  const read = readManifest(after, catalog)
  if (!read.manifest) return { ...stopped(...read.problems), text: null }
  const changes = wanted
    .map((one, index) =>
      changeOf({ ...one, ...settings[index] }, written.places[index], { before: source, after }),
    )
    .filter(({ before, after: now }) => before !== now)
  return { changes, notes, problems: [], text: changes.length === 0 ? null : written.text }
}

/** Where each setting belongs: at its image, or for a cell of a matrix under `each`. */
function settingsOf(text: string, wanted: readonly Wanted[]): readonly Setting[] {
  const tree = parseTree(text, () => undefined)
  const images = tree === null ? null : mapAt(tree, 'images')
  const names = new Map([...(images?.entries ?? [])].map(([name, entry]) => [entry.keyOffset, name]))
  return wanted.map(({ image, key, value }) => {
    const base = names.get(image.offset) ?? image.id
    const path = ['images', base, ...(base === image.id ? [] : cellPath(image.id, base, images)), key]
    // What all cells have is taken back for one of them by `null`.
    const inherited = value === undefined && base !== image.id && !isWritten(images, path)
    return { path, value: inherited ? null : value }
  })
}

function cellPath(id: string, base: string, images: MapTree | null): readonly string[] {
  const cell = id.slice(base.length + 1)
  const image = images?.entries.get(base)?.value
  const each = image ? mapAt(image, 'each') : null
  return ['each', [...(each?.entries.keys() ?? [])].find((name) => slug(name) === cell) ?? cell]
}

function isWritten(images: MapTree | null, [, base = '', each = '', cell = '', key = '']: string[]): boolean {
  const image = images?.entries.get(base)?.value
  const cells = image ? mapAt(image, each) : null
  return (cells ? mapAt(cells, cell) : null)?.entries.has(key) === true
}

function changeOf(
  { image, key, value }: Wanted,
  stood: Place | undefined,
  texts: { readonly before: Source; readonly after: Source },
): Change {
  const { offset, of, was } = stood ?? { offset: image.offset, of: 'before', was: undefined }
  const { file, line, column } = placeAt(texts[of], offset)
  const before = was === undefined ? null : flowText(was, '')
  const after = value === undefined ? null : flowText(value, '')
  return {
    id: image.id,
    file,
    line,
    column,
    before,
    after,
    sentence: `${file}:${line}:${column}: ${image.id}: ${sentenceOf(key, before, after)}`,
  }
}

function sentenceOf(key: string, before: string | null, after: string | null): string {
  if (after === null) return before === null ? `took "${key}" back` : `took "${key}: ${before}" out`
  return before === null ? `wrote "${key}: ${after}"` : `changed "${key}: ${before}" to "${key}: ${after}"`
}

function notPossible(source: Source, wanted: readonly Wanted[], why: string): Problem {
  const [first] = wanted
  const what = `${first?.image.id ?? ''}: "${first?.key ?? ''}" was not written. ${why} Nothing was changed.`
  const place = placeAt(source, first?.image.offset ?? 0)
  return { code: 'edit/not-possible', message: what, place, ...(first ? { image: first.image.id } : {}) }
}

/** An edit that came to nothing. */
export function stopped(...problems: readonly Problem[]): Edited {
  return { changes: [], notes: [], problems }
}
