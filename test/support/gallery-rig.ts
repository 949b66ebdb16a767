import type { Browser, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { editsOf } from '../../src/gallery/edits.ts'
import { openGallery } from '../../src/gallery/open-gallery.ts'
import type { Gallery } from '../../src/gallery/open-gallery.ts'
import { watch } from '../../src/watch.ts'
import type { WatchEvent } from '../../src/watch/options.ts'
import { KEY } from './project.ts'
import type { TestProject } from './project.ts'

/** How a browser looks at the gallery. */
export interface Seat {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
}

/** A live gallery over a watched project, open in a browser. */
export interface GalleryRig {
  readonly page: Page
  readonly gallery: Gallery
  /** Every address that was asked for. */
  readonly requests: readonly string[]
  /** Errors of the console and of scripts, and what the policy forbade. */
  readonly errors: readonly string[]
}

/** Opens the live gallery; everything is closed when the test is over. */
export async function galleryRig(
  browser: Browser,
  project: TestProject,
  seat: Seat & { readonly hash?: string } = {},
): Promise<GalleryRig> {
  const environment = { APIFRAME_BASE_URL: project.emulator.url, APIFRAME_API_KEY: KEY }
  const options = { cwd: project.folder, environment }
  const early: WatchEvent[] = []
  let gallery: Gallery | null = null
  const watcher = watch({
    ...options,
    onEvent: (event) => {
      if (gallery) gallery.onEvent(event)
      else early.push(event)
    },
  })
  onTestFinished(() => watcher.close())
  const opened = await openGallery({ ...options, watcher, edit: editsOf(options) })
  gallery = opened
  onTestFinished(opened.close)
  for (const event of early) opened.onEvent(event)
  const seen = await openPage(browser, `${opened.url}${seat.hash ?? ''}`, seat)
  await seen.page.waitForSelector('.touch[data-on="true"]')
  return { ...seen, gallery: opened }
}

/** Opens any address of the gallery, with everything noted that it asks for or complains of. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, scheme = 'light' }: Seat = {},
): Promise<Omit<GalleryRig, 'gallery'>> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const requests: string[] = []
  const errors: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(url)
  await page.waitForSelector('.card')
  return { page, requests, errors }
}

/** Pixels that the page is wider than its window; 0 when nothing can be scrolled sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const places = [document.documentElement, ...document.querySelectorAll('dialog[open]')]
    return Math.max(...places.map((place) => place.scrollWidth - place.clientWidth))
  })
}
