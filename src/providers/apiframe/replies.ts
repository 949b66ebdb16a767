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

/** Why a key was turned away, in words that name the way out; for 401 and 403. */
export function keyRefusal(reply: Reply): string {
  const said = errorText(reply)
  if (reply.status === 401) {
    return `Apiframe does not accept the API key (${said ?? 'no reason given'}). Check APIFRAME_API_KEY: it starts with \`afk_\`, and a revoked key stops at once.`
  }
  if (said !== null) {
    return `Apiframe refuses this API key (${said}). It may be deactivated or lack the permission: look at the key in the dashboard, or use another in APIFRAME_API_KEY.`
  }
  const code = /\berror code:? ?(\d{3,5})\b/i.exec(reply.text.slice(0, 2000))?.[1]
  const blocked = code === undefined ? '' : ` (error code ${code})`
  return `Something in front of Apiframe turned the call away before the API saw it${blocked}: a bot filter, a firewall or a proxy. Try from another network; the API key may be fine.`
}

/** "HTTP 503 (Service unavailable)" with the service's own text where it has one. */
export function statusInWords(reply: Reply): string {
  const said = errorText(reply)
  return said === null ? `HTTP ${reply.status}` : `HTTP ${reply.status} (${said})`
}
