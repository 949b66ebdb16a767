import type { GalleryImage, GalleryOriginal } from '../gallery-model.ts'
import { element, withProperty } from './element.ts'
import { cutOriginal, outputPicture, shapedFrame } from './picture.ts'

/** Two pictures of one image on top of each other, with a slider that uncovers one of them. */
export function createSlider(image: GalleryImage): HTMLElement | null {
  const others = [...image.history, ...image.candidates].filter(
    ({ current, preview, address }) => !current && (preview ?? address) !== null,
  )
  const after = outputPicture(image, '70vw')
  const [first] = others
  if (!first || !after) return null
  const under = element('div', { class: 'before' }, cutOriginal(image, first, `Before: ${nameOf(first)}`))
  const range = element('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    'aria-label': 'How much of the earlier picture is uncovered',
    'data-key': 'slider',
  })
  const frame = shapedFrame(
    image,
    after,
    under,
    range,
    element('div', { class: 'seam', 'aria-hidden': 'true' }),
  )
  frame.classList.add('compare')
  const uncover = (): void => {
    withProperty(frame, '--at', `${range.value}%`)
    range.setAttribute('aria-valuetext', `${range.value} % before, ${100 - Number(range.value)} % after`)
  }
  range.addEventListener('input', uncover)
  uncover()
  const choice = element(
    'select',
    {
      'aria-label': 'Compare with',
      'data-key': 'compare-with',
      onchange: () => {
        const chosen = others[choice.selectedIndex]
        if (chosen) under.replaceChildren(cutOriginal(image, chosen, `Before: ${nameOf(chosen)}`))
      },
    },
    ...others.map((other) => element('option', {}, nameOf(other))),
  )
  const labels = element(
    'div',
    { class: 'sides' },
    others.length > 1 ? choice : element('span', {}, nameOf(first)),
    element('span', {}, 'now'),
  )
  withProperty(labels, '--ratio', frame.style.getPropertyValue('--ratio'))
  return element('div', { class: 'view' }, frame, labels)
}

/** `candidate 2`, or `earlier, 3f9a2c1b77e0`. */
export function nameOf({ take, sha256 }: GalleryOriginal): string {
  return take === null ? `earlier, ${sha256.slice(0, 12)}` : `candidate ${take}`
}
