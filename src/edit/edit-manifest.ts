import { missingManifest } from '../build/read-world.ts'
import type { Project } from '../build/project.ts'
import type { Manifest } from '../core/image.ts'
import { flowText } from '../core/manifest/flow-text.ts'
import { readManifest } from '../core/manifest/read-manifest.ts'
import type { ManifestReading } from '../core/manifest/read-tree.ts'
import { writeSettings } from '../core/manifest/write-settings.ts'
import type { Place } from '../core/manifest/write-settings.ts'
import type { Note, Problem } from '../core/problems.ts'
import { placeAt, placer } from '../core/source.ts'
import { readIfThere, replaceWhole } from '../effects/files.ts'
import { sweepBeside } from '../effects/sweep.ts'
import { catalog } from '../providers/catalog.ts'
import { placesOf } from './setting-place.ts'
import type { Wanted } from './setting-place.ts'

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

/** What is wanted of a manifest, once it was read; problems stop it. */
export type Wish = (manifest: Manifest) => {
  readonly wanted: readonly Wanted[]
  readonly notes?: readonly Note[]
  readonly problems?: readonly Problem[]
}

/**
 * Writes settings of images into the manifest and leaves everything else as it is, byte for byte. The new text is
 * checked before it takes the old one's place, whole. `written` hears what the new one says. Throws `DiskError`.
 */
export async function editManifest(
  project: Project,
  wish: Wish,
  written?: (now: Manifest) => void,
): Promise<Edited> {
  sweepBeside(project.folder)
  for (;;) {
    const before = readIfThere(project.manifestPath)
    if (before === null) return stopped(missingManifest(project))
    const edited = editText({ file: project.manifestShown, text: before.toString('utf8') }, wish)
    const { now, ...result } = edited
    if (now === null || result.problems.length > 0) return result
    // Someone saved it meanwhile: their text counts, and the edit is made in that.
    if (!(await replaceWhole(project.manifestPath, before, now.text))) continue
    written?.(now.manifest)
    return result
  }
}

type Source = { readonly file: string; readonly text: string }

/** What stands there after an edit. */
type New = { readonly text: string; readonly manifest: Manifest }

/** Both texts are parsed once, whoever asks for what they say. */
function readingsOf(file: string): (text: string) => ManifestReading {
  const known = new Map<string, ManifestReading>()
  return (text) => {
    const reading = known.get(text) ?? readManifest({ file, text }, catalog)
    known.set(text, reading)
    return reading
  }
}

function editText(source: Source, wish: Wish): Edited & { readonly now: New | null } {
  const read = readingsOf(source.file)
  const { manifest, tree, problems } = read(source.text)
  if (!manifest || !tree) return { ...stopped(...problems), now: null }
  const { wanted, notes = [], problems: refused = [] } = wish(manifest)
  if (refused.length > 0) return { ...stopped(...refused), now: null }
  if (wanted.length === 0) return { changes: [], notes, problems: [], now: null }
  const placed = placesOf(wanted, tree, manifest)
  if ('refused' in placed) return { ...stopped(notPossible(source, placed.refused, placed.why)), now: null }
  const { settings } = placed
  const written = writeSettings(source.text, settings, (text) => read(text).tree)
  if ('refused' in written) return { ...stopped(notPossible(source, wanted[0], written.refused)), now: null }
  const after = { ...source, text: written.text }
  const now = read(after.text)
  if (!now.manifest) return { ...stopped(...now.problems), now: null }
  const turned = turnedIntoCrop(wanted, now.manifest)
  if (turned) return { ...stopped(notPossible(source, turned, AS_A_CROP)), now: null }
  const place = { before: placer(source), after: placer(after) }
  const changes = wanted
    .map((one, index) => changeOf({ ...one, ...settings[index] }, written.places[index], place))
    .filter(({ before, after: stands }) => before !== stands)
  return {
    changes,
    notes,
    problems: [],
    now: changes.length === 0 ? null : { text: after.text, manifest: now.manifest },
  }
}

const AS_A_CROP =
  'It is all that makes this variant a picture of its own; without it, it would be another crop. Change it by hand if that is meant.'

/** A variant that lost the last setting of its own. */
function turnedIntoCrop(wanted: readonly Wanted[], { images }: Manifest): Wanted | undefined {
  const from = new Map(images.map((image) => [image.id, image.from]))
  return wanted.find(({ image }) => from.get(image.id) !== image.from)
}

type Placer = ReturnType<typeof placer>

function changeOf(
  { image, key, value }: Wanted,
  stood: Place | undefined,
  place: { readonly before: Placer; readonly after: Placer },
): Change {
  const { offset, of, was } = stood ?? { offset: image.offset, of: 'before', was: undefined }
  const { file, line, column } = place[of](offset)
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

function notPossible(source: Source, wanted: Wanted | undefined, why: string): Problem {
  const { image, key = '' } = wanted ?? {}
  const message = `${image?.id ?? ''}: "${key}" was not written. ${why} Nothing was changed.`
  const place = placeAt(source, image?.offset ?? 0)
  return { code: 'edit/not-possible', message, place, ...(image ? { image: image.id } : {}) }
}

/** An edit that came to nothing. */
export function stopped(...problems: readonly Problem[]): Edited {
  return { changes: [], notes: [], problems }
}
