import type { Look } from './build/reading.ts'
import { readIfThere, replaceWhole } from './effects/files.ts'
import { openOutputs } from './effects/outputs.ts'
import { idMistake } from './core/manifest/ids.ts'
import type { Image, Manifest } from './core/image.ts'
import type { LockImage, LockOutput } from './core/lock.ts'
import { ownedPaths } from './core/lock.ts'
import { readManifest } from './core/manifest/read-manifest.ts'
import { imageKeys, renameImage } from './core/manifest/rename-image.ts'
import type { Renamed } from './core/manifest/rename-image.ts'
import { nearest } from './core/nearest.ts'
import { ownedBy } from './core/next-lock.ts'
import type { Problem } from './core/problems.ts'
import { outputPath } from './core/recipes.ts'
import { placeAt } from './core/source.ts'
import { stopped } from './edit/edit-manifest.ts'
import type { Change, Edited } from './edit/edit-manifest.ts'
import { inProject, writeLock } from './edit/in-project.ts'
import type { ProjectOptions } from './edit/in-project.ts'
import { catalog } from './providers/catalog.ts'

/**
 * Renames an image, or a whole matrix, together with its files, its place in the lock and what is cut from it. Nothing is
 * bought or encoded. Pages that name it are the caller's.
 */
export async function rename(
  options: ProjectOptions & { readonly from: string; readonly to: string },
): Promise<Edited> {
  const { from, to } = options
  return inProject(options, async (seen) => {
    const { project } = seen.reading
    const before = readIfThere(project.manifestPath)
    if (before === null) return stopped()
    const source = { file: project.manifestShown, text: before.toString('utf8') }
    const problem = refusal(from, to, { seen, keys: imageKeys(source.text) })
    if (problem) return stopped(problem)
    const renamed = renameImage(source.text, from, to)
    const after = renamed ? readManifest({ ...source, text: renamed.text }, catalog) : null
    if (after && !after.manifest) return stopped(...after.problems)
    const ids = idsOf(seen.reading.manifest, from, to)
    if (!renamed || !after?.manifest || !sameButNames(seen.reading.manifest, after.manifest, ids))
      return stopped(notPossible(from))
    return move(seen, { before, renamed, ids, changed: changesOf(renamed, source.file, to) })
  })
}

/** Present ids and what they are to be; a matrix has one for each cell. */
type Ids = ReadonlyMap<string, string>

function idsOf({ images }: Manifest, from: string, to: string): Ids {
  const named = images.filter(({ id }) => id === from)
  const offset = images.find(({ id }) => id.startsWith(`${from}-`))?.offset
  const cells = named.length > 0 ? named : images.filter((image) => image.offset === offset)
  const ids = cells.flatMap(({ id, variants }) => [id, ...variants.map((variant) => variant.id)])
  return new Map(ids.map((id) => [id, `${to}${id.slice(from.length)}`]))
}

function refusal(
  from: string,
  to: string,
  { seen, keys }: { readonly seen: Look; readonly keys: ReadonlySet<string> },
): Problem | null {
  const { manifest, lock } = seen.reading
  if (!keys.has(from)) return unknown(from, keys, manifest)
  const mistake = idMistake(to)
  if (mistake !== null) return { code: 'image/id', message: `${mistake} Nothing was changed.` }
  const present = new Set([...keys, ...manifest.images.map(({ id }) => id)])
  const taken = [to, ...idsOf(manifest, from, to).values()].find(
    (id) => present.has(id) || lock.images.has(id),
  )
  if (taken === undefined) return null
  const where = present.has(taken) ? 'in the manifest' : 'in the lock; "pixelkiln prune" removes it'
  return {
    code: 'image/id-clash',
    message: `"${taken}" is ${where} already, so ${from} was not renamed. Nothing was changed.`,
    image: from,
  }
}

function unknown(from: string, keys: ReadonlySet<string>, { images }: Manifest): Problem {
  const cell = images.find(({ id }) => id === from)
  const whole = images.find(({ variants }) => variants.some(({ id }) => id === from))
  const near = nearest(from, [...keys])
  const hint = whole
    ? ` It is a variant of ${whole.id}: change its "name" there, and the next build moves its files.`
    : cell
      ? ' It is a cell of a matrix: change the value of its axis in the manifest, and the next build moves its files.'
      : near === null
        ? ''
        : ` The nearest id is "${near}".`
  return { code: 'usage/image-unknown', message: `No image is written as "${from}".${hint}` }
}

/** Everything but the names must have stayed. */
function sameButNames(before: Manifest, after: Manifest, ids: Ids): boolean {
  const now = (id: string): string => ids.get(id) ?? id
  const expected = before.images.map((image) => plain(image, now))
  const found = after.images.map((image) => plain(image, (id) => id))
  return expected.sort().join('\n') === found.sort().join('\n')
}

function plain(image: Image, now: (id: string) => string): string {
  const from = image.from === null ? null : now(image.from)
  const variants = image.variants.map(({ media, id }) => ({ media, id: now(id) }))
  return JSON.stringify({ ...image, id: now(image.id), from, variants, offset: 0, aspectOffset: null })
}

/**
 * New files, manifest, lock, index, and only then the old files go: whenever it is cut short, the next build copies what
 * is missing and buys nothing.
 */
async function move(
  seen: Look,
  given: {
    readonly before: Buffer
    readonly renamed: Renamed
    readonly ids: Ids
    readonly changed: readonly Change[]
  },
): Promise<Edited> {
  const { reading } = seen
  const { project, lock, store } = reading
  const { ids } = given
  const moved = [...lock.images].flatMap(([id, entry]) => {
    const to = ids.get(id)
    return to === undefined ? [] : [{ id, to, before: entry, after: entryAt(entry, to, ids) }]
  })
  const outputs = openOutputs(reading.out, new Set(ownedBy(lock).keys()))
  for (const { before, after, to } of moved) {
    const problem = await copyFiles(ownedPaths(before), ownedPaths(after), { outputs, to })
    if (problem) return stopped(problem)
  }
  if (!(await replaceWhole(project.manifestPath, given.before, given.renamed.text)))
    return stopped(notPossible(moved[0]?.id ?? '', 'The manifest was saved by somebody else meanwhile.'))
  const images = new Map([...lock.images].filter(([id]) => !ids.has(id)))
  for (const { to, after } of moved) images.set(to, after)
  if (moved.length > 0) await writeLock(seen, images)
  for (const entry of store.index().entries) {
    const more = entry.images.flatMap((id) => ids.get(id) ?? [])
    if (more.length > 0) await store.list({ ...entry, images: more })
  }
  const kept = new Set([...images.values()].flatMap(ownedPaths).map(({ path }) => path))
  const old = moved.flatMap(({ before }) => ownedPaths(before)).filter(({ path }) => !kept.has(path))
  const removed = old.filter((output) => outputs.remove(output)).length
  const message = `${removed} ${removed === 1 ? 'file' : 'files'} moved; nothing was bought or encoded. Pages that name the old paths have to be changed by hand.`
  return { changes: given.changed, notes: [{ code: 'image/renamed', message }], problems: [] }
}

/** A lock entry whose files, and variants, have the names of another id. */
function entryAt(entry: LockImage, id: string, ids: Ids): LockImage {
  const at = <Record extends { readonly filename: string; readonly outputs: readonly LockOutput[] }>(
    record: Record,
  ): Record => ({
    ...record,
    outputs: record.outputs.map((output) => ({
      ...output,
      path: outputPath(record.filename, id, output, output.hash ?? ''),
    })),
  })
  return {
    ...entry,
    variants: entry.variants.map(({ media, id: before }) => ({ media, id: ids.get(before) ?? before })),
    bought: entry.bought && at(entry.bought),
    draft: entry.draft && at(entry.draft),
    others: entry.others.map(at),
  }
}

async function copyFiles(
  before: readonly LockOutput[],
  after: readonly LockOutput[],
  { outputs, to }: { readonly outputs: ReturnType<typeof openOutputs>; readonly to: string },
): Promise<Problem | null> {
  for (const [index, output] of before.entries()) {
    const path = after[index]?.path
    const bytes = outputs.read(output.path)
    if (path === undefined || bytes === null) continue
    const written = await outputs.write(path, bytes)
    if (written === 'written' || written === 'adopted') continue
    const why =
      written === 'outside' ? 'lies behind a link that leads out of the asset folder' : 'is in the way'
    const message = `${path} ${why}, so nothing was renamed to ${to}. Move it, then try again.`
    return { code: written === 'outside' ? 'output/outside' : 'output/not-ours', message, image: to }
  }
  return null
}

function changesOf({ text, places }: Renamed, file: string, id: string): readonly Change[] {
  return places.map(({ offset, before, after }) => {
    const { line, column } = placeAt({ file, text }, offset)
    const sentence = `${file}:${line}:${column}: changed ${before} to ${after}`
    return { id, file, line, column, before, after, sentence }
  })
}

function notPossible(
  id: string,
  why = 'It is written in a way that cannot be renamed without changing something else as well. Rename it by hand; the next build moves its files.',
): Problem {
  return { code: 'edit/not-possible', message: `${id} was not renamed. ${why}`, image: id }
}
