import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium, visit } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a plain page that was filled gets the right file to each screen, stays as it was filled, and other crops where their media query holds', async () => {
  const site = installExample('07-html')
  site.run('build')
  await expectGoodPages(browser(), site.path('dist'))
  expect(site.files('dist').filter((file) => /lock|\.png$/.test(file))).toEqual([])
  const page = (): string => readFileSync(site.path('site/index.html'), 'utf8')
  const filled = page()
  site.run('build')
  expect(page()).toBe(filled)

  const dark = "{ name: dark, media: '(prefers-color-scheme: dark)', prompt: The lighthouse at night. }"
  const tall = "{ name: tall, media: '(max-width: 40em)', aspect: '4:5' }"
  const manifest = readFileSync(site.path('pixelkiln.yaml'), 'utf8')
  site.write('pixelkiln.yaml', manifest.replace("'16:9'", `'16:9'\n    variants: [${tall}, ${dark}]`))
  site.run('build')
  const shown = async (viewport: 'phone' | 'laptop', colorScheme: 'light' | 'dark') => {
    const { pictures, shift, errors } = await visit(browser(), site.path('dist'), { viewport, colorScheme })
    return [pictures[0]?.url.split('/home/')[1], shift, errors]
  }
  expect(await shown('laptop', 'light')).toEqual(['hero-1536.avif', 0, []])
  expect(await shown('laptop', 'dark')).toEqual(['hero.dark-1536.avif', 0, []])
  expect(await shown('phone', 'dark')).toEqual(['hero.tall-1200.avif', 0, []])
})
