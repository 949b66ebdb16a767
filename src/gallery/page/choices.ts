import type { GalleryImage, GalleryOriginal } from '../gallery-model.ts'
import { element } from './element.ts'
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
  return strip('Candidates', 'candidates', buttons)
}

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
  return strip('Earlier pictures', 'history', buttons)
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

/** A row of buttons in which left and right move the focus. */
function strip(title: string, name: string, buttons: readonly HTMLElement[]): HTMLElement {
  const row = element('div', { class: 'strip', role: 'group', 'aria-label': title }, ...buttons)
  row.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const at = buttons.findIndex((button) => button === document.activeElement)
    if (step === undefined || at === -1) return
    event.preventDefault()
    event.stopPropagation()
    buttons[at + step]?.focus()
  })
  return element('section', { class: name }, element('h3', {}, title), row)
}
