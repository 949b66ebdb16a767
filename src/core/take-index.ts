import type { C2pa, Original, RequestParts } from './image.ts'

/** What the store's index knows of one RequestKey: a file of its own, so that git merges it. */
export interface IndexEntry {
  readonly request: string
  readonly declared: string
  /** Who made its takes, but for those that say otherwise. */
  readonly model: string | null
  readonly parts: RequestParts | null
  /** Images that it was bought for, so that a clone knows the history of an image. Sorted. */
  readonly images: readonly string[]
  /** First take first. */
  readonly takes: readonly Take[]
}

/** One picture of a request. */
export interface Take {
  /** From 1. */
  readonly take: number
  readonly original: Original
  /** Who made it: `provider/model`, or `adopted`; null where the index was written before it was kept there. */
  readonly model: string | null
}

/** The model of a picture that somebody brought along: nobody knows who made it. */
export const ADOPTED = 'adopted'

/** Where the entry of a RequestKey lies in the store. */
export function indexName(request: string): string {
  return `index/${request.slice(0, 2)}/${request}.json`
}

/** What was listed and what is to be listed. What is listed stays: another picture under a take's number gets the next free one. */
export function joined(listed: IndexEntry | null, entry: IndexEntry): IndexEntry {
  return {
    ...entry,
    images: [...new Set([...(listed?.images ?? []), ...entry.images])].sort(),
    takes: numbered([...(listed?.takes ?? []), ...entry.takes]),
  }
}

/** Prints an entry so that it merges by lines. */
export function indexText(entry: IndexEntry): string {
  const { request, declared, model, parts, images } = entry
  const takes = entry.takes.map(({ take, original, model: own }) => {
    const maker = own === null || own === model ? {} : { model: own }
    return `    ${JSON.stringify({ take, ...original, ...maker })}`
  })
  const fields = [
    `"request": ${JSON.stringify(request)}`,
    `"declared": ${JSON.stringify(declared)}`,
    ...(model === null ? [] : [`"model": ${JSON.stringify(model)}`]),
    ...(parts === null ? [] : [`"parts": ${JSON.stringify(PARTS.map((part) => parts[part]))}`]),
    `"images": [\n${images.map((id) => `    ${JSON.stringify(id)}`).join(',\n')}\n  ]`,
    `"takes": [\n${takes.join(',\n')}\n  ]`,
  ]
  return `{\n  ${fields.join(',\n  ')}\n}\n`
}

const PARTS = ['model', 'prompt', 'style', 'aspect', 'params', 'reroll'] as const

/**
 * Reads an index file line by line, so that one which git joined from two branches is understood as well. Null for
 * anything that is no index: the journal and the lock still forbid a second purchase.
 */
export function parseIndex(text: string): IndexEntry | null {
  const values = text.split('\n').flatMap((line) => valueIn(line) ?? [])
  const field = (name: string): unknown => values.find(({ key }) => key === name)?.value
  const [request, declared, model] = ['request', 'declared', 'model'].map(field)
  const rows = values.filter(({ key }) => key === null).map(({ value }) => value)
  const maker = typeof model === 'string' ? model : null
  const takes = rows.filter((row) => typeof row === 'object').map((row) => takeOf(row, maker))
  const images = rows.filter((row) => typeof row === 'string')
  if (typeof request !== 'string' || typeof declared !== 'string') return null
  if (takes.length === 0 || takes.includes(null)) return null
  return {
    request,
    declared,
    model: maker,
    parts: partsOf(field('parts')),
    images: [...new Set(images)].sort(),
    takes: numbered(takes.filter((take) => take !== null)),
  }
}

const BRACKETS = new Set(['', '{', '}', '[', ']'])

/** `"key": value,` or `value,`; undefined for brackets, marks of a conflict and the like. */
function valueIn(line: string): { readonly key: string | null; readonly value: unknown } | undefined {
  const [, key, value = ''] = /^\s*(?:"(\w+)": )?(.*?),?\s*$/.exec(line) ?? []
  // Of every entry; to have the parser throw at them takes longer than all the rest.
  if (BRACKETS.has(value)) return undefined
  try {
    return { key: key ?? null, value: JSON.parse(value) }
  } catch {
    return undefined
  }
}

/** One picture once; where two pictures have one number, as a merge leaves them, the second gets the next free one. */
function numbered(takes: readonly Take[]): readonly Take[] {
  const distinct = [...new Map([...takes].reverse().map((take) => [take.original.sha256, take])).values()]
  const byNumber = new Map<number, Take>()
  const late: Take[] = []
  for (const take of distinct.reverse()) {
    if (byNumber.has(take.take)) late.push(take)
    else byNumber.set(take.take, take)
  }
  for (const one of late) {
    const take = Math.max(...byNumber.keys()) + 1
    byNumber.set(take, { ...one, take })
  }
  return [...byNumber.values()].sort((a, b) => a.take - b.take)
}

function partsOf(value: unknown): RequestParts | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const [model, prompt, style, aspect, params, reroll] = list.map((part) =>
    typeof part === 'string' ? part : '',
  )
  if (list.length !== PARTS.length || reroll === undefined) return null
  return {
    model: model ?? '',
    prompt: prompt ?? '',
    style: style ?? '',
    aspect: aspect ?? '',
    params: params ?? '',
    reroll,
  }
}

function takeOf(value: unknown, maker: string | null): Take | null {
  if (typeof value !== 'object' || value === null) return null
  const { take, model, ...rest } = value as Record<string, unknown>
  const { sha256, format, width, height, bytes, alpha, c2pa } = rest
  if (typeof take !== 'number' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp' && format !== 'avif' && format !== 'gif')
    return null
  if (typeof width !== 'number' || typeof height !== 'number' || typeof bytes !== 'number') return null
  const original = { sha256, format, width, height, bytes, alpha: alpha === true } as const
  const origin = c2paOf(c2pa)
  return {
    take,
    original: { ...original, ...(origin && { c2pa: origin }) },
    model: typeof model === 'string' ? model : maker,
  }
}

function c2paOf(value: unknown): C2pa | null {
  if (typeof value !== 'object' || value === null) return null
  const { sha256, generator } = value as Record<string, unknown>
  if (typeof sha256 !== 'string') return null
  return { sha256, generator: typeof generator === 'string' ? generator : null }
}
