import { matchIds } from '../../core/match-ids.ts'
import type { Pending } from '../../core/pending.ts'
import type { Question, WatchView } from './view.ts'

/** What a person wants done. */
export type Wish =
  | { readonly do: 'buy'; readonly images: readonly string[] }
  | { readonly do: 'reroll'; readonly images: readonly string[] }
  | { readonly do: 'gallery' }
  | { readonly do: 'quit' }

/** What follows from a key: the next view, and what is wanted, if anything. */
export interface Pressed {
  readonly view: WatchView
  readonly wish: Wish | null
}

/** Entries that have a key of their own. */
export const NUMBERED = 9

/**
 * Takes one key. Buying is asked first, with pictures and credits, unless the service costs nothing (`free`); any key
 * but `y` is a no.
 */
export function pressed(view: WatchView, key: string, free: boolean): Pressed {
  const { question } = view
  if (view.closing) return only(view)
  if (question?.type === 'sure') return answered(view, question, key)
  if (question?.type === 'which') return typed(view, question, { key, free })
  const pending = view.standing?.pending ?? []
  const open = view.standing?.open ?? []
  // What is being bought is no longer to be had, and what is pending after that shows when the run is over.
  if (view.progress.busy && /^[b/1-9]$/.test(key)) return only(view)
  switch (key) {
    case 'q':
      return { view: { ...view, closing: true }, wish: { do: 'quit' } }
    case 'u':
      return { view, wish: { do: 'gallery' } }
    case 'r':
      return only({ ...view, question: { type: 'which', what: 'reroll', text: '' } })
    case '/':
      return only({ ...view, question: { type: 'which', what: 'buy', text: '' } })
    case 'b':
      return sure(view, { entries: pending, open }, free)
    default: {
      const entry = /^[1-9]$/.test(key) ? pending[Number(key) - 1] : undefined
      return entry ? sure(view, { entries: [entry], open: [] }, free) : only(view)
    }
  }
}

/** The entries that a typed text means: numbers of the list, ids, globs, or parts of ids; none for an empty text. */
export function entriesOf(text: string, pending: readonly Pending[]): readonly Pending[] {
  const images = new Set(
    imagesOf(
      text,
      pending.flatMap((entry) => entry.images),
      pending,
    ),
  )
  return pending.filter((entry) => entry.images.some((id) => images.has(id)))
}

/** The ids that a typed text means. */
export function imagesOf(
  text: string,
  ids: readonly string[],
  pending: readonly Pending[],
): readonly string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const meant = new Set(words.flatMap((word) => idsOf(word, ids, pending)))
  return ids.filter((id) => meant.has(id))
}

function idsOf(word: string, ids: readonly string[], pending: readonly Pending[]): readonly string[] {
  const numbered = /^[1-9]$/.test(word) ? pending[Number(word) - 1] : undefined
  if (numbered) return [numbered.id]
  const matched = matchIds([word], ids)
  if ('ids' in matched) return [...(matched.ids ?? [])]
  return ids.filter((id) => id.includes(word))
}

function sure(
  view: WatchView,
  asked: { readonly entries: readonly Pending[]; readonly open: readonly string[] },
  free: boolean,
): Pressed {
  if (asked.entries.length === 0 && asked.open.length === 0) return only({ ...view, question: null })
  if (!free) return only({ ...view, question: { type: 'sure', ...asked } })
  return { view: { ...view, question: null }, wish: wishOf(asked) }
}

function answered(view: WatchView, question: Question & { type: 'sure' }, key: string): Pressed {
  const wish = key === 'y' || key === 'Y' ? wishOf(question) : null
  return { view: { ...view, question: null }, wish }
}

function wishOf(asked: { readonly entries: readonly Pending[]; readonly open: readonly string[] }): Wish {
  return { do: 'buy', images: [...asked.entries.map(({ id }) => id), ...asked.open] }
}

function typed(
  view: WatchView,
  question: Question & { type: 'which' },
  { key, free }: { readonly key: string; readonly free: boolean },
): Pressed {
  const { text, what } = question
  const write = (next: string): Pressed => only({ ...view, question: { ...question, text: next } })
  switch (key) {
    case '\u001B':
      return only({ ...view, question: null })
    case '\u007F':
    case '\b':
      return write(text.replace(/.$/u, ''))
    case '\u0015':
      return write('')
    case '\r':
    case '\n':
      break
    default:
      return /^\P{Cc}+$/u.test(key) ? write(text + key) : only(view)
  }
  const { standing } = view
  if (what === 'buy') return sure(view, { entries: entriesOf(text, standing?.pending ?? []), open: [] }, free)
  const images = imagesOf(text, standing?.images ?? [], standing?.pending ?? [])
  return { view: { ...view, question: null }, wish: images.length > 0 ? { do: 'reroll', images } : null }
}

function only(view: WatchView): Pressed {
  return { view, wish: null }
}
