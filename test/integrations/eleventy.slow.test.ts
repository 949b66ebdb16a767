import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useChromium, visit } from '../support/browser.ts'
import { installExample } from '../support/example-site.ts'
import { expectGoodPages } from '../support/good-page.ts'

const browser = useChromium()

it('a site built by Eleventy gets the right file to each screen', async () => {
  const site = installExample('04-eleventy')
  site.run('build')
  await expectGoodPages(browser(), site.path('_site'))
  expect(site.files('_site').filter((file) => /lock|\.png$/.test(file))).toEqual([])
  const page = readFileSync(site.path('_site/index.html'), 'utf8')
  expect(page).toContain('content="https://lighthouse.example/images/home/hero-1200.jpeg"')
  expect(page.match(/ eleventy:ignore>/g)).toHaveLength(2)
  const markdown = await visit(browser(), site.path('_site'), { viewport: 'phone', path: '/lamp/' })
  expect(markdown.pictures.map(({ format, alt }) => [format, alt])).toEqual([
    ['avif', 'Brass oil lamp on a wooden table'],
  ])
})
