import { expect } from 'vitest'
import type { Browser } from 'playwright-core'
import { visit } from './browser.ts'
import type { Visit } from './browser.ts'
import type { Viewport } from './painted-site.ts'

/** What the page of every example must come to: the widths of its two pictures' files, per viewport. */
export const RIGHT_WIDTHS: Readonly<Record<Viewport, readonly number[]>> = {
  // 390 CSS pixels at 3: 1170. 1440 at 1; the second picture is 480 wide there.
  phone: [1200, 1200],
  laptop: [1536, 480],
}

/** Opens a published example on a phone and a laptop and holds it to what a good page is. */
export async function expectGoodPages(browser: Browser, folder: string): Promise<Record<Viewport, Visit>> {
  const visits = {
    phone: await visit(browser, folder, { viewport: 'phone' }),
    laptop: await visit(browser, folder, { viewport: 'laptop' }),
  }
  for (const viewport of ['phone', 'laptop'] as const) {
    const { pictures, shift, errors } = visits[viewport]
    expect(errors).toEqual([])
    expect(shift).toBe(0)
    expect(pictures.map(({ format }) => format)).toEqual(['avif', 'avif'])
    expect(pictures.map(({ fileWidth }) => fileWidth)).toEqual(RIGHT_WIDTHS[viewport])
    expect(pictures.map(({ alt }) => alt)).toEqual([
      'Lighthouse keeper reading beside a window at night',
      'Brass oil lamp on a wooden table',
    ])
  }
  return visits
}
