import { element } from './element.ts'

/** Opens a modal dialog and takes it away when it is closed. Escape closes it, and focus goes back to where it was. */
export function openModal(
  name: string,
  label: string,
  ...inside: readonly (Node | string)[]
): HTMLDialogElement {
  const dialog = element('dialog', { class: name, 'aria-label': label }, ...inside)
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  dialog.showModal()
  return dialog
}

/** Asks one question; resolves with true only for the button that says yes. */
export function confirmed(question: {
  readonly title: string
  readonly text: string
  readonly list?: readonly (readonly [left: string, right: string])[]
  readonly yes: string
}): Promise<boolean> {
  const yes = element('button', { type: 'button', class: 'primary' }, question.yes)
  const no = element('button', { type: 'button', autofocus: true }, 'Not now')
  const rows = (question.list ?? []).map(([left, right]) =>
    element('li', {}, element('span', {}, left), element('span', { class: 'amount' }, right)),
  )
  const dialog = openModal(
    'ask',
    question.title,
    element('h2', {}, question.title),
    element('p', {}, question.text),
    ...(rows.length > 0 ? [element('ul', { class: 'bill' }, ...rows)] : []),
    element('div', { class: 'choices' }, no, yes),
  )
  no.addEventListener('click', () => dialog.close())
  yes.addEventListener('click', () => dialog.close('yes'))
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'))
  })
}
