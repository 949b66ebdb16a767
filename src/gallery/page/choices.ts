import type { GalleryImage, GalleryOriginal } from '../gallery-model.ts'
import { element, withProperty } from './element.ts'
import { cutOriginal, shapedFrame } from './picture.ts'
import { nameOf } from './slider.ts'
import { bytesWords } from './words.ts'

/** Candidates side by side at one size; the one in use is marked, Enter or a click takes another. */
export function candidatesOf(image: GalleryImage, pick: (take: number) => void): HTMLElement | null {
  if (image.candidates.length < 2) return null
  const buttons = image.candidates.map((candidate) =>
    originalButton(image, candidate, {
      label: `${nameOf(candidate)}${candidate.current ? ', in use' : ', use it'}`,
      words: candidate.current ? `${candidate.take} · in use` : String(candidate.take),
      onclick: () => {
        if (candidate.take !== null) pick(candidate.take)
      },
    }),
  )
  const section = strip(null, 'Candidates', buttons)
  const fit = (): void => {
    const { columns, width } = fitted(buttons.length, section.clientWidth, image)
    withProperty(section, '--columns', String(columns))
    withProperty(section, '--width', `${width}px`)
  }
  new ResizeObserver(fit).observe(section)
  return section
}

/** Columns and width with which all of them fit into the window: as wide as it goes, rather in one row than larger. */
function fitted(
  count: number,
  room: number,
  { aspect }: GalleryImage,
): { readonly columns: number; readonly width: number } {
  const height = Math.max(innerHeight - ROOM_FOR_HEAD, LEAST_HEIGHT)
  const widths = Array.from({ length: count }, (_, at) => {
    const rows = Math.ceil(count / (at + 1))
    const gaps = at * GAP
    return Math.floor(
      Math.min((room - gaps) / (at + 1), (height / rows - ROOM_FOR_WORDS) * (aspect.width / aspect.height)),
    )
  })
  const widest = Math.max(...widths)
  const columns = widths.findLastIndex((width) => width >= widest * NEARLY) + 1
  return { columns, width: widths[columns - 1] ?? widest }
}

const NEARLY = 0.7
const GAP = 24

/** Pixels that the page's head and each picture's words take up, and the least that is left for pictures. */
const ROOM_FOR_HEAD = 110
const ROOM_FOR_WORDS = 50
const LEAST_HEIGHT = 400

/** Earlier originals, newest first; a click brings one back, for nothing. */
export function historyOf(image: GalleryImage, restore: (sha256: string) => void): HTMLElement | null {
  if (image.history.length === 0) return null
  const buttons = image.history.map((earlier) =>
    originalButton(image, earlier, {
      label: `Restore the earlier picture ${earlier.sha256.slice(0, 12)}, for nothing`,
      words: `${earlier.sha256.slice(0, 7)} · restore`,
      onclick: () => restore(earlier.sha256),
    }),
  )
  return strip('Earlier pictures', 'Earlier pictures', buttons)
}

function originalButton(
  image: GalleryImage,
  original: GalleryOriginal,
  as: { readonly label: string; readonly words: string; readonly onclick: () => void },
): HTMLElement {
  const { width, height, bytes } = original
  return element(
    'button',
    {
      type: 'button',
      'data-key': original.sha256,
      'aria-label': as.label,
      'aria-pressed': String(original.current),
      title: `${width}×${height}, ${bytesWords(bytes)}, ${original.sha256.slice(0, 12)}`,
      onclick: as.onclick,
    },
    shapedFrame(image, cutOriginal(image, original, '')),
    element('span', { class: 'facts' }, as.words),
  )
}

/** A row of buttons in which left and right move the focus, with a heading where there is one. */
function strip(heading: string | null, name: string, buttons: readonly HTMLElement[]): HTMLElement {
  const row = element('div', { class: 'strip', role: 'group', 'aria-label': name }, ...buttons)
  row.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const at = buttons.findIndex((button) => button === document.activeElement)
    if (step === undefined || at === -1) return
    event.preventDefault()
    event.stopPropagation()
    buttons[at + step]?.focus()
  })
  if (heading === null) return element('section', { class: 'candidates' }, row)
  return element('section', {}, element('h3', {}, heading), row)
}
