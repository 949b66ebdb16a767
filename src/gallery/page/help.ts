import { element } from './element.ts'
import { openModal } from './modal.ts'

const KEYS: readonly (readonly [key: string, meaning: string])[] = [
  ['← ↑ → ↓', 'move among the pictures; in an open one, to the one before or after'],
  ['Enter', 'open a picture; on a candidate, pick it'],
  ['v', 'next view: picture, candidates, before and after, crop'],
  ['p', 'pin the original, or take the pin away'],
  ['r', 'reroll: ask for a new picture for the same words'],
  ['b', 'buy what is pending'],
  ['/', 'search'],
  ['t', 'light or dark'],
  ['?', 'this help'],
  ['Esc', 'close; then take search and filter back'],
]

/** Shows what the keys do. */
export function openHelp(live: boolean): void {
  const rows = KEYS.flatMap(([key, meaning]) => [
    element('dt', {}, element('kbd', {}, key)),
    element('dd', {}, meaning),
  ])
  const close = element('button', { type: 'button', autofocus: true }, 'Close')
  const dialog = openModal(
    'ask help-text',
    'Keys',
    element('h2', {}, 'Keys'),
    element('dl', { class: 'keys' }, ...rows),
    element(
      'p',
      { class: 'quiet' },
      live
        ? 'Nothing is bought without a question that names the credits.'
        : 'This page only shows; what it would do it says as a command. "pixelkiln gallery --serve" opens the one that acts.',
    ),
    element('div', { class: 'choices' }, close),
  )
  close.addEventListener('click', () => dialog.close())
}
