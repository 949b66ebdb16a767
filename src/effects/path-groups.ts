import { BETWEEN } from './state.ts'
import type { PathGroup, State, StateHeader } from './state.ts'

/** What tells the files of one image apart: a width, perhaps a digest, the format. */
const TAIL = /(?:-\d+)?(?:\.[^./]+)+$/

/** Groups paths that follow each other and begin alike. */
export function groupPaths(paths: readonly string[]): readonly PathGroup[] {
  const groups: { readonly stem: string; readonly tails: string[] }[] = []
  for (const path of paths) {
    const tail = TAIL.exec(path)?.[0] ?? ''
    const stem = path.slice(0, path.length - tail.length)
    const last = groups.at(-1)
    if (last?.stem === stem) last.tails.push(tail)
    else groups.push({ stem, tails: [tail] })
  }
  return groups
}

/** Tails that several groups have. */
export function sharedTails(groups: readonly PathGroup[]): StateHeader['tails'] {
  const once = new Set<string>()
  const shared = new Map<string, readonly string[]>()
  for (const { tails } of groups) {
    const text = tails.join(BETWEEN)
    if (once.has(text)) shared.set(text, tails)
    once.add(text)
  }
  return [...shared.values()]
}

/** A few paths that follow each other, and what comes in their place. */
export interface ReplacedPaths {
  readonly at: number
  readonly count: number
  readonly paths: readonly string[]
}

/** The groups with a few other paths in the place of some. */
export function groupsWith(
  { groups }: Pick<State, 'groups'>,
  replaced: readonly ReplacedPaths[],
): readonly PathGroup[] {
  const next: PathGroup[] = []
  let group = 0
  let start = 0
  const keep = (from: number, to: number): void => {
    for (; group < groups.length && start < to; group += 1) {
      const { stem, tails = [] } = groups[group] ?? { stem: '' }
      const kept = tails.slice(Math.max(0, from - start), to - start)
      if (kept.length > 0) next.push({ stem, tails: kept })
      // The rest of this group may be kept too, behind what is replaced in it.
      if (start + tails.length > to) return
      start += tails.length
    }
  }
  let from = 0
  for (const { at, count, paths } of replaced) {
    keep(from, at)
    next.push(...groupPaths(paths))
    from = at + count
  }
  keep(from, Number.POSITIVE_INFINITY)
  return next
}

/** One line a group, as `readState` reads them. */
export function linesOf(groups: readonly PathGroup[], tails: StateHeader['tails']): string {
  const places = new Map(tails.map((known, place) => [known.join(BETWEEN), String(place)]))
  const lines = groups.map((group) => {
    const text = group.tails.join(BETWEEN)
    return [group.stem, places.get(text) ?? BETWEEN + text].join(BETWEEN)
  })
  return lines.join('\n')
}

/** Where a path stands among all; -1 for nowhere. */
export function placeOf({ groups }: Pick<State, 'groups'>, path: string): number {
  let at = 0
  for (const { stem, tails } of groups) {
    const place = path.startsWith(stem) ? tails.indexOf(path.slice(stem.length)) : -1
    if (place !== -1) return at + place
    at += tails.length
  }
  return -1
}

/** All paths, in their order. */
export function pathsOf({ groups }: Pick<State, 'groups'>): readonly string[] {
  return groups.flatMap(({ stem, tails }) => tails.map((tail) => stem + tail))
}
