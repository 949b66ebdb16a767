import type { Catalog } from '../catalog.ts'
import type { Image, Manifest } from '../image.ts'
import type { Note, Problem } from '../problems.ts'
import { placer } from '../source.ts'
import type { Place, Source } from '../source.ts'
import { checkKeys, mapAt } from './check-tree.ts'
import { cleanFolder, folded, outMistake, possiblePaths } from './ids.ts'
import { textOf } from './recipe-of.ts'
import type { Report } from './report.ts'
import { resolveImages } from './resolve.ts'
import { checkEatenWords, checkSecrets, maskKeys } from './suspicious.ts'
import { TOP_KEYS } from './table.ts'
import { parseTree } from './tree.ts'
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
}

const DEFAULT_OUT = 'public/images'

/** Reads a manifest's text: YAML, structure, names, styles, matrix and requests; all mistakes at once, each with its place. */
export function readManifest(source: Source, catalog: Catalog): ManifestReading {
  const found: { problem: Problem; offset: number }[] = []
  const placed = placer(source)
  const place = (offset: number): Place => {
    const { excerpt, ...where } = placed(offset)
    return { ...where, excerpt: maskKeys(excerpt) }
  }
  const report: Report = (code, offset, message, image) => {
    found.push({
      offset,
      problem: {
        code,
        message: maskKeys(message),
        place: place(offset),
        ...(image === undefined ? {} : { image }),
      },
    })
  }
  checkSecrets(source.text, report)
  const tree = parseTree(source.text, report)
  const read = tree === null ? emptyFile(source, report) : readTree(tree, { report, catalog, place })
  const problems = found.sort((a, b) => a.offset - b.offset).map(({ problem }) => problem)
  const { manifest, unsupported, notes } = read
  return { manifest: problems.length === 0 ? manifest : null, problems, unsupported, notes }
}

type Read = Pick<ManifestReading, 'manifest' | 'unsupported' | 'notes'>

const NOTHING: Read = { manifest: null, unsupported: [], notes: [] }

function emptyFile(source: Source, report: Report): Read {
  if (source.text.replaceAll(/^\s*(#.*)?$/gm, '').trim() === '') {
    report(
      'manifest/missing-key',
      0,
      'The manifest is empty. "pixelkiln init" in a new folder shows a first one.',
    )
  }
  return NOTHING
}

function readTree(
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
  const manifest = { out: cleanFolder(out), url: textOf(tree.entries.get('url')?.value), images: sorted }
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

/** Ids that differ only in case, ids that are a folder of another's files, and files that two images would write. */
function checkClashes(images: readonly Image[], report: Report): void {
  const ids = new Map<string, string>()
  const paths = new Map<string, string>()
  for (const image of images) {
    const twin = ids.get(folded(image.id))
    if (twin !== undefined) {
      const what =
        twin === image.id
          ? `"${image.id}" stands here twice.`
          : `"${image.id}" and "${twin}" are one name on systems that ignore case. Rename one.`
      report('image/id-clash', image.offset, what, image.id)
      continue
    }
    ids.set(folded(image.id), image.id)
    for (const path of possiblePaths(image.id, image.recipe)) {
      const other = paths.get(folded(path))
      if (other !== undefined && other !== image.id) {
        report(
          'image/path-clash',
          image.offset,
          `"${image.id}" and "${other}" would both write ${path}. Rename one, or change its widths or filename.`,
          image.id,
        )
        break
      }
      paths.set(folded(path), image.id)
    }
  }
  for (const image of images) checkFolderClash(image, paths, report)
}

/** A file cannot also be a folder: id `a-480.avif/x` beside id `a`. */
function checkFolderClash(image: Image, paths: ReadonlyMap<string, string>, report: Report): void {
  const parts = folded(image.id).split('/')
  for (let length = 1; length < parts.length; length += 1) {
    const owner = paths.get(parts.slice(0, length).join('/'))
    if (owner !== undefined) {
      report(
        'image/path-clash',
        image.offset,
        `"${image.id}" needs a folder where "${owner}" writes a file. Rename one.`,
        image.id,
      )
      return
    }
  }
}
