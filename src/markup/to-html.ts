import type { MarkupElement } from './element.ts'

const VOID = new Set(['img', 'source'])

/** Prints an element as HTML. Every value is escaped, so that no alt text or path can break out of its attribute. */
export function toHtml(element: MarkupElement): string {
  const { tag, attributes, children } = element
  const printed = Object.entries(attributes).map(([name, value]) =>
    value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`,
  )
  const start = `<${tag}${printed.join('')}>`
  return VOID.has(tag) ? start : `${start}${children.map(toHtml).join('')}</${tag}>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may stand between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
