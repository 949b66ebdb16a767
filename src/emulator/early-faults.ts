import type { FaultRule } from './faults.ts'
import { HTML_PAGE } from './odd-pictures.ts'
import { type Reply, refusal } from './reply.ts'

/** The answer of a fault that strikes before a request is handled; `reset` ends the connection instead. */
export function earlyReply(rule: FaultRule, nowMs: number): Reply | 'reset' {
  const seconds = rule.seconds ?? 1
  switch (rule.fault) {
    case 'rate-limited':
      return refusal(429, 'Rate limit exceeded', { 'retry-after': String(Math.ceil(seconds)) })
    case 'rate-limited-date': {
      // HTTP dates have whole seconds.
      const date = new Date(Math.ceil((nowMs + seconds * 1000) / 1000) * 1000).toUTCString()
      return refusal(429, 'Rate limit exceeded', { 'retry-after': date })
    }
    case 'rate-limited-bare':
      return refusal(429, 'Rate limit exceeded')
    case 'unavailable':
      return refusal(503, 'Service temporarily unavailable')
    case 'gateway-timeout':
      return { status: 504, headers: { 'content-type': 'text/html' }, body: HTML_PAGE }
    case 'blocked':
      return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'error code: 1010' }
    case 'key-unknown':
      return refusal(401, 'Invalid API key')
    case 'key-inactive':
      return refusal(403, 'API key is inactive')
    case 'job-gone':
      return refusal(404, 'Job not found')
    case 'reset':
      return 'reset'
    default:
      return refusal(500, 'Internal server error')
  }
}
