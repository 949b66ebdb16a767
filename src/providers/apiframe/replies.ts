import type { Reply } from '../../core/provider.ts'

/** A JSON object whose members are still to be looked at. */
export type Fields = Readonly<Record<string, unknown>>

/** The value as an object with members, or null for lists, null and everything else. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

/**
 * What the service says for itself, fit for one line of a message: its `error` text, shortened, without control
 * characters. Null when it says nothing usable; a page of HTML is nothing usable.
 */
export function errorText(reply: Reply): string | null {
  return oneLine(fieldsOf(reply.json)?.['error'])
}

/** A text from outside as part of a message: one line, no control characters, at most 300 characters; null for anything else. */
export function oneLine(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const line = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  if (line === '') return null
  if (line.length <= 300) return line
  return `${line.slice(0, 300).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A phrase as a sentence: with a full stop, unless it ends in some mark already. */
export function sentence(phrase: string): string {
  return /[.!?…]$/.test(phrase) ? phrase : `${phrase}.`
}

/** Why a key was turned away, as a phrase that can stand in a sentence; for 401 and 403. */
export function keyRefusal(reply: Reply): string {
  const said = errorText(reply)
  if (reply.status === 401) return `Apiframe does not accept the API key (${said ?? 'it gives no reason'})`
  if (said !== null) {
    return `Apiframe knows the API key but refuses it (${said}): it is deactivated, or lacks the permission`
  }
  const code = /\berror code:? ?(\d{3,5})\b/i.exec(reply.text.slice(0, 2000))?.[1]
  const blocked = code === undefined ? '' : `, error code ${code}`
  return `something in front of Apiframe turned the call away before the service saw it (HTTP 403${blocked}): a bot filter, a firewall or a proxy; the key itself may be right`
}

/** "HTTP 503 (Service unavailable)" with the service's own text where it has one. */
export function statusInWords(reply: Reply): string {
  const said = errorText(reply)
  return said === null ? `HTTP ${reply.status}` : `HTTP ${reply.status} (${said})`
}
