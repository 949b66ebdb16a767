import { describe, expect, it } from 'vitest'
import {
  asksForPatience,
  isRetryable,
  mayHaveBeenDone,
  retryAfterMs,
  retryDelayMs,
} from '../../src/core/retry.ts'

const nowMs = Date.UTC(2026, 6, 1, 12, 0, 0)

describe('retryDelayMs', () => {
  it('spreads over a window that doubles up to eight seconds', () => {
    const windows = [0, 1, 2, 3, 4, 5, 6, 40].map((attempt) =>
      retryDelayMs({ attempt, retryAfter: undefined, random: 0.999_999, nowMs }),
    )
    expect(windows).toEqual([249, 499, 999, 1999, 3999, 7999, 7999, 7999])
    expect(retryDelayMs({ attempt: 3, retryAfter: undefined, random: 0, nowMs })).toBe(0)
  })

  it('does what Retry-After asks, up to two minutes', () => {
    expect(delay('7')).toBe(7000)
    expect(delay('86400')).toBe(120_000)
    expect(delay('Wed, 01 Jul 2026 12:00:30 GMT')).toBe(30_000)
    expect(delay('soon')).toBe(125)
  })

  it('does not take "at once" at its word', () => {
    expect(delay('0')).toBe(125)
    expect(delay('Wed, 01 Jul 2026 11:00:00 GMT')).toBe(125)
  })
})

function delay(retryAfter: string): number {
  return retryDelayMs({ attempt: 0, retryAfter, random: 0.5, nowMs })
}

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    [' 2 ', 2000],
    ['1.5', 1500],
    ['Wed, 01 Jul 2026 12:01:00 GMT', 60_000],
    ['Wednesday, 01-Jul-26 12:01:00 GMT', 60_000],
    ['Wed, 01 Jul 2026 11:00:00 GMT', 0],
    [undefined, null],
    ['', null],
    ['-3', null],
    ['2026', 2_026_000],
    ['1e9', null],
    ['Wed, nonsense', null],
  ])('%j is %j', (header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms)
  })
})

describe('what a status permits', () => {
  it('retries what may pass, and nothing that will not', () => {
    const retried = [
      200, 202, 400, 401, 402, 403, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504, 524,
    ].filter(isRetryable)
    expect(retried).toEqual([408, 425, 429, 500, 502, 503, 504, 524])
  })

  it('slows everyone down for 429 and 503 only', () => {
    expect([408, 429, 500, 502, 503, 504].filter(asksForPatience)).toEqual([429, 503])
  })

  it('holds a job possible after 408 and every 5xx', () => {
    expect([401, 402, 408, 429, 500, 501, 503, 504].filter(mayHaveBeenDone)).toEqual([
      408, 500, 501, 503, 504,
    ])
  })
})
