import { element } from './element.ts'

/** A round button whose sign comes from the style; its label is what screen readers say. */
export function round(label: string, name: string, onclick: () => void): HTMLElement {
  return element('button', {
    type: 'button',
    class: `round ${name}`,
    'aria-label': label,
    title: label,
    'data-key': name,
    onclick,
  })
}
