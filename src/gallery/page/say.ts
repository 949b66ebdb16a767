import type { Told } from '../gallery-model.ts'
import { element } from './element.ts'

/** Short messages at the foot of the page, read out by screen readers. */
export interface Say {
  readonly root: HTMLElement
  readonly say: (text: string) => void
  /** Stays until it is closed, or taken back by an empty list. */
  readonly problems: (problems: readonly Told[]) => void
  /** A command to be run in a terminal, for pages that cannot do it themselves. */
  readonly command: (command: string) => void
}

const SHOWN_MS = 6_000

/** Makes the place for messages. */
export function createSay(): Say {
  const root = element('div', { class: 'say', role: 'status', 'aria-live': 'polite' })
  const trouble = element('div', { class: 'trouble', role: 'alert', hidden: true })
  let timer = 0
  const show = (...inside: readonly (Node | string)[]): void => {
    // A modal dialog makes everything outside of it inert, so the words move into it.
    const place = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
    if (root.parentElement !== place) place.append(root)
    root.replaceChildren(...inside)
    clearTimeout(timer)
    timer = setTimeout(() => root.replaceChildren(), SHOWN_MS)
  }
  return {
    root: trouble,
    say: (text) => show(text),
    command: (command) =>
      show(element('span', {}, 'This page only shows. Run'), element('code', {}, command)),
    problems: (problems) => {
      trouble.hidden = problems.length === 0
      trouble.replaceChildren(
        ...problems.map(({ code, message }) =>
          element('div', {}, element('strong', {}, code), element('pre', {}, message)),
        ),
      )
    },
  }
}
