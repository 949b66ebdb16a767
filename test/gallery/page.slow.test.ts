import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { GalleryImage, GalleryModel } from '../../src/gallery/gallery-model.ts'
import { pageHtml, pageText } from '../../src/gallery/page-text.ts'
import { useChromium } from '../support/browser.ts'
import { galleryRig, openPage, overflowOf } from '../support/gallery-rig.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'
import { runCommand } from '../support/run-command.ts'

const chromium = useChromium()

const LONG = 'averyveryverylongwordwithoutanyblankthatnolinecanbreakatanyplace'.repeat(3)
const IMAGES = {
  [`home/${LONG}`]: { prompt: `${LONG} by a window.`, aspect: '21:9' },
  'home/tall': { prompt: 'A tall lamp.', aspect: '1:3', alt: 'A tall lamp', candidates: 3 },
  lamp: { prompt: 'A lamp.', alt: 'A lamp' },
  mug: { prompt: 'A mug.', decorative: true },
}

/** Every state that can be had without waiting: bought, out of step, draft. */
async function mixedProject(): Promise<TestProject> {
  const { 'home/tall': tall, lamp } = IMAGES
  const project = await testProject(manifestOf({ 'home/tall': tall, lamp }), { picture: 'sketch' })
  await project.build()
  project.write('pixelkiln.yaml', manifestOf({ ...IMAGES, lamp: { ...lamp, prompt: 'A red lamp.' } }))
  await project.build({ draft: true })
  return project
}

describe('the page of the gallery', () => {
  it.each([320, 768, 1280, 3840])('has nothing to scroll sideways at %i px, in any view', async (width) => {
    const project = await mixedProject()
    const { page, errors } = await galleryRig(chromium(), project, {
      width,
      height: Math.round(width * 0.6) + 300,
    })
    await expect.poll(() => overflowOf(page)).toBeLessThanOrEqual(0)
    for (const id of Object.keys(IMAGES)) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, encodeURIComponent(id))
      await page.getByRole('heading', { name: id, exact: true }).waitFor()
      for (let view = 0; view < 4; view += 1) {
        expect([id, view, await overflowOf(page)]).toEqual([id, view, 0])
        await page.keyboard.press('v')
      }
    }
    expect(errors).toEqual([])
  })

  it('gives every picture an alt and everything that can be pressed a name, and marks the focus', async () => {
    const project = await mixedProject()
    const { page } = await galleryRig(chromium(), project)
    await expect.poll(() => page.evaluate(namelessParts)).toEqual([])
    expect(await page.$$eval('.card img', (images) => images.map((img) => img.getAttribute('alt')))).toEqual(
      expect.arrayContaining(['', 'A lamp', 'A tall lamp', expect.stringContaining('no alt text yet')]),
    )
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => outlineOf(page)).toBeGreaterThanOrEqual(2)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let view = 0; view < 4; view += 1) {
      await expect.poll(() => page.evaluate(namelessParts)).toEqual([])
      await page.keyboard.press('v')
    }
    for (let tab = 0; tab < 8; tab += 1) {
      await page.keyboard.press('Tab')
      expect([tab, await outlineOf(page)]).not.toEqual([tab, 0])
    }
  })

  it('is dark where the system is, can be turned, and remembers it; its words stand out in both', async () => {
    const project = await mixedProject()
    const { page } = await galleryRig(chromium(), project, { scheme: 'dark' })
    await expect.poll(() => groundOf(page)).toBeLessThan(40)
    await expect.poll(() => page.evaluate(contrasts)).toEqual([])
    await page.keyboard.press('t')
    await expect.poll(() => groundOf(page)).toBeGreaterThan(200)
    await expect.poll(() => page.evaluate(contrasts)).toEqual([])
    await page.reload()
    await page.waitForSelector('.card')
    await expect.poll(() => groundOf(page)).toBeGreaterThan(200)
  })

  it('can be worked with keys alone: arrows, search, filters, help, Escape', async () => {
    const project = await mixedProject()
    const { page } = await galleryRig(chromium(), project, { width: 600 })
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('data-id') ?? document.activeElement?.id)
    await page.keyboard.press('End')
    await expect.poll(focused).toBe('mug')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(focused).toBe('lamp')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await expect.poll(focused).not.toBe(`home/${LONG}`)
    await page.keyboard.press('/')
    await expect.poll(focused).toBe('search')
    await page.keyboard.type('red lamp')
    await expect.poll(() => page.locator('.card').count()).toBe(1)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.card').count()).toBe(4)
    await page.getByRole('button', { name: /^Out of step/ }).click()
    await expect.poll(() => page.locator('.card').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page.locator('[data-id="lamp"]').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'lamp', exact: true }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: 'mug', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('mug')
  })
})

describe('the page as a file', () => {
  it('shows the real files from where they lie, asks nobody else, and says commands instead of acting', async () => {
    const project = await mixedProject()
    await runCommand(['gallery'], { cwd: project.folder })
    const url = pathToFileURL(project.path('.pixelkiln/gallery.html')).href
    const { page, requests, errors } = await openPage(chromium(), `${url}#home%2Ftall`)
    await page.waitForFunction(() => {
      const img = document.querySelector<HTMLImageElement>('.stage img')
      return img !== null && img.naturalWidth > 0
    })
    await page.keyboard.press('v')
    await page.getByRole('button', { name: 'candidate 2, use it' }).click()
    await page.getByText('pixelkiln pick home/tall 2').waitFor()
    expect(requests.filter((asked) => !/^(file|data):/.test(asked))).toEqual([])
    expect(errors).toEqual([])
  })
})

describe('a thousand pictures', () => {
  it('are all there, and only those near the window are loaded', async () => {
    const { page, requests } = await thousand()
    await expect.poll(() => page.locator('.card').count()).toBe(1000)
    await page.waitForLoadState('networkidle')
    const first = new Set(requests.filter((url) => url.includes('.webp'))).size
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(100)
    await page.keyboard.press('End')
    await page.waitForFunction(() => {
      const last = [...document.querySelectorAll<HTMLImageElement>('.card img')].at(-1)
      return last !== undefined && last.naturalWidth > 0
    })
    await expect.poll(() => overflowOf(page)).toBeLessThanOrEqual(0)
  })

  it('cost little to scroll past: few elements each, pictures near the window alone, and a layout now and then', async () => {
    const { page } = await thousand()
    expect(await page.evaluate(elementsOfCards)).toEqual({
      most: expect.toSatisfy((most) => Number(most) <= 14),
      watched: 0,
    })
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    const count = async (name: string): Promise<number> =>
      (await cdp.send('Performance.getMetrics')).metrics.find((metric) => metric.name === name)?.value ?? 0
    const before = [await count('LayoutCount'), await count('RecalcStyleCount')]
    const most = await page.evaluate(scrollBy60, FRAMES)
    const after = [await count('LayoutCount'), await count('RecalcStyleCount')]
    const perFrame = after.map((counted, at) => (counted - (before[at] ?? 0)) / FRAMES)
    // Some when a quarter of a window went by, and when a picture arrives: not in every frame.
    expect(Math.max(...perFrame)).toBeLessThan(0.8)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(120)
    const frames = page.locator('.card').first().locator('.frame > *')
    await expect.poll(() => frames.count()).toBe(0)
    await page.keyboard.press('Home')
    await expect.poll(() => frames.count()).toBe(1)
  })

  it('show colours of theirs before a file has come', async () => {
    const { page, colour } = await thousand()
    const colours = await page.$$eval('.card .frame', (frames) =>
      frames.map((frame) => {
        const { backgroundColor } = getComputedStyle(frame)
        const hex = [...backgroundColor.matchAll(/\d+/g)].map(([part]) =>
          Number(part).toString(16).padStart(2, '0'),
        )
        return `#${hex.join('')}`
      }),
    )
    expect([colours.length, new Set(colours)]).toEqual([1000, new Set([colour])])
    const blurred = await page.$$eval('.card img', ([img]) => img && getComputedStyle(img).backgroundImage)
    expect(blurred).toMatch(/^url\("data:image\/webp;base64,/)
  })
})

const FRAMES = 120

/** The page as a file, with one bought picture a thousand times. */
async function thousand(): Promise<Awaited<ReturnType<typeof openPage>> & { readonly colour?: string }> {
  const project = await testProject(manifestOf({ lamp: { prompt: 'A lamp.' } }))
  await project.build()
  await runCommand(['gallery', '--out', 'one.html'], { cwd: project.folder })
  const text = /id="data">(.*?)<\/script>/s.exec(project.read('one.html'))?.[1] ?? ''
  const { model } = JSON.parse(text) as { model: GalleryModel }
  const [lamp] = model.images
  if (!lamp) throw new Error('the model is empty')
  const images = Array.from({ length: 1000 }, (_, at) => numbered(lamp, at))
  const html = pageHtml(pageText(), { model: { ...model, images }, token: null, policy: null })
  project.write('all.html', html)
  const opened = await openPage(chromium(), pathToFileURL(project.path('all.html')).href)
  return { ...opened, ...(lamp.placeholder ? { colour: lamp.placeholder.colour } : {}) }
}

/** The same files under another address each, so that every picture is one request. */
function numbered(image: GalleryImage, at: number): GalleryImage {
  const ratio = [
    [3, 2],
    [1, 1],
    [2, 3],
    [16, 9],
  ][at % 4] ?? [1, 1]
  return {
    ...image,
    id: `set${at % 7}/picture-${at}`,
    aspect: { width: ratio[0] ?? 1, height: ratio[1] ?? 1 },
    outputs: image.outputs.map((output) => ({ ...output, address: `${output.address}?${at}` })),
  }
}

function outlineOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return -1
    // A strip's button draws its ring around the picture in it, the slider around its handle.
    const marked = [
      focused,
      ...focused.querySelectorAll('.frame'),
      ...(focused.parentElement?.querySelectorAll('.seam') ?? []),
    ]
    const widths = marked.flatMap((element) =>
      [null, '::after'].map((part) => Number.parseFloat(getComputedStyle(element, part).outlineWidth)),
    )
    const styles = marked.flatMap((element) =>
      [null, '::after'].map((part) => getComputedStyle(element, part).outlineStyle),
    )
    return Math.max(0, ...widths.filter((width, index) => styles[index] !== 'none' && width > 0))
  })
}

function groundOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    if (!canvas) return -1
    canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data[0] ?? -1
  })
}

// What follows runs in the page.

/** Elements of the card that has most, and how many the browser watches one by one for whether they are to be seen. */
function elementsOfCards(): { readonly most: number; readonly watched: number } {
  const cards = [...document.querySelectorAll('.card')]
  const all = cards.flatMap((card) => [...card.querySelectorAll('*')])
  return {
    most: Math.max(...cards.map((card) => card.querySelectorAll('*').length)),
    watched: all.filter((part) => getComputedStyle(part).contentVisibility === 'auto').length,
  }
}

/** Scrolls that many frames; the most pictures that were in the page at once. */
async function scrollBy60(frames: number): Promise<number> {
  let most = 0
  for (let frame = 0; frame < frames; frame += 1) {
    scrollBy(0, 60)
    await new Promise(requestAnimationFrame)
    most = Math.max(most, document.images.length)
  }
  return most
}

/** What a screen reader could not name. */
function namelessParts(): readonly string[] {
  const parts = [
    ...document.querySelectorAll<HTMLElement>('button, a, input, select, img, dialog, [role="group"]'),
  ]
  return parts.flatMap((part) => {
    if (part.tagName === 'IMG') return part.hasAttribute('alt') ? [] : [part.outerHTML.slice(0, 200)]
    const labelledBy = part.getAttribute('aria-labelledby')
    const label =
      part.getAttribute('aria-label') ??
      (labelledBy === null ? null : document.querySelector(`#${labelledBy}`)?.textContent) ??
      part.textContent
    const shown = !part.hidden && (part.tagName !== 'DIALOG' || part.hasAttribute('open'))
    return !shown || (label !== null && label.trim() !== '') ? [] : [part.outerHTML.slice(0, 200)]
  })
}

/** Texts whose colour is too near to the page's ground: under 4.5 to 1. */
function contrasts(): readonly string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) return ['no canvas']
  const luminance = (colour: string): number => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = luminance(getComputedStyle(document.documentElement).backgroundColor)
  const texts = [
    ...document.querySelectorAll<HTMLElement>(
      'h1, .summary, .filter, .count, .name, .folder, .facts span, .offer',
    ),
  ]
  return texts.flatMap((text) => {
    const own = luminance(getComputedStyle(text).color)
    const ratio = (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05)
    return ratio >= 4.5 || text.textContent === '' ? [] : [`${text.className} ${ratio.toFixed(2)}`]
  })
}
