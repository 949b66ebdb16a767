import { spentToday } from '../build/money.ts'
import type { Look } from '../build/reading.ts'
import { keptShare } from '../core/aspect.ts'
import { recordOf } from '../core/find-original.ts'
import type { Image, Original } from '../core/image.ts'
import { costOf } from '../core/journal.ts'
import type { JournalPurchase } from '../core/journal.ts'
import type { LockDraft, LockOutput, LockRecord } from '../core/lock.ts'
import type { BuyJob } from '../core/plan-purchases.ts'
import { priceOfTakes, totalOf } from '../core/prices.ts'
import type { Note, Problem } from '../core/problems.ts'
import type { GalleryImage, GalleryModel, GalleryOriginal, GalleryOutput, Told } from './gallery-model.ts'
import type { Originals } from './originals.ts'
import { standingOf } from './standing.ts'

/** Where the page finds the pictures; null for one that is not there. */
export interface Links {
  readonly output: (path: string) => string | null
  readonly preview: (original: Original) => string | null
  readonly original: (original: Original) => string | null
}

/** What a model is made of. */
export interface GalleryInput {
  readonly seen: Look
  readonly originals: ReadonlyMap<string, Originals>
  readonly links: Links
  readonly nowMs: number
  /** Images that are being bought, with a percentage where one is known. */
  readonly buying: ReadonlyMap<string, number | null>
  /** What stopped images in the last run, where the plan does not say it itself. */
  readonly stopped: ReadonlyMap<string, Problem>
}

/** What is known of the project, by image, so that each is looked up once. */
export interface GalleryIndex {
  readonly jobs: ReadonlyMap<string, readonly BuyJob[]>
  readonly derives: ReadonlyMap<string, string>
  readonly problems: ReadonlyMap<string, readonly Problem[]>
  readonly notes: ReadonlyMap<string, readonly Note[]>
  readonly purchases: ReadonlyMap<string, readonly JournalPurchase[]>
}

/** Turns one look at a project into what the gallery shows. Pure: the same look and links give the same model. */
export function galleryModel(input: GalleryInput): GalleryModel {
  const { reading, plan } = input.seen
  const { manifest, project, config, mode, purchases } = reading
  const index = indexOf(input)
  const known = (told: Problem | Note): boolean => told.image !== undefined && plan.images.has(told.image)
  return {
    title: project.folder.split(/[\\/]/).pop() ?? '',
    manifest: project.manifestShown,
    out: manifest.out,
    mode,
    images: manifest.images.map((image) => galleryImage(image, input, index)),
    purchases: plan.jobs.flatMap((job) =>
      job.kind === 'buy'
        ? [
            {
              key: job.purchase,
              images: job.images,
              count: job.count,
              credits: job.credits,
              reason: job.reason,
            },
          ]
        : [],
    ),
    credits: plan.credits,
    today: spentToday(purchases.values(), input.nowMs),
    dayBudget: mode === 'emulator' ? null : (config.budget?.day ?? null),
    problems: plan.problems.filter((problem) => !known(problem)).map(told),
    notes: plan.notes.filter((note) => !known(note)).map(told),
  }
}

function galleryImage(image: Image, input: GalleryInput, index: GalleryIndex): GalleryImage {
  const { id, request, recipe } = image
  const { record, standIn } = shownRecord(image, input)
  const outputs = record ? outputsOf(image, record, input) : []
  const originals = input.originals.get(id) ?? { candidates: [], earlier: [] }
  const current = record?.original.sha256 ?? null
  const show = (original: Original, take: number | null): GalleryOriginal =>
    galleryOriginal(original, { take, current, links: input.links })
  const owner = image.from ?? id
  return {
    id,
    ...standingOf(image, { input, index, standIn }),
    percent: input.buying.get(owner) ?? null,
    pinned: image.pin !== null,
    from: image.from,
    prompt: request.prompt,
    style: image.styleName ?? null,
    model: `${request.provider}/${request.model}`,
    asked: request.aspect,
    aspect: recipe.aspect,
    fit: recipe.fit,
    focus: recipe.focus,
    point: record?.focus ?? null,
    kept: record && recipe.fit !== 'contain' ? keptShare(record.original, recipe.aspect) : record && 1,
    alt: image.alt,
    decorative: image.decorative,
    standIn,
    placeholder: placeholderOf(record),
    outputs,
    bytes: outputs.reduce((sum, output) => sum + output.bytes, 0),
    spent: image.from === null ? totalOf(index.purchases.get(id) ?? [], costOf) : 0,
    price: priceOf(index.jobs.get(owner) ?? []),
    anew: priceAnew(image, input),
    candidates: originals.candidates.map(({ original, take }) => show(original, take)),
    history: originals.earlier
      .filter(({ sha256 }) => sha256 !== current)
      .map((original) => show(original, null)),
    original: record && show(record.original, null),
    problems: (index.problems.get(id) ?? []).map(told),
    notes: [...(index.notes.get(id) ?? []).map(told), ...lastFailure(image, index)],
  }
}

/** The record whose files the site shows now, and who stands in for the real picture. */
function shownRecord(
  image: Image,
  { seen }: GalleryInput,
): { readonly record: LockRecord | null; readonly standIn: LockDraft['by'] | null } {
  const entry = seen.reading.lock.images.get(image.id)
  if (!entry) return { record: null, standIn: null }
  const own = recordOf(entry, seen.reading.mode) ?? entry.bought
  if (own) return { record: own, standIn: own === entry.draft ? entry.draft.by : null }
  return { record: entry.draft, standIn: entry.draft?.by ?? null }
}

/** Behind a picture that is transparent somewhere it would stay to be seen. */
function placeholderOf(record: LockRecord | null): GalleryImage['placeholder'] {
  if (!record?.placeholder || record.original.alpha) return null
  const { colour, image } = record.placeholder
  return { colour, image }
}

function outputsOf(
  image: Image,
  record: LockRecord,
  { seen, links }: GalleryInput,
): readonly GalleryOutput[] {
  const order = (output: LockOutput): number => image.recipe.formats.indexOf(output.format)
  return [...record.outputs]
    .sort((a, b) => order(a) - order(b) || a.width - b.width)
    .map(({ format, width, height, bytes, path }) => ({
      format,
      width,
      height,
      bytes,
      address: seen.observation.facts.outputs.has(path) ? links.output(path) : null,
    }))
}

function galleryOriginal(
  original: Original,
  as: { readonly take: number | null; readonly current: string | null; readonly links: Links },
): GalleryOriginal {
  const { sha256, format, width, height, bytes } = original
  return {
    sha256,
    format,
    width,
    height,
    bytes,
    take: as.take,
    current: sha256 === as.current,
    preview: as.links.preview(original),
    address: as.links.original(original),
  }
}

/** A failure that the next run tries again stops nothing, but people want to know of it. */
function lastFailure(image: Image, index: GalleryIndex): readonly Told[] {
  const last = (index.purchases.get(image.id) ?? []).findLast(
    ({ intended }) => intended.request === image.requestKey,
  )
  if (!last?.failed || !index.jobs.has(image.id)) return []
  return [{ code: 'purchase/failed', message: `The last try failed: ${last.failed.text}` }]
}

function priceOf(jobs: readonly BuyJob[]): number | null {
  return jobs.length === 0 ? null : totalOf(jobs, ({ credits }) => credits)
}

/** What all takes of an image's words would cost if they were bought once more. */
function priceAnew({ request, candidates }: Image, { seen }: GalleryInput): number | null {
  const provider = seen.reading.providers.get(request.provider)
  return provider ? priceOfTakes(provider, request, candidates) : null
}

function told({ code, message, place }: Problem | Note): Told {
  return { code, message: place ? `${message} (${place.file}:${place.line})` : message }
}

function indexOf({ seen, stopped }: GalleryInput): GalleryIndex {
  const { plan, reading } = seen
  const jobs = plan.jobs.filter((job) => job.kind === 'buy')
  const derives = plan.jobs.flatMap((job): [string, string][] =>
    job.kind === 'buy' ? [] : [[job.image, job.reason]],
  )
  const planned = new Set(plan.problems.map(({ image }) => image))
  const problems = [...plan.problems, ...[...stopped.values()].filter(({ image }) => !planned.has(image))]
  return {
    jobs: grouped(jobs, (job) => job.images),
    derives: new Map(derives),
    problems: grouped(problems, ({ image }) => (image === undefined ? [] : [image])),
    notes: grouped(plan.notes, ({ image }) => (image === undefined ? [] : [image])),
    purchases: grouped([...reading.purchases.values()], ({ intended }) => intended.images),
  }
}

function grouped<T>(things: readonly T[], idsOf: (thing: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    for (const id of idsOf(thing)) {
      const group = groups.get(id)
      if (group) group.push(thing)
      else groups.set(id, [thing])
    }
  }
  return groups
}
