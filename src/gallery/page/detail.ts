import type { GalleryImage, GalleryModel } from '../gallery-model.ts'
import { actionButtons } from './act.ts'
import { candidatesOf, historyOf } from './choices.ts'
import { createCrop } from './crop.ts'
import type { Deeds } from './deeds.ts'
import { element, refill } from './element.ts'
import { labelOf } from './label.ts'
import { outputPicture, shapedFrame } from './picture.ts'
import { round } from './round.ts'
import { createSlider } from './slider.ts'
import { creditsWords } from './words.ts'

const VIEWS = ['picture', 'candidates', 'compare', 'crop'] as const
type View = (typeof VIEWS)[number]

const VIEW_WORDS: Readonly<Record<View, string>> = {
  picture: 'Picture',
  candidates: 'Candidates',
  compare: 'Before and after',
  crop: 'Crop',
}

/** One picture, large, with all that is known of it and all that can be done with it. */
export interface Detail {
  readonly dialog: HTMLDialogElement
  readonly show: (model: GalleryModel, image: GalleryImage) => void
  /** The next view that this picture has. */
  readonly nextView: () => void
  readonly view: () => View
}

/** Makes the dialog once; `show` fills it, and leaves what did not change as it is. */
export function createDetail(
  deeds: Deeds,
  go: { readonly open: (id: string) => void; readonly step: (by: 1 | -1) => void },
): Detail {
  let view: View = 'picture'
  let views: readonly View[] = ['picture']
  let shown = ''
  let last: { readonly model: GalleryModel; readonly image: GalleryImage } | null = null
  const { dialog, title, stage, tabs, below, side } = createFrame(go.step)
  const chooseView = (next: View): void => {
    view = next
    shown = ''
    if (!last) return
    show(last.model, last.image)
    // The keys go on where the eyes are: to the candidate in use, the slider, the focus point.
    stage.querySelector<HTMLElement>('[aria-pressed="true"], input, .point')?.focus({ preventScroll: true })
  }
  const show = (model: GalleryModel, image: GalleryImage): void => {
    const text = JSON.stringify(image)
    if (last?.image.id !== image.id) dialog.scrollTo({ top: 0 })
    last = { model, image }
    if (text === shown) return
    shown = text
    title.textContent = image.id
    const made: Readonly<Record<View, HTMLElement | null>> = {
      picture: pictureView(image),
      candidates: candidatesOf(image, (take) => void deeds.pick(image, take)),
      compare: createSlider(image),
      crop: createCrop(image, (point) => void deeds.focus(image, point)),
    }
    views = VIEWS.filter((name) => made[name] !== null)
    const present = views.includes(view) ? view : 'picture'
    refill(stage, made[present])
    refill(tabs, ...(views.length > 1 ? views.map((name) => tab(name, name === present, chooseView)) : []))
    refill(
      below,
      historyOf(image, (sha256) => void deeds.restore(image, sha256)),
    )
    refill(side, actionsOf(model, image, deeds), labelOf(image, go.open))
  }
  return {
    dialog,
    show,
    view: () => view,
    nextView: () => chooseView(views[(views.indexOf(view) + 1) % views.length] ?? 'picture'),
  }
}

/** The dialog with its empty places. */
function createFrame(step: (by: 1 | -1) => void): Frame {
  const title = element('h2', { id: 'detail-title', tabindex: -1, autofocus: true })
  const stage = element('div', { class: 'stage' })
  const tabs = element('div', { class: 'tabs', role: 'group', 'aria-label': 'View' })
  const below = element('div', { class: 'below' })
  const side = element('aside', { class: 'side', 'aria-label': 'About this picture' })
  const dialog = element(
    'dialog',
    { class: 'detail', 'aria-labelledby': 'detail-title' },
    element(
      'div',
      { class: 'detail-head' },
      round('The one before', 'before-it', () => step(-1)),
      round('The next one', 'after-it', () => step(1)),
      title,
      tabs,
      round('Close', 'close', () => dialog.close()),
    ),
    element('div', { class: 'detail-body' }, element('div', { class: 'main' }, stage, below), side),
  )
  return { dialog, title, stage, tabs, below, side }
}

interface Frame {
  readonly dialog: HTMLDialogElement
  readonly title: HTMLElement
  readonly stage: HTMLElement
  readonly tabs: HTMLElement
  readonly below: HTMLElement
  readonly side: HTMLElement
}

function pictureView(image: GalleryImage): HTMLElement {
  const picture = outputPicture(image, '(max-width: 60em) 100vw, 70vw')
  const words = element('p', { class: 'in-words' }, image.prompt)
  return element('div', { class: 'view' }, shapedFrame(image, picture ?? words))
}

function tab(name: View, chosen: boolean, choose: (view: View) => void): HTMLElement {
  return element(
    'button',
    { type: 'button', 'data-key': name, 'aria-pressed': String(chosen), onclick: () => choose(name) },
    VIEW_WORDS[name],
  )
}

function actionsOf(model: GalleryModel, image: GalleryImage, deeds: Deeds): HTMLElement {
  const buy = `Buy · ${creditsWords(image.price)}`
  const own = image.from === null
  const buyable = model.purchases.some(({ images }) => images.includes(image.from ?? image.id))
  return actionButtons([
    ...(buyable ? [['buy', buy, () => void deeds.buy(model, image)] as const] : []),
    ...(own && (image.pinned || (image.original && image.standIn === null))
      ? [['pin', image.pinned ? 'Unpin' : 'Pin', () => void deeds.togglePin(image)] as const]
      : []),
    ...(own && image.original ? [['reroll', 'Reroll', () => void deeds.reroll(image)] as const] : []),
    ...(own && image.state === 'out-of-step'
      ? [['accept', 'Accept as it is', () => void deeds.accept(image)] as const]
      : []),
  ])
}
