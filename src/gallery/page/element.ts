type Value = string | number | boolean | null | ((event: Event) => void)
type Child = Node | string | null

/** Makes one element. A function under `onclick` and the like listens; null and false leave an attribute out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

/** Sets a custom property, `--ratio`; style attributes are forbidden by the page's policy, properties are not. */
export function withProperty<Made extends HTMLElement>(made: Made, name: string, value: string): Made {
  made.style.setProperty(name, value)
  return made
}

/** Replaces what is inside, and gives the focus back to the part with the same `data-key`. */
export function refill(parent: HTMLElement, ...children: readonly Child[]): void {
  const focused = document.activeElement
  const key = focused instanceof HTMLElement && parent.contains(focused) ? focused.dataset['key'] : undefined
  parent.replaceChildren(...children.filter((child) => child !== null))
  if (key === undefined) return
  parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
}
