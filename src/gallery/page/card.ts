import type { GalleryImage } from '../gallery-model.ts'
import { element, refill, withProperty } from './element.ts'
import type { Nearby } from './near.ts'
import { outputPicture, shapedFrame } from './picture.ts'
import { aspectWords, bytesWords, creditsWords, stateWords } from './words.ts'

/** One picture in the list. The elements stay for as long as the image does, so that focus and scroll do too. */
export interface Card extends Nearby {
  readonly link: HTMLAnchorElement
  readonly show: (image: GalleryImage) => void
  readonly progress: (percent: number | null) => void
}

const SIZES = 'auto, (max-width: 40em) 90vw, 33vw'

/** Makes the card of one image; `show` brings it up to date. */
export function createCard(id: string): Card {
  const link = element('a', { href: `#${encodeURIComponent(id)}`, tabindex: -1, 'data-id': id })
  const root = element('li', { class: 'card' }, link)
  let shown = ''
  let image: GalleryImage | null = null
  let frame: HTMLElement | null = null
  let isNear = false
  const show = (next: GalleryImage): void => {
    const text = JSON.stringify(next)
    if (text === shown) return
    shown = text
    image = next
    root.dataset['state'] = next.state
    withProperty(root, '--ratio', String(next.aspect.width / next.aspect.height))
    link.setAttribute('aria-label', spokenOf(next))
    frame = shapedFrame(next, ...(isNear ? inside(next) : []))
    // Words stand on the page's own ground.
    const hasPicture = next.outputs.some(({ address }) => address !== null)
    if (next.placeholder && hasPicture) withProperty(frame, '--ground', next.placeholder.colour)
    refill(link, frame, caption(next))
  }
  return {
    root,
    link,
    show,
    near: (yes) => {
      if (yes === isNear) return
      isNear = yes
      if (image) frame?.replaceChildren(...(yes ? inside(image) : []))
    },
    progress: (percent) => {
      if (image && (image.state !== 'buying' || image.percent !== percent))
        show({ ...image, state: 'buying', percent })
    },
  }
}

function inside(image: GalleryImage): readonly Node[] {
  const picture = outputPicture(image, SIZES)
  const words = element('p', { class: 'in-words', 'aria-hidden': 'true' }, image.prompt)
  const bar = element('div', { class: 'bar', 'aria-hidden': 'true' })
  withProperty(bar, '--done', image.percent === null ? '0' : String(image.percent / 100))
  if (image.percent === null) bar.classList.add('unknown')
  return image.state === 'buying' ? [picture ?? words, bar] : [picture ?? words]
}

function caption(image: GalleryImage): HTMLElement {
  const [name, ...folders] = image.id.split('/').toReversed()
  const folder = folders.toReversed().join('/')
  return element(
    'div',
    { class: 'caption' },
    element(
      'div',
      { class: 'name' },
      folder === '' ? null : element('span', { class: 'folder' }, `${folder}/`),
      name ?? '',
    ),
    element(
      'div',
      { class: 'facts' },
      element('span', { class: 'state', 'data-state': image.state }, stateWords(image.state, image.percent)),
      element('span', {}, aspectWords(image)),
      image.bytes > 0 ? element('span', {}, bytesWords(image.bytes)) : null,
      image.price === null ? null : element('span', {}, creditsWords(image.price)),
      image.candidates.length > 1 ? element('span', {}, `${image.candidates.length} candidates`) : null,
    ),
  )
}

function spokenOf(image: GalleryImage): string {
  const reason = image.state === 'fresh' ? '' : `, ${image.reason}`
  return `${image.id}: ${stateWords(image.state, image.percent)}${reason}`
}
