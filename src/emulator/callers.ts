import type { IncomingMessage } from 'node:http'
import type { Settings } from './options.ts'
import { type Reply, refusal } from './reply.ts'
import { type Caller, digestOf } from './service.ts'

/** Who may call, and how often. */
export interface Gate {
  /** The caller, or the answer that turns them away: 401, 403, 429. */
  readonly admit: (request: IncomingMessage) => Caller | Reply
}

const MINUTE_MS = 60_000

/** Checks keys by the settings and counts calls per key in windows of a minute. */
export function createGate(settings: Settings): Gate {
  const windows = new Map<string, { readonly sinceMs: number; calls: number }>()
  return {
    admit: (request) => {
      const key = request.headers['x-api-key']
      if (typeof key !== 'string' || key === '') return refusal(401, 'API key is required')
      const { known, unknown, inactive, users } = settings.keys
      const strange = known ? !known.includes(key) : !key.startsWith('afk_') || unknown?.includes(key)
      if (inactive?.includes(key)) return refusal(403, 'API key is inactive')
      if (strange) return refusal(401, 'Invalid API key')
      const account = digestOf(key, 16)
      const nowMs = settings.clock.now()
      const window = windows.get(account)
      const current = window && nowMs - window.sinceMs < MINUTE_MS ? window : { sinceMs: nowMs, calls: 0 }
      windows.set(account, current)
      current.calls += 1
      if (current.calls > settings.callsPerMinute) {
        const seconds = Math.ceil((current.sinceMs + MINUTE_MS - nowMs) / 1000)
        return refusal(429, 'Rate limit exceeded', { 'retry-after': String(seconds) })
      }
      return { key, account, user: users?.[key] ?? 'you' }
    },
  }
}
