import { isScalar } from 'yaml'
import type { Json } from '../image.ts'

/** The quotes around a text; empty where it stands without. */
export type Quote = '' | '"' | "'"

/** The quotes a scalar is written with. */
export function quoteOf(node: unknown): Quote {
  if (!isScalar(node)) return ''
  if (node.type === 'QUOTE_DOUBLE') return '"'
  return node.type === 'QUOTE_SINGLE' ? "'" : ''
}

/** A value as YAML on one line. Text stands in the quotes given, or plain where no YAML reads it as anything else. */
export function flowText(value: Json, quote: Quote): string {
  if (typeof value === 'string') return textInQuotes(value, quote)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map((item) => flowText(item, quote)).join(', ')}]`
  const entries = Object.entries(value).map(
    ([key, inner]) => `${flowText(key, quote)}: ${flowText(inner, quote)}`,
  )
  return `{ ${entries.join(', ')} }`
}

/** Digits at the front make numbers, dates and times of many a text; these words are no text in YAML 1.2 or 1.1. */
const NOT_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/i

function textInQuotes(text: string, quote: Quote): string {
  if (quote === '' && /^\p{L}[\p{L}\p{N}._/-]*$/u.test(text) && !NOT_TEXT.test(text)) return text
  return quote === "'" && !/[\p{C}']/u.test(text) ? `'${text}'` : JSON.stringify(text)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
