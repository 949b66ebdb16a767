import { describe, expect, it, onTestFinished } from 'vitest'
import { editsOf } from '../../src/gallery/edits.ts'
import { openGallery } from '../../src/gallery/open-gallery.ts'
import { useChromium } from '../support/browser.ts'
import { galleryRig } from '../support/gallery-rig.ts'
import { manifestOf, testProject } from '../support/project.ts'
import type { TestProject } from '../support/project.ts'

const chromium = useChromium()
const LAMP = { prompt: 'A lamp.', alt: 'A lamp' }

async function built(images: Readonly<Record<string, object>>): Promise<TestProject> {
  const project = await testProject(manifestOf(images), { picture: 'sketch' })
  await project.build()
  return project
}

/** Waits until the manifest says it, and gives it back. */
async function manifestSays(project: TestProject, text: RegExp): Promise<string> {
  await expect.poll(() => project.read('pixelkiln.yaml'), { timeout: 60_000 }).toMatch(text)
  return project.read('pixelkiln.yaml')
}

describe('choosing in the live gallery', () => {
  it('Enter on a candidate picks it: the manifest, the files and the page follow, and nothing is bought', async () => {
    const project = await built({ lamp: { ...LAMP, candidates: 3 } })
    const { page, errors } = await galleryRig(chromium(), project, { hash: '#lamp' })
    const bought = project.bought()
    await page.keyboard.press('v')
    await page.getByRole('button', { name: 'candidate 1, in use' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await manifestSays(project, /"?pick"?: 2/)
    await page.getByRole('button', { name: 'candidate 2, in use' }).waitFor()
    const sizes = await page.$$eval('.candidates .frame', (frames) =>
      frames.map((frame) => [frame.clientWidth, frame.clientHeight]),
    )
    expect(new Set(sizes.map(String)).size).toBe(1)
    expect(sizes).toHaveLength(3)
    expect(project.bought()).toBe(bought)
    expect(errors).toEqual([])
  })

  it('p pins the original and takes the pin away again', async () => {
    const project = await built({ lamp: LAMP })
    const { page } = await galleryRig(chromium(), project)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('p')
    await manifestSays(project, /"?pin"?: ?"?[0-9a-f]{12}/)
    await page.locator('.card[data-state="pinned"]').waitFor()
    await page.keyboard.press('p')
    await page.locator('.card[data-state="fresh"]').waitFor()
    expect(project.read('pixelkiln.yaml')).not.toMatch(/pin"?:/)
  })

  it('a reroll asks first, edits the manifest, and buys only after a second yes that names the credits', async () => {
    const project = await built({ lamp: LAMP, mug: { prompt: 'A mug.', alt: 'A mug' } })
    const bought = project.bought()
    const { page } = await galleryRig(chromium(), project, { hash: '#lamp' })
    await page.keyboard.press('r')
    const question = page.getByRole('dialog', { name: 'Reroll lamp?' })
    await expect.poll(() => question.textContent()).toMatch(/for \d+ credits/)
    await question.getByRole('button', { name: 'Not now' }).click()
    expect(project.read('pixelkiln.yaml')).not.toContain('reroll')
    await page.keyboard.press('r')
    await question.getByRole('button', { name: 'Raise reroll' }).click()
    await manifestSays(project, /"?reroll"?: 1/)
    await page.locator('.detail .state[data-state="out-of-step"]').waitFor()
    expect(project.bought()).toBe(bought)

    await page.locator('.detail [data-key="buy"]').click()
    const order = page.getByRole('dialog', { name: /^Buy 1 picture for \d+ credits\?$/ })
    expect(await order.locator('.bill li').allTextContents()).toEqual([
      expect.stringMatching(/^lamp · reroll.*\d+ credits$/),
    ])
    expect(project.bought()).toBe(bought)
    await order.getByRole('button', { name: /^Buy for/ }).click()
    await expect.poll(() => project.bought(), { timeout: 60_000 }).toBe(bought + 1)
    await page.locator('.detail .state[data-state="fresh"]').waitFor()
    await page.getByRole('button', { name: /^Restore the earlier picture/ }).waitFor()
  })

  it('the slider uncovers the earlier picture by pointer and by key, and history brings it back for nothing', async () => {
    const project = await built({ lamp: LAMP })
    project.write('pixelkiln.yaml', manifestOf({ lamp: { ...LAMP, reroll: 1 } }))
    await project.build()
    const bought = project.bought()
    const { page } = await galleryRig(chromium(), project, { hash: '#lamp' })
    await page.getByRole('button', { name: 'Before and after' }).click()
    const slider = page.getByRole('slider')
    const box = await slider.boundingBox()
    if (!box) throw new Error('the slider is not to be seen')
    await page.mouse.click(box.x + box.width * 0.8, box.y + box.height / 2)
    const at = async (): Promise<number> =>
      Number.parseFloat((await slider.getAttribute('aria-valuetext')) ?? '')
    await expect.poll(() => at()).toBeGreaterThan(70)
    const before = await at()
    await slider.focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => at()).toBe(before - 1)
    const clipped = await page.locator('.before').evaluate((element) => getComputedStyle(element).clipPath)
    expect(clipped).toMatch(/^inset\(/)
    await page.getByRole('button', { name: /^Restore the earlier picture/ }).click()
    await manifestSays(project, /"?pin"?: ?"?[0-9a-f]{12}/)
    expect(project.bought()).toBe(bought)
  })

  it('a click on accept lets the picture stand for the mended words, for nothing', async () => {
    const project = await built({ lamp: LAMP })
    const files = project.read('images/lamp-64.webp')
    const bought = project.bought()
    const { page, errors } = await galleryRig(chromium(), project, { hash: '#lamp' })
    project.write('pixelkiln.yaml', manifestOf({ lamp: { ...LAMP, prompt: 'A lamp!' } }))
    await page.locator('.detail .state[data-state="out-of-step"]').waitFor()
    await page.locator('.detail [data-key="accept"]').click()
    await page.getByText('stands for the present words').waitFor()
    await page.locator('.detail .state[data-state="fresh"]').waitFor()
    expect(await page.locator('.detail [data-key="accept"]').count()).toBe(0)
    expect([project.read('images/lamp-64.webp') === files, project.bought()]).toEqual([true, bought])
    expect(errors).toEqual([])
  })

  it('the focus point follows click and keys, is saved into the manifest, and the files are cut anew', async () => {
    const project = await built({ lamp: { ...LAMP, aspect: '1:2' } })
    const before = project.read('images/lamp-64.webp')
    const { page } = await galleryRig(chromium(), project, { hash: '#lamp' })
    await page.getByRole('button', { name: 'Crop' }).click()
    const box = await page.locator('.board').boundingBox()
    if (!box) throw new Error('the board is not to be seen')
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.5)
    await page.locator('.point').focus()
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('button', { name: 'Save focus' }).click()
    const text = await manifestSays(project, /focus/)
    const [x, y] = /focus"?: ?\[([\d.]+), ?([\d.]+)\]/.exec(text)?.slice(1).map(Number) ?? []
    expect(x).toBeCloseTo(0.19, 1)
    expect(y).toBeCloseTo(0.6, 1)
    await expect.poll(() => project.read('images/lamp-64.webp') !== before, { timeout: 60_000 }).toBe(true)
  })
})

describe('the live gallery while a build runs', () => {
  it('shows the purchase in place, keeps scroll and focus, and shows the picture when it is there', async () => {
    const images = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `p${String(at).padStart(2, '0')}`,
        { prompt: `Lamp ${at}.`, alt: 'Lamp' },
      ]),
    )
    const project = await testProject(manifestOf(images), { latencyMs: 4000, picture: 'canned' })
    await project.build({ draft: true })
    const { page, requests, errors } = await galleryRig(chromium(), project, { height: 600 })
    await page.locator('[data-id="p20"]').focus()
    const scroll = await page.evaluate(() => scrollY)
    expect(scroll).toBeGreaterThan(100)
    await page.locator('[data-id="p20"]').press('Enter')
    await page.locator('.detail [data-key="buy"]').click()
    await page.getByRole('button', { name: /^Buy for/ }).click()
    await page.locator('.card[data-state="buying"] [data-id="p20"]').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.locator('.card[data-state="fresh"] [data-id="p20"]').waitFor()
    expect(project.bought()).toBe(1)
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe('p20')
    expect(Math.abs((await page.evaluate(() => scrollY)) - scroll)).toBeLessThan(40)
    const { origin } = new URL(page.url())
    expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([])
    expect(errors).toEqual([])
  })

  it('takes up what is edited elsewhere, shows what is wrong with it, and says when the server is gone', async () => {
    const project = await built({ lamp: LAMP })
    const { page, gallery } = await galleryRig(chromium(), project)
    project.write('pixelkiln.yaml', manifestOf({ lamp: LAMP, moth: { prompt: 'A moth.', alt: 'A moth' } }))
    await page.locator('[data-id="moth"]').waitFor()
    project.write('pixelkiln.yaml', 'version: 1\nimages: {lamp: {promt: x}}\n')
    await page.getByRole('alert').filter({ hasText: 'pixelkiln.yaml:2' }).waitFor()
    await expect.poll(() => page.locator('.card').count()).toBe(2)
    await gallery.close()
    await page.getByText('not connected').waitFor()
  })

  it('says in words that a server which was started anew has another address, and does nothing there', async () => {
    const project = await built({ lamp: LAMP })
    const { page, gallery } = await galleryRig(chromium(), project, { hash: '#lamp' })
    await gallery.close()
    await page.getByText('not connected').waitFor()
    await page.keyboard.press('p')
    await page.getByText('The server does not answer').waitFor()
    const options = { cwd: project.folder, port: Number(new URL(gallery.url).port) }
    const watcher = { pending: () => [], buy: () => undefined }
    const anew = await openGallery({ ...options, watcher, edit: editsOf(options) })
    onTestFinished(anew.close)
    await page.getByRole('alert').filter({ hasText: 'has a new address' }).waitFor({ state: 'attached' })
    await page.keyboard.press('p')
    await page.getByRole('status').filter({ hasText: 'has a new address' }).waitFor()
    expect(project.read('pixelkiln.yaml')).not.toContain('pin')
    await page.goto(anew.url)
    await page.locator('.card[data-state="fresh"]').waitFor()
  })
})
