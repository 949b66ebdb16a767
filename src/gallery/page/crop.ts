import { cropAround } from '../../core/crop-around.ts'
import type { FocalPoint } from '../../core/crop-around.ts'
import type { GalleryImage } from '../gallery-model.ts'
import { element, withProperty } from './element.ts'
import { altWords, aspectWords, percentWords } from './words.ts'

const STEP = 0.01
const LONG_STEP = 0.1

/** The whole original with the part that is kept, and a focus point that can be moved; null when nothing is cut off. */
export function createCrop(image: GalleryImage, save: (point: FocalPoint) => void): HTMLElement | null {
  const { original } = image
  const address = original?.address ?? original?.preview ?? null
  if (!original || address === null || image.fit === 'contain') return null
  if (image.kept !== null && image.kept > 0.999) return null
  const saved: FocalPoint = image.point ?? [0.5, 0.5]
  let point = saved
  const kept = element('div', { class: 'kept', 'aria-hidden': 'true' })
  const dot = element('button', { type: 'button', class: 'point', 'data-key': 'point' })
  const board = element(
    'div',
    { class: 'board' },
    element('img', { src: address, alt: altWords(image), draggable: 'false' }),
    kept,
    dot,
  )
  withProperty(board, '--ratio', String(original.width / original.height))
  const keep = element('button', { type: 'button', class: 'primary', 'data-key': 'save-focus' }, 'Save focus')
  const back = element('button', { type: 'button', 'data-key': 'reset-focus' }, 'Back')
  const words = element('p', { class: 'quiet' })
  const move = (next: FocalPoint): void => {
    point = [share(next[0]), share(next[1])]
    const { left, top, width, height } = cropAround(original, image, point)
    withProperty(kept, '--left', percent(left / original.width))
    withProperty(kept, '--top', percent(top / original.height))
    withProperty(kept, '--width', percent(width / original.width))
    withProperty(kept, '--height', percent(height / original.height))
    withProperty(dot, '--x', percent(point[0]))
    withProperty(dot, '--y', percent(point[1]))
    const where = `${percentWords(point[0])} across, ${percentWords(point[1])} down`
    dot.setAttribute('aria-label', `Focus point, ${where}. The arrow keys move it.`)
    const share0 =
      image.kept === null
        ? ''
        : `${percentWords(image.kept)} of the original is kept at ${aspectWords(image)}. `
    words.textContent = `${share0}Focus ${where}.`
    const same = point[0] === saved[0] && point[1] === saved[1]
    keep.disabled = same
    back.disabled = same
  }
  followPointer(board, move)
  dot.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? LONG_STEP : STEP
    const [x, y] = STEPS[event.key] ?? [0, 0]
    if (x === 0 && y === 0) return
    event.preventDefault()
    event.stopPropagation()
    move([point[0] + x * step, point[1] + y * step])
  })
  keep.addEventListener('click', () => save(point))
  back.addEventListener('click', () => move(saved))
  move(saved)
  return element('div', { class: 'view' }, board, words, element('div', { class: 'choices' }, back, keep))
}

const STEPS: Readonly<Record<string, FocalPoint>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** A click puts the point there, a drag takes it along. */
function followPointer(board: HTMLElement, move: (point: FocalPoint) => void): void {
  const to = (event: PointerEvent): void => {
    const box = board.getBoundingClientRect()
    move([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height])
  }
  board.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    board.setPointerCapture(event.pointerId)
    to(event)
  })
  board.addEventListener('pointermove', (event) => {
    if (board.hasPointerCapture(event.pointerId)) to(event)
  })
}

function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
}

function percent(value: number): string {
  return `${value * 100}%`
}
