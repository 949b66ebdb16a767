/** Longest time a `Retry-After` is believed. */
export const LONGEST_RETRY_AFTER_MS = 120_000

const BASE_MS = 250
const CAP_MS = 8_000

/**
 * Milliseconds to wait before the next try: what `Retry-After` asks for, as seconds or as an HTTP date, at most two
 * minutes; without a usable one, full jitter under 250 ms × 2^attempt, at most 8 s. `attempt` counts from 0, `random` is
 * 0 ≤ x < 1.
 */
export function retryDelayMs(options: {
  readonly attempt: number
  readonly retryAfter: string | undefined
  readonly random: number
  readonly nowMs: number
}): number {
  const asked = retryAfterMs(options.retryAfter, options.nowMs)
  // "At once", from a service that has just said no, is not an offer to hammer it.
  if (asked !== null && asked > 0) return Math.min(asked, LONGEST_RETRY_AFTER_MS)
  return Math.floor(options.random * Math.min(CAP_MS, BASE_MS * 2 ** options.attempt))
}

/** `Retry-After` in milliseconds from now, never negative; null when it is absent or unreadable. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  // Only the forms HTTP defines: Date.parse alone takes almost anything for a date.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return null
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs)
}

/** Statuses after which the same call may have another result: 408, 425, 429 and 5xx but 501. */
export function isRetryable(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501)
}

/** Statuses that ask everyone to slow down, not only the call they answer. */
export function asksForPatience(status: number): boolean {
  return status === 429 || status === 503
}

/** False when an answer of this status makes it certain that the call was turned away before anything was done. */
export function mayHaveBeenDone(status: number): boolean {
  return status === 408 || status >= 500
}
