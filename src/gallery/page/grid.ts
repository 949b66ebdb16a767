import type { GalleryImage } from '../gallery-model.ts'
import { createCard } from './card.ts'
import type { Card } from './card.ts'
import { element } from './element.ts'
import { drawNear } from './near.ts'

/** The list of all pictures. */
export interface Grid {
  readonly root: HTMLElement
  /** Shows these images in this order; what stays keeps its elements. */
  readonly show: (images: readonly GalleryImage[]) => void
  readonly progress: (id: string, percent: number | null) => void
  /** The image whose card has the focus, or had it last. */
  readonly current: () => string | null
  /** Moves the focus to a card. */
  readonly focus: (id: string) => void
  /** Moves the focus by an arrow key or Home and End; false when there is nowhere to go. */
  readonly move: (key: string) => boolean
}

/** Makes the list. One card at a time can be reached with Tab; the arrows move among them. */
export function createGrid(): Grid {
  const root = element('ul', { class: 'grid', 'aria-label': 'Pictures' })
  const cards = new Map<string, Card>()
  let order: readonly string[] = []
  let current: string | null = null
  const makeCurrent = (id: string): void => {
    if (current !== null) cards.get(current)?.link.setAttribute('tabindex', '-1')
    current = id
    cards.get(id)?.link.setAttribute('tabindex', '0')
  }
  const focus = (id: string): void => {
    makeCurrent(id)
    cards.get(id)?.link.focus()
  }
  let inOrder: readonly Card[] = []
  const drawNow = drawNear(() => inOrder)
  root.addEventListener('focusin', (event) => {
    const id = event.target instanceof HTMLElement ? event.target.dataset['id'] : undefined
    if (id !== undefined) makeCurrent(id)
  })
  return {
    root,
    show: (images) => {
      order = images.map(({ id }) => id)
      inOrder = images.map((image) => {
        const card = cards.get(image.id) ?? createCard(image.id)
        cards.set(image.id, card)
        card.show(image)
        return card
      })
      placeAll(
        root,
        inOrder.map((card) => card.root),
      )
      drawNow()
      if (current === null || !order.includes(current)) {
        const first = order[0]
        if (first !== undefined) makeCurrent(first)
      }
    },
    progress: (id, percent) => cards.get(id)?.progress(percent),
    current: () => current,
    focus,
    move: (key) => {
      const to = neighbour(key, { order, from: current, boxOf: (id) => boxOf(cards.get(id)) })
      if (to !== null) focus(to)
      return to !== null
    },
  }
}

/** Puts children in order and moves only those that are not in their place: a moved element loses focus and scroll. */
function placeAll(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children)
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove()
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null)
  })
}

function boxOf(card: Card | undefined): DOMRect {
  return (card?.root ?? document.body).getBoundingClientRect()
}

/** The card that an arrow leads to: left and right in reading order, up and down to what lies nearest in the next row. */
function neighbour(
  key: string,
  list: {
    readonly order: readonly string[]
    readonly from: string | null
    readonly boxOf: (id: string) => DOMRect
  },
): string | null {
  const { order, from, boxOf } = list
  const at = from === null ? -1 : order.indexOf(from)
  if (key === 'Home') return order[0] ?? null
  if (key === 'End') return order.at(-1) ?? null
  if (key === 'ArrowRight') return order[at + 1] ?? null
  if (key === 'ArrowLeft') return at > 0 ? (order[at - 1] ?? null) : null
  if (from === null || at === -1) return order[0] ?? null
  const here = boxOf(from)
  const middle = here.left + here.width / 2
  const ahead = key === 'ArrowDown' ? order.slice(at + 1) : order.slice(0, at).toReversed()
  let best: { readonly id: string; readonly top: number; readonly off: number } | null = null
  for (const id of ahead) {
    const box = boxOf(id)
    if (Math.abs(box.top - here.top) < 2) continue
    // Only the next row counts; the first card beyond it ends the search.
    if (best !== null && Math.abs(box.top - best.top) >= 2) break
    const off = Math.abs(box.left + box.width / 2 - middle)
    if (best === null || off < best.off) best = { id, top: box.top, off }
  }
  return best?.id ?? null
}
