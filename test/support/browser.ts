/// <reference lib="dom" />
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { VIEWPORTS, servePainted } from './painted-site.ts'
import type { Viewport } from './painted-site.ts'

/** What a browser made of one page. */
export interface Visit {
  /** In the order of the page. */
  readonly pictures: readonly SeenPicture[]
  /** Sum of all layout shifts; 0 when nothing moved. */
  readonly shift: number
  /** Console errors, page errors and failed requests. */
  readonly errors: readonly string[]
  /** Bytes of all answers' bodies, and those of pictures alone. */
  readonly bytes: number
  readonly pictureBytes: number
}

export interface SeenPicture {
  readonly alt: string | null
  readonly format: string
  /** Pixels of the file that was chosen. */
  readonly fileWidth: number
  /** CSS pixels on the page. */
  readonly shownWidth: number
  readonly url: string
}

/** Debian's Chromium for one test file. */
export function useChromium(): () => Browser {
  let browser: Browser | null = null
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(async () => browser?.close())
  return () => {
    if (!browser) throw new Error('the browser is not open yet')
    return browser
  }
}

/**
 * Opens a page of a folder, served over loopback. Pictures are held back until the page was painted without them, so
 * that one without its size moves what is below it; then everything is scrolled into view.
 */
export async function visit(
  browser: Browser,
  folder: string,
  options: { readonly viewport: Viewport; readonly path?: string; readonly colorScheme?: 'light' | 'dark' },
): Promise<Visit> {
  const { width, height, dpr } = VIEWPORTS[options.viewport]
  const server = await servePainted(folder)
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: dpr,
    colorScheme: options.colorScheme ?? 'light',
  })
  try {
    const page = await context.newPage()
    const errors = errorsOf(page)
    await page.addInitScript({ content: WATCH_SHIFTS })
    await page.goto(`${server.url}${options.path ?? '/'}`, { waitUntil: 'domcontentloaded' })
    await page.waitForSelector('img', { state: 'attached' })
    await page.evaluate(twoFrames)
    server.release()
    await page.evaluate(showEverything)
    await page.waitForLoadState('networkidle')
    const { bytes, pictureBytes } = server.sent()
    const pictures = await page.evaluate(seenPictures)
    return { pictures, shift: await page.evaluate(shiftSum), errors, bytes, pictureBytes }
  } finally {
    await context.close()
    await server.close()
  }
}

function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`)
  })
  return errors
}

// What follows runs in the page.

const WATCH_SHIFTS = `
  window.shifts = 0
  const add = (list) => { for (const { value } of list.getEntries()) window.shifts += value }
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true })
`

function shiftSum(): number {
  return (globalThis as unknown as { shifts: number }).shifts
}

async function twoFrames(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
}

async function showEverything(): Promise<void> {
  for (const img of document.images) {
    img.scrollIntoView()
    await img.decode()
  }
}

async function seenPictures(): Promise<readonly SeenPicture[]> {
  return Promise.all(
    [...document.images].map(async (img) => {
      const bytes = await (await fetch(img.currentSrc)).blob()
      const plain = new Image()
      plain.src = img.currentSrc
      await plain.decode()
      return {
        alt: img.getAttribute('alt'),
        format: bytes.type.replace('image/', ''),
        fileWidth: plain.naturalWidth,
        shownWidth: Math.round(img.getBoundingClientRect().width),
        url: img.currentSrc,
      }
    }),
  )
}
