import type { Note, Problem } from '../core/problems.ts'
import type { GalleryAction, GalleryAnswer } from './gallery-action.ts'

/** An answer and the HTTP status it goes with. */
export interface Answered {
  readonly status: 200 | 409 | 422
  readonly answer: GalleryAnswer
}

/** What only a purchase can bring, as a watch lists it. */
export interface Pending {
  /** Every image that waits for it. */
  readonly images: readonly string[]
  readonly pictures: number
  /** Null when the price is not known. */
  readonly credits: number | null
  /** Keys of the purchases it takes. */
  readonly purchases: readonly string[]
}

/** What an edit of the manifest came to. */
export interface EditDone {
  readonly changes: readonly { readonly sentence: string }[]
  readonly notes: readonly Note[]
  readonly problems: readonly Problem[]
}

export type EditAction = Exclude<GalleryAction, { readonly action: 'buy' }>

/** What does the work for the gallery, so that it can do nothing else. */
export interface Hands {
  readonly edit: (action: EditAction) => Promise<EditDone>
  /** What would be bought, as the watch behind it sees it. */
  readonly pending: () => readonly Pending[]
  /** Is a purchase under way? */
  readonly isBuying: () => boolean
  /** Buys what is pending for these images, up to so many credits; null is "whatever it costs". */
  readonly buy: (images: readonly string[], credits: number | null) => void
}

/** Does what a person asked for. An order is taken only for exactly what they saw: these purchases at this price. */
export async function answerTo(action: GalleryAction, hands: Hands): Promise<Answered> {
  if (action.action === 'buy') return order(action, hands)
  const { changes, notes, problems } = await hands.edit(action)
  if (problems.length > 0) {
    const told = problems.map(({ code, message }) => ({ code, message }))
    return { status: 422, answer: { ok: false, problems: told } }
  }
  const said = [...changes.map(({ sentence }) => sentence), ...notes.map(({ message }) => message)].join(' ')
  return { status: 200, answer: { ok: true, said } }
}

function order(action: GalleryAction & { action: 'buy' }, hands: Hands): Answered {
  if (hands.isBuying()) return conflict('A purchase is under way. Wait for it; nothing more was ordered.')
  const asked = new Set(action.purchases)
  const wanted = hands.pending().filter(({ purchases }) => purchases.some((key) => asked.has(key)))
  const found = wanted.flatMap(({ purchases }) => purchases)
  const same = found.length === asked.size && found.every((key) => asked.has(key))
  const pictures = wanted.reduce((sum, entry) => sum + entry.pictures, 0)
  const credits = wanted.reduce<number | null>(
    (sum, entry) => (sum === null || entry.credits === null ? null : sum + entry.credits),
    0,
  )
  if (!same || pictures !== action.pictures || credits !== action.credits) {
    return conflict('What is to be bought, or its price, has changed since you saw it. Nothing was bought.')
  }
  hands.buy([...new Set(wanted.flatMap(({ images }) => images))], credits)
  return {
    status: 200,
    answer: { ok: true, said: `Ordered ${pictures === 1 ? '1 picture' : `${pictures} pictures`}.` },
  }
}

function conflict(message: string): Answered {
  return { status: 409, answer: { ok: false, problems: [{ code: 'gallery/changed', message }] } }
}
