import type { Catalog } from '../catalog.ts'
import type { Manifest } from '../image.ts'
import type { Note, Problem } from '../problems.ts'
import { placer } from '../source.ts'
import type { Place, Source } from '../source.ts'
import { checkKeys, mapAt } from './check-tree.ts'
import { checkClashes } from './clashes.ts'
import { emitOf } from './emit-of.ts'
import { cleanFolder, outMistake } from './ids.ts'
import { textOf } from './recipe-of.ts'
import type { Report } from './report.ts'
import { resolveImages } from './resolve.ts'
import { checkEatenWords, checkSecrets, maskKeys } from './suspicious.ts'
import { TOP_KEYS } from './table.ts'
import type { Tree } from './tree.ts'
import { writtenImages } from './written.ts'

/** What reading a manifest came to. */
export interface ManifestReading {
  /** Null when there are problems. */
  readonly manifest: Manifest | null
  /** Every mistake, in the order of the text. */
  readonly problems: readonly Problem[]
  /** What the model tables complain of, by image: errors only for what has to be bought. */
  readonly unsupported: readonly (Problem & { readonly image: string })[]
  readonly notes: readonly Note[]
  /** What was parsed, for those who edit the text; null where YAML itself has a mistake. */
  readonly tree: Tree | null
}

const DEFAULT_OUT = 'public/images'

/** Reads what a parser made of a manifest's text; all mistakes at once, each with its place. */
export function readTree(
  source: Source,
  catalog: Catalog,
  parse: (text: string, report: Report) => Tree | null,
): ManifestReading {
  const { report, place, problems } = collector(source)
  checkSecrets(source.text, report)
  const tree = isText(source.text, report) ? parse(source.text, report) : null
  const read = tree === null ? NOTHING : readTop(tree, { report, catalog, place })
  const found = problems()
  return {
    manifest: found.length === 0 ? read.manifest : null,
    problems: found,
    unsupported: read.unsupported.map(masked),
    notes: read.notes.map(masked),
    tree,
  }
}

type Read = Pick<ManifestReading, 'manifest' | 'unsupported' | 'notes'>

const NOTHING: Read = { manifest: null, unsupported: [], notes: [] }

/** Gathers problems with their places; one that was told already is dropped, and nothing that looks like a key gets through. */
function collector(source: Source): {
  readonly report: Report
  readonly place: (offset: number) => Place
  readonly problems: () => readonly Problem[]
} {
  const told = new Set<string>()
  const found: { readonly problem: Problem; readonly offset: number }[] = []
  // Masked before the excerpts are cut, or half a key would stand at an edge.
  const place = placer({ file: source.file, text: maskKeys(source.text) })
  const report: Report = (code, offset, message, image) => {
    const key = `${code} ${offset} ${message}`
    if (told.has(key)) return
    told.add(key)
    const about = image === undefined ? {} : { image }
    found.push({ offset, problem: masked({ code, message, place: place(offset), ...about }) })
  }
  const problems = (): readonly Problem[] =>
    found.sort((a, b) => a.offset - b.offset).map(({ problem }) => problem)
  return { report, place, problems }
}

function masked<Told extends Note>(told: Told): Told {
  const image = told.image === undefined ? {} : { image: maskKeys(told.image) }
  return { ...told, message: maskKeys(told.message), ...image }
}

function isText(text: string, report: Report): boolean {
  const broken = text.search(/[\0\uFFFD]/)
  if (broken === -1) return true
  report('manifest/unreadable', broken, 'The manifest is not UTF-8 text from here on. Save it as UTF-8.')
  return false
}

function readTop(
  tree: Tree,
  context: { readonly report: Report; readonly catalog: Catalog; readonly place: (offset: number) => Place },
): Read {
  const { report } = context
  if (newerVersion(tree, report)) return NOTHING
  checkKeys(tree, TOP_KEYS, { report, what: 'The manifest', unset: true })
  checkEatenWords(tree, report)
  const images = mapAt(tree, 'images')
  if (tree.kind !== 'map' || !images) return NOTHING
  const outEntry = tree.entries.get('out')
  const out = textOf(outEntry?.value) ?? DEFAULT_OUT
  const mistake = outMistake(out)
  if (mistake !== null) report('manifest/wrong-value', outEntry?.value.offset ?? 0, `"out" ${mistake}.`)
  const written = writtenImages(images, report)
  const resolved = resolveImages(written, {
    ...context,
    defaults: mapAt(tree, 'defaults'),
    styles: mapAt(tree, 'styles'),
  })
  checkClashes(resolved.images, report)
  const sorted = [...resolved.images].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const emit = emitOf(mapAt(tree, 'emit'), { out: cleanFolder(out), report })
  const url = textOf(tree.entries.get('url')?.value)
  const manifest = { out: cleanFolder(out), url, emit, images: sorted }
  return { manifest, unsupported: resolved.unsupported, notes: resolved.notes }
}

/** A version this tool does not know makes every other complaint about the file worthless. */
function newerVersion(tree: Tree, report: Report): boolean {
  const version = tree.kind === 'map' ? tree.entries.get('version')?.value : undefined
  if (version?.kind !== 'scalar' || typeof version.value !== 'number' || version.value <= 1) return false
  report(
    'manifest/version',
    version.offset,
    `This manifest is of version ${version.value}, and this pixelkiln reads version 1. Update pixelkiln.`,
  )
  return true
}
